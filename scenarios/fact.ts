// The registry of facts: the one vocabulary of triggers, claims, telling and (later) goals, breakpoints and search. A
// fact has a shape, a line of documentation, words in both languages for when it is true and when not, and a watch,
// which is asked after every event and so must cost O(1) or little more.

import {InvariantViolation} from "../core/base/assert.ts";
import * as membership from "./factMembership.ts";
import * as raft from "./factRaft.ts";
import * as recipe from "./factRecipe.ts";
import * as run from "./factRun.ts";
import * as store from "./factStore.ts";
import type {Fact, Text} from "./format.ts";
import type {Shape} from "./shape.ts";
import type {Watch} from "./watch.ts";

/** The key that tells which fact is meant. */
export type FactName =
  | "leader"
  | "role"
  | "delivered"
  | "sent"
  | "happened"
  | "op"
  | "entry"
  | "key"
  | "revision"
  | "watcher"
  | "recipe"
  | "alarm"
  | "check"
  | "quiet"
  | "step"
  | "term"
  | "ahead"
  | "member"
  | "configuration"
  | "transfer"
  | "snapshot"
  | "progress";

/** The union's case that must have the key `N`. */
export type FactOf<N extends FactName> = Fact extends infer F
  ? F extends Readonly<Record<N, unknown>>
    ? F
    : never
  : never;

export interface FactKind<N extends FactName> {
  /** One line: when it is true. */
  readonly doc: string;
  readonly example: FactOf<N>;
  readonly shape: Shape;
  /** `{is}` is the fact's own value of that key. */
  readonly words: {readonly yes: Text; readonly no: Text};
  watch(fact: FactOf<N>): Watch;
}

/** In the order in which keys decide: a fact that has `leader` is of that kind though it may have `term` too. */
export const facts: {readonly [N in FactName]: FactKind<N>} = {
  leader: raft.leader,
  role: raft.role,
  delivered: run.delivered,
  sent: run.sent,
  happened: run.happened,
  op: store.op,
  entry: raft.entry,
  key: store.key,
  revision: store.revision,
  watcher: store.watcher,
  recipe: recipe.recipe,
  alarm: store.alarm,
  check: run.check,
  quiet: run.quiet,
  step: run.step,
  term: raft.term,
  ahead: raft.ahead,
  member: membership.member,
  configuration: membership.configuration,
  transfer: membership.transfer,
  snapshot: membership.snapshot,
  progress: membership.progress,
};

/** Which kind a fact is of. */
export function factName(fact: Fact): FactName {
  for (const name of factNames) if (name in fact) return name;
  throw new InvariantViolation(`${JSON.stringify(fact)} is no fact: validate a scenario before running it`);
}

export const factNames = Object.keys(facts) as readonly FactName[];

export function isFactName(name: string): name is FactName {
  return Object.hasOwn(facts, name);
}

/** Begins to watch a fact. */
export function watchFact(fact: Fact): Watch {
  return kindOf(fact).watch(fact as never);
}

/** The fact in words, as true or as false. */
export function wordsOfFact(fact: Fact, holds: boolean): Text {
  const words = kindOf(fact).words[holds ? "yes" : "no"];
  const args = fact as unknown as Readonly<Record<string, unknown>>;
  const fill = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (whole, key: string) => (key in args ? argument(args[key]) : whole));
  return {en: fill(words.en), zh: fill(words.zh)};
}

function argument(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);
}

function kindOf(fact: Fact): FactKind<FactName> {
  return facts[factName(fact)] as FactKind<FactName>;
}
