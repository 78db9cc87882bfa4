// Small concurrent programs, drawn: processes that go round a few steps over shared variables. Their spaces have cycles,
// guards and actions that matter to each other, so a search that sleeps when it should not misses something.

import {below, draw} from "../../../sim/random.ts";
import type {Fingerprint, Space} from "../../../sim/explore/space.ts";
import {unlike} from "./unlike.ts";

const values = 3;

/** Waits until a variable has a value, then writes another: from a third, plus something. */
export interface Step {
  readonly process: number;
  readonly place: number;
  readonly guard?: {readonly variable: number; readonly value: number};
  readonly from: number;
  readonly to: number;
  readonly plus: number;
}

export interface Shape {
  readonly processes: number;
  readonly steps: number;
  readonly variables: number;
}

export interface ProgramState {
  readonly places: readonly number[];
  readonly variables: readonly number[];
}

export function drawnProgram(seed: string, shape: Shape): Space<ProgramState, Step> {
  let n = 0;
  const pick = (bound: number): number => below(draw(seed, "program", ++n), bound);
  const steps = Array.from({length: shape.processes}, (_, process) =>
    Array.from({length: shape.steps}, (_unused, place): Step => {
      const guarded = pick(2) === 0;
      const guard = {variable: pick(shape.variables), value: pick(values)};
      const [from, to, plus] = [pick(shape.variables), pick(shape.variables), pick(values)];
      return {process, place, ...(guarded ? {guard} : {}), from, to, plus};
    }),
  );
  const base = Math.max(values, shape.steps);
  const fingerprint = ({places, variables}: ProgramState, into: Fingerprint): void => {
    into.a = [...places, ...variables].reduce((sum, one) => sum * base + one, 0);
    into.b = 0;
  };
  return {
    name: seed,
    initial: {places: steps.map(() => 0), variables: Array.from({length: shape.variables}, () => 0)},
    actions: ({places, variables}) =>
      steps.flatMap((own, process) => {
        const step = own[places[process] ?? 0];
        if (step === undefined) return [];
        const {guard} = step;
        return guard === undefined || variables[guard.variable] === guard.value ? [step] : [];
      }),
    apply: ({places, variables}, {process, place, from, to, plus}) => ({
      places: places.with(process, (place + 1) % shape.steps),
      variables: variables.with(to, ((variables[from] ?? 0) + plus) % values),
    }),
    violation: () => undefined,
    fingerprint,
    independent: (_, x, y) => x.process !== y.process && !touches(x, y) && !touches(y, x),
    settle: (state) => state,
    symmetry: unlike(fingerprint),
  };
}

/** Whether one writes what the other reads, or writes too. */
function touches({to}: Step, other: Step): boolean {
  return to === other.to || to === other.from || to === other.guard?.variable;
}
