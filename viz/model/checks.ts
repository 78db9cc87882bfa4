// What the claims came to, as of the cursor.

import {claimPrefix} from "../../scenarios/claim.ts";
import type {CheckReport} from "../../sim/check/checker.ts";
import type {CheckView, Windows} from "../frame.ts";
import {verdictVeiled, type Moment} from "./moment.ts";

export function buildChecks(moment: Moment, _windows: Windows): readonly CheckView[] {
  const veiled = verdictVeiled(moment);
  // What the scenario claims of its own run would tell how it goes on: listed once it was judged.
  const judged = moment.reports.filter(
    ({name, exercised}) => !name.startsWith(claimPrefix) || (exercised > 0 && !veiled),
  );
  return judged.map((report): CheckView => {
    const {name, exercised, violation} = report;
    const what = {name, ...saysOf(name, moment)};
    if (veiled) return {...what, verdict: "unknown", exercised: 0};
    if (violation === undefined) return {...what, verdict: verdictOf(report), exercised};
    const {said, evidence, step} = violation;
    return {...what, verdict: "violated", exercised, violation: {said, evidence, step}};
  });
}

/** The sentence of a claim of the scenario; what it calls `{@old}` keeps that name. */
function saysOf(name: string, {story}: Moment): Pick<CheckView, "says"> {
  if (!name.startsWith(claimPrefix)) return {};
  const id = name.slice(claimPrefix.length);
  const says = story.claims.find((one) => one.id === id)?.says;
  if (says === undefined) return {};
  const named = (text: string): string => text.replace(/\{@(\w+)\}/g, "“$1”");
  return {says: {text: {en: named(says.en), zh: named(says.zh)}}};
}

export function verdictOf({verdict}: CheckReport): CheckView["verdict"] {
  return verdict === "pass" ? "holds" : verdict === "fail" ? "violated" : "unknown";
}
