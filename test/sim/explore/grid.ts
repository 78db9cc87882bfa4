// A space with a known answer: counters that go up to a limit, each by itself.

import type {Fingerprint, Space} from "../../../sim/explore/space.ts";
import {unlike} from "./unlike.ts";

export interface Step {
  readonly counter: number;
}

export interface GridOptions {
  readonly counters: number;
  readonly limit: number;
  /** Breaks the claim when the counters stand so. */
  readonly broken?: readonly number[];
}

export function grid({counters, limit, broken}: GridOptions): Space<readonly number[], Step> {
  const steps = Array.from({length: counters}, (_, counter) => ({counter}));
  const fingerprint = (state: readonly number[], into: Fingerprint): void => {
    into.a = numberOf(state.slice(0, 20), limit);
    into.b = numberOf(state.slice(20), limit);
  };
  return {
    name: "grid",
    initial: steps.map(() => 0),
    actions: (state) => steps.filter(({counter}) => (state[counter] ?? 0) < limit),
    apply: (state, {counter}) => state.with(counter, (state[counter] ?? 0) + 1),
    violation(state) {
      if (broken === undefined || state.join() !== broken.join()) return undefined;
      return {check: "Grid", said: {id: "grid", args: {}, refs: []}, evidence: [], step: 0};
    },
    fingerprint,
    independent: (_, a, b) => a !== b,
    settle: (state) => state,
    symmetry: unlike(fingerprint),
  };
}

function numberOf(counts: readonly number[], limit: number): number {
  return counts.reduce((sum, count) => sum * (limit + 1) + count, 0);
}
