// Whether a recorded history is linearizable, key by key: objects are independent, so it is if each of them is (Herlihy & Wing
// 1990, locality; Horn & Kroening 2015, P-compositionality). Keys are searched by turns, each turn twice as long as the one
// before, so that one that does not end keeps none from being found violated.

import type {Verdict} from "../check/checker.ts";
import {Search} from "../check/search.ts";
import type {Found} from "../check/search.ts";
import type {Call} from "./call.ts";
import type {Recording} from "./formats.ts";
import type {ObjectOp, Recorded} from "./object.ts";
import {registerOf} from "./register.ts";
import {textOf} from "./text.ts";
import {explain} from "./windows.ts";
import type {Explanation} from "./windows.ts";

export interface Judgement {
  readonly verdict: Verdict;
  /** Steps of the model. */
  readonly steps: number;
  readonly keys: readonly KeyJudgement[];
}

export interface KeyJudgement {
  readonly key: string;
  readonly operations: number;
  readonly steps: number;
  /** "unknown": the budget ran out, or another key's violation settled the question before. */
  readonly verdict: Verdict;
  /** If it is violated: why. Searched for when it is asked for. */
  readonly explain?: () => Explanation;
}

export interface JudgeOptions {
  /** Steps of the model, of all keys together. */
  readonly budget: number;
  /** Every key to its end, though one is found violated. */
  readonly all?: boolean;
}

const turnAtFirst = 64;

export function judge({of, calls}: Recording, {budget, all = false}: JudgeOptions): Judgement {
  const parts = partsOf(
    calls,
    of === "texts" ? (some) => part(textOf(some)) : (some) => part(registerOf(some)),
  );
  let steps = 0;
  for (let turn = turnAtFirst; steps < budget && parts.some((one) => one.verdict === undefined); turn *= 2) {
    for (const one of parts.filter(({verdict}) => verdict === undefined)) {
      const before = one.steps;
      one.advance(Math.min(turn, budget - steps));
      steps += one.steps - before;
      if (!all && one.verdict === "fail") return judgementOf(parts, steps);
      if (steps >= budget) break;
    }
  }
  return judgementOf(parts, steps);
}

function judgementOf(parts: readonly Part[], steps: number): Judgement {
  const keys = parts.map(({key, operations, steps: own, verdict = "unknown", explain: why}) => ({
    key,
    operations,
    steps: own,
    verdict,
    ...(why === undefined ? {} : {explain: why}),
  }));
  const verdict =
    (["fail", "unknown"] as const).find((one) => keys.some((key) => key.verdict === one)) ?? "pass";
  return {verdict, steps, keys};
}

/** One key, and how far its search has come. */
interface Part {
  readonly key: string;
  readonly operations: number;
  readonly steps: number;
  readonly verdict: Verdict | undefined;
  readonly explain: (() => Explanation) | undefined;
  /** For so many steps more. */
  advance(steps: number): void;
}

function partsOf(
  calls: readonly Call[],
  make: (calls: readonly Call[]) => (key: string) => Part,
): readonly Part[] {
  const byKey = new Map<string, Call[]>();
  for (const call of calls) {
    const others = byKey.get(call.key);
    if (others === undefined) byKey.set(call.key, [call]);
    else others.push(call);
  }
  return [...byKey].map(([key, some]) => make(some)(key));
}

function part<State, Op extends ObjectOp>(recorded: Recorded<State, Op>): (key: string) => Part {
  return (key) => new KeySearch(key, recorded);
}

class KeySearch<State, Op extends ObjectOp> implements Part {
  readonly key: string;
  private readonly recorded: Recorded<State, Op>;
  private readonly search: Search<State, Op>;
  private found: Found<Op> | undefined;

  constructor(key: string, recorded: Recorded<State, Op>) {
    this.key = key;
    this.recorded = recorded;
    this.search = new Search(recorded.model, recorded.ops);
  }

  get operations(): number {
    return this.recorded.ops.length;
  }

  get steps(): number {
    return this.search.steps;
  }

  get verdict(): Verdict | undefined {
    return this.found && (this.found.kind === "held" ? "pass" : "fail");
  }

  get explain(): (() => Explanation) | undefined {
    const {found, recorded} = this;
    return found?.kind === "violated" ? () => explain(recorded, found) : undefined;
  }

  advance(steps: number): void {
    this.found = this.search.advance(this.search.steps + steps);
  }
}
