// The bar's contents: which run this is, its branches, and what the checks say so far.

import type {CheckReport} from "../../sim/check/checker.ts";
import {chainHash} from "../../sim/world/record.ts";
import type {AboutView, CheckView, HeadView, Windows} from "../frame.ts";
import {say} from "../words/engine.ts";
import {verdictOf} from "./checks.ts";
import {verdictVeiled, type Moment, type Story} from "./moment.ts";

export function buildHead(moment: Moment, _windows: Windows): HeadView {
  const {view, story, branches, reports} = moment;
  const {id, title} = story;
  return {
    scenario: id,
    title: say("title", {en: title.en, zh: title.zh}),
    about: aboutOf(story),
    seed: view.run.seed,
    branches: branches.map(({id, parent, forkStep, said}) => ({id, parent, forkStep, said})),
    // A veiled verdict is not told by any field of the frame.
    verdict: verdictVeiled(moment) ? "unknown" : overall(reports),
    chain: chainAt(moment),
  };
}

function aboutOf({teaches, sources, variant, variants}: Story): AboutView {
  return {
    teaches: {text: teaches},
    sources: sources.map(({title, url}) => ({title, ...(url === undefined ? {} : {url})})),
    ...(variant === undefined ? {} : {variant}),
    variants,
  };
}

/** 16 hex digits of the chain at the cursor; of nothing, at the beginning. */
export function chainAt(moment: Pick<Moment, "record" | "cursor">): string {
  const record = moment.record(moment.cursor.step);
  return record === undefined ? "0".repeat(16) : chainHash(record);
}

function overall(reports: readonly CheckReport[]): CheckView["verdict"] {
  if (reports.some(({verdict}) => verdict === "fail")) return "violated";
  return reports.some((report) => verdictOf(report) === "unknown") ? "unknown" : "holds";
}
