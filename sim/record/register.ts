// A register that is read, written, and compared and set; perhaps with a version that counts its writes.

import type {Edn} from "../trace/export/edn.ts";
import {ednText} from "../trace/export/edn.ts";
import type {Call} from "./call.ts";
import {Numbering} from "./object.ts";
import type {ObjectOp, Recorded} from "./object.ts";

/** Values are numbered, nil is 0. A state is a value's number; where there are versions, plus `count` for each. */
export interface RegisterOp extends ObjectOp {
  readonly value: number;
  readonly expected: number;
}

export function registerOf(calls: readonly Call[]): Recorded<number, RegisterOp> {
  const [values, effects] = [new Numbering(), new Numbering()];
  const numberOf = (value: Edn | undefined): number => values.of(ednText(value ?? null));
  numberOf(null);
  const isVersioned = calls.some(({version}) => version !== undefined);
  const ops = calls.map((call): RegisterOp => {
    const {kind, outcome, invoked, returned, version} = call;
    const [value, expected] = [numberOf(call.value), numberOf(call.expected)];
    const isNothing = kind === "cas" && value === expected && outcome === "done" && !isVersioned;
    return {
      call,
      invoked,
      returned,
      value,
      expected,
      pure: kind === "read" || outcome === "refused" || isNothing,
      certain: kind === "write" && !isVersioned,
      blind: kind === "write" && !isVersioned,
      effect: effects.of(`${kind} ${outcome} ${value} ${expected} ${version}`),
    };
  });
  // One more stands for all that the history does not name.
  const count = values.size + 1;
  const model = {
    initial: 0,
    step: isVersioned ? (state: number, op: RegisterOp) => versionedStep(state, op, count) : step,
    hash: (state: number) => [Math.imul(state + 1, 0x9e3779b1), Math.imul(state + 1, 0x85ebca77)] as const,
  };
  return {model, ops, starts: (some) => startsOf(some, count, isVersioned)};
}

function step(state: number, {call: {kind, outcome}, value, expected}: RegisterOp): number | undefined {
  if (kind === "write") return value;
  if (kind === "read") return state === value ? state : undefined;
  if (outcome === "refused") return state === expected ? undefined : state;
  if (state === expected) return value;
  return outcome === "unknown" ? state : undefined;
}

function versionedStep(state: number, op: RegisterOp, count: number): number | undefined {
  const {kind, version} = op.call;
  const current = state % count;
  const next = step(current, op);
  if (next === undefined) return undefined;
  const isWrite =
    kind === "write" || (kind === "cas" && op.call.outcome !== "refused" && current === op.expected);
  const after = (state - current) / count + Number(isWrite);
  return version === undefined || version === after ? after * count + next : undefined;
}

function startsOf(ops: readonly RegisterOp[], count: number, isVersioned: boolean): readonly number[] {
  const values = [...new Set([count - 1, ...ops.flatMap(({value, expected}) => [value, expected])])];
  if (!isVersioned) return values;
  const changes = ops.filter(({pure}) => pure !== true).length;
  const versions = new Set([0]);
  for (const {call} of ops)
    for (let back = 0; back <= changes; back++) versions.add(Math.max(0, (call.version ?? 0) - back));
  return [...versions].flatMap((version) => values.map((value) => version * count + value));
}
