// From a source to a session: a scenario of the list, a person's own file, a link.

import {unreachable} from "../../core/base/assert.ts";
import type {Said} from "../../core/base/said.ts";
import {failed, ok, type Result} from "../../core/base/result.ts";
import type {Scenario} from "../../scenarios/format.ts";
import {ScenarioReader} from "../../scenarios/read.ts";
import {planOf} from "../../scenarios/resolve.ts";
import type {Intervention} from "../../sim/run.ts";
import type {Story} from "../model/moment.ts";
import type {Link, Recorded, Source} from "../protocol.ts";
import {say} from "../words/engine.ts";
import {Branch} from "./branch.ts";
import type {Work} from "./jobs.ts";
import {follow, foundBefore, type Arrival} from "./link.ts";
import {Session, type Opened} from "./session.ts";

export interface Ready {
  readonly session: Session;
  /** Goes to where the page begins. */
  arrive(): Work<Arrival>;
}

interface Known {
  readonly scenarios: readonly Scenario[];
  readonly code: string;
}

/** Errors: one line, from the scenario room where it is about a file. */
export function openSource(source: Source, known: Known): Result<Ready, Said> {
  switch (source.kind) {
    case "scenario": {
      const found = scenarioOf(source.id, known);
      if (!found.ok) return found;
      return ok(beginning(sessionOf(found.value, {scenario: source.id, ...seedOf(source, found.value)})));
    }
    case "file": {
      const scenario = {text: source.text};
      const found = scenarioOf(scenario, known, source.name);
      if (!found.ok) return found;
      return ok(beginning(sessionOf(found.value, {scenario, ...seedOf(source, found.value)})));
    }
    case "link":
      return openLink(source.link, known);
    default:
      return unreachable(source);
  }
}

function openLink(link: Link, known: Known): Result<Ready, Said> {
  const problem = problemOf(link);
  if (problem !== undefined) return failed(say("failed.link", {what: problem}));
  const named = scenarioOf(link.scenario, known);
  if (!named.ok) return named;
  const {scenario, variant, seed, recorded} = link;
  if (variant !== undefined && !Object.hasOwn(named.value.variants ?? {}, variant))
    return failed(
      say("failed.link", {what: `variant ${JSON.stringify(variant)}, expected one of the scenario`}),
    );
  const session = sessionOf(named.value, {
    scenario,
    seed,
    ...(variant === undefined ? {} : {variant}),
    ...(recorded === undefined ? {} : {recorded}),
  });
  if (link.chain === "" && link.acts.length === 0)
    return ok(beginning(session, foundBefore(link, known.code)));
  return ok({session, arrive: () => follow(link, session, known.code)});
}

/** One of the list, or read from text and validated. */
function scenarioOf(named: Link["scenario"], known: Known, file = "link"): Result<Scenario, Said> {
  if (typeof named === "string") {
    const scenario = known.scenarios.find(({id}) => id === named);
    return scenario === undefined ? failed(say("failed.scenario", {id: named})) : ok(scenario);
  }
  const read = new ScenarioReader().read(named.text);
  return read.ok ? read : failed(say("failed.file", {name: file, line: read.error}));
}

/** Where a link is not one: it may come from anywhere. */
function problemOf(link: Link): string | undefined {
  if (typeof link !== "object" || link === null) return "expected an object";
  if (link.format !== 1) return `format ${JSON.stringify(link.format)}, expected 1`;
  if (typeof link.seed !== "string") return "seed, expected a text";
  if (!Array.isArray(link.acts)) return "acts, expected a list";
  const wrong = notAct(link.acts);
  if (wrong >= 0) return `acts[${wrong}], expected {when, do}`;
  const unrecorded = problemOfRecorded(link.recorded);
  if (unrecorded !== undefined) return unrecorded;
  if (typeof link.cursor?.event !== "string" || !Number.isSafeInteger(link.cursor.time))
    return "cursor, expected {event, time}";
  if (typeof link.chain !== "string" || typeof link.code !== "string")
    return "chain and code, expected texts";
  const {differs} = link;
  if (differs === undefined) return undefined;
  const texts = [differs?.event, differs?.expected, differs?.found];
  return texts.every((text) => typeof text === "string")
    ? undefined
    : "differs, expected {event, expected, found}";
}

function problemOfRecorded(recorded: Recorded | undefined): string | undefined {
  if (recorded === undefined) return undefined;
  if (!Array.isArray(recorded?.script)) return "recorded.script, expected a list";
  const wrong = notAct(recorded.script);
  if (wrong >= 0) return `recorded.script[${wrong}], expected {id, when, do}`;
  return Number.isSafeInteger(recorded.events) && recorded.events >= 0
    ? undefined
    : "recorded.events, expected an integer from 0 on";
}

/** The place of the first that is no intervention; -1: all are. */
function notAct(list: readonly Intervention[]): number {
  return list.findIndex(
    (act) =>
      typeof act?.do?.kind !== "string" || typeof act.when?.at !== "number" || !Number.isSafeInteger(act.id),
  );
}

function seedOf({seed}: {readonly seed?: string}, {run}: Scenario): {readonly seed: string} {
  return {seed: seed ?? run.seed};
}

function sessionOf(scenario: Scenario, opened: Opened): Session {
  return new Session(opened, storyOf(scenario, opened.variant), Branch.root(scenario, opened));
}

function storyOf(scenario: Scenario, variant: string | undefined): Story {
  const {id, title, teaches, sources = [], variants = {}} = scenario;
  const claims = planOf(scenario, variant).expect;
  return {id, title, teaches, sources, variant, variants: Object.keys(variants), claims};
}

/** Where the scenario wants the page to begin. */
function beginning(session: Session, notice?: Said): Ready {
  return {
    session,
    *arrive() {
      const {main} = session;
      if (main.opensLater) yield* main.runUntil(() => main.openStep !== undefined);
      return {branch: main.id, place: {step: main.openStep ?? 0}, notice};
    },
  };
}
