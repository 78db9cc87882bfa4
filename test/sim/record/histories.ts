// Small histories for tests, as clients would record them: each does one thing at a time, and one whose call has an unknown
// outcome is replaced by another.

import fc from "fast-check";
import type {Call} from "../../../sim/record/call.ts";

/** What is asked and what came of it, without times. */
export type Said = Pick<Call, "kind" | "value" | "expected" | "version" | "outcome">;

const clientsMax = 3;

/** Calls in order of invocation, the moments of each picked by `pick(bound)`, from 0. */
export function withTimes(said: readonly Said[], pick: (bound: number) => number): readonly Call[] {
  const calls: Call[] = [];
  const open: number[] = [];
  let at = 0;
  const close = (): void => {
    const [index = 0] = open.splice(pick(open.length), 1);
    calls[index] = {...(calls[index] as Call), returned: ++at};
  };
  for (const one of said) {
    while (open.length === clientsMax || (open.length > 0 && pick(2) === 1)) close();
    const isKnown = one.outcome !== "unknown";
    if (isKnown) open.push(calls.length);
    calls.push({...one, key: "", process: `${calls.length}`, invoked: ++at, returned: undefined});
  }
  while (open.length > 0) close();
  return calls;
}

/** Up to eight calls of three clients. */
export function histories(said: fc.Arbitrary<Said>): fc.Arbitrary<readonly Call[]> {
  return fc
    .tuple(fc.array(said, {minLength: 1, maxLength: 8}), fc.infiniteStream(fc.nat({max: 5})))
    .map(([list, luck]) => withTimes(list, (bound) => (luck.next().value ?? 0) % bound));
}

/** Every history of so many calls, one after the other, of three clients; what each says is one of `kinds`. */
export function* everyHistory(kinds: readonly Said[], count: number): Generator<readonly Call[]> {
  // An odometer of choices: what was picked, and of how many.
  const picked: {value: number; readonly bound: number}[] = [];
  for (;;) {
    let place = 0;
    const pick = (bound: number): number => {
      picked[place] ??= {value: 0, bound};
      return picked[place++]?.value ?? 0;
    };
    const said = Array.from({length: count}, () => kinds[pick(kinds.length)] as Said);
    yield withTimes(said, pick);
    while (picked.length > 0 && (picked.at(-1)?.value ?? 0) + 1 === picked.at(-1)?.bound) picked.pop();
    const last = picked.at(-1);
    if (last === undefined) return;
    last.value++;
  }
}
