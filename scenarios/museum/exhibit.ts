// The smallest scenario of a bug of the museum: with the bug it breaks the check that the plaque names first, and in its
// variant `fixed`, the same steps by sound members, nothing is broken.

import type {Wording} from "../../core/base/said.ts";
import type {Plaque} from "../../sim/bug/exhibit.ts";
import type {Bug} from "../../core/server/config.ts";
import type {Config, Expect, Load, Scenario, Step, Time, When} from "../format.ts";

export interface ExhibitRun {
  readonly config: Config;
  readonly steps: readonly Step[];
  readonly load?: readonly Load[];
  /** Who has the bug: members, or clients. Absent: every member. */
  readonly who?: readonly string[];
  /** How long the run goes on after the last step; "1s" when absent. */
  readonly linger?: Time;
  /** "60s" when absent. */
  readonly limit?: Time;
  /** "1" when absent. */
  readonly seed?: string;
  /** What else its run shows, with and without the bug. */
  readonly expect?: readonly Expect[];
}

const end = "end";

export function exhibit(
  {id}: Bug,
  plaque: Plaque,
  {config, steps, load = [], who, linger = "1s", limit = "60s", seed = "1", expect = []}: ExhibitRun,
): Scenario {
  const having = who ?? Array.from({length: voters(config)}, (_, i) => `n${i + 1}`);
  const {caughtBy, links} = plaque;
  return {
    format: 1,
    id,
    group: "incident",
    title: plaque.title,
    teaches: plaque.happened,
    run: {
      seed,
      holds: "this seed",
      until: {step: end},
      limit,
      config,
      bugs: Object.fromEntries(having.map((name) => [name, [id]])),
      ...(load.length === 0 ? {} : {load}),
      steps: [...steps, {id: end, after: linger, wait: true}],
      expect: [...expect, caught(caughtBy)],
    },
    variants: {fixed: {run: {bugs: {}}, expect: [...expect, notCaught(caughtBy)]}},
    sources: links.map((url) => ({title: plaque.source, url})),
  };
}

/** With the servers that begin outside: who joins later has the bug as well. */
function voters({members, learners = 0, spares = 0}: Config): number {
  return members + learners + spares;
}

function caught(checks: Plaque["caughtBy"]): Expect {
  return {
    id: "caught",
    claim: {all: checks.map((check): When => ({check, is: "violated"}))},
    says: says(checks, {en: "{check} is broken", zh: "{check} 被违反"}),
  };
}

function notCaught(checks: Plaque["caughtBy"]): Expect {
  return {
    id: "not-caught",
    claim: {not: {any: checks.map((check): When => ({check, is: "violated"}))}},
    says: says(checks, {en: "{check} is not broken", zh: "{check} 未被违反"}),
  };
}

function says([check]: Plaque["caughtBy"], {en, zh}: Wording): Expect["says"] {
  return {en: en.replace("{check}", check), zh: zh.replace("{check}", `“${check}”`)};
}
