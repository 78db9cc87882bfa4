// From a source to a session: a scenario of the list, a person's own file, a link.

import {unreachable} from "../../core/base/assert.ts";
import type {Said} from "../../core/base/said.ts";
import {failed, ok, type Result} from "../../core/base/result.ts";
import type {Scenario} from "../../scenarios/format.ts";
import {ScenarioReader} from "../../scenarios/read.ts";
import type {Link, Source} from "../protocol.ts";
import {say} from "../words/engine.ts";
import {Branch} from "./branch.ts";
import type {Work} from "./jobs.ts";
import {follow, type Arrival} from "./link.ts";
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
      const scenario = known.scenarios.find(({id}) => id === source.id);
      if (scenario === undefined) return failed(say("failed.scenario", {id: source.id}));
      return ok(beginning(sessionOf(scenario, source.id, source.seed)));
    }
    case "file": {
      const read = new ScenarioReader().read(source.text);
      if (!read.ok) return failed(say("failed.file", {name: source.name, line: read.error}));
      return ok(beginning(sessionOf(read.value, {text: source.text}, source.seed)));
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
  const {scenario, seed} = link;
  const inner: Source =
    typeof scenario === "string"
      ? {kind: "scenario", id: scenario, seed}
      : {kind: "file", name: "link", text: scenario.text, seed};
  const opened = openSource(inner, known);
  if (!opened.ok) return opened;
  const {session} = opened.value;
  return ok({session, arrive: () => follow(link, session, known.code)});
}

/** Where a link is not one: it may come from anywhere. */
function problemOf(link: Link): string | undefined {
  if (typeof link !== "object" || link === null) return "expected an object";
  if (link.format !== 1) return `format ${JSON.stringify(link.format)}, expected 1`;
  if (typeof link.seed !== "string") return "seed, expected a text";
  if (!Array.isArray(link.acts)) return "acts, expected a list";
  const wrong = link.acts.findIndex(
    (act) => typeof act?.do?.kind !== "string" || typeof act.when?.at !== "number",
  );
  if (wrong >= 0) return `acts[${wrong}], expected {when, do}`;
  if (typeof link.cursor?.event !== "string" || !Number.isSafeInteger(link.cursor.time))
    return "cursor, expected {event, time}";
  if (typeof link.chain !== "string" || typeof link.code !== "string")
    return "chain and code, expected texts";
  return undefined;
}

function sessionOf(scenario: Scenario, named: Opened["scenario"], seed: string = scenario.run.seed): Session {
  return new Session({scenario: named, seed}, scenario.id, scenario.title, Branch.root(scenario, seed));
}

/** Where the scenario wants the page to begin. */
function beginning(session: Session): Ready {
  return {
    session,
    *arrive() {
      const {main} = session;
      if (main.opensLater) yield* main.runUntil(() => main.openStep !== undefined);
      return {branch: main.id, place: {step: main.openStep ?? 0}, notice: undefined};
    },
  };
}
