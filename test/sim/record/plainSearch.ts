// Porcupine's search, as its checker.go has it (commit 55508eb), with nothing left out: what ours is compared with where every
// order would be too many. Counts calls of the model as the figures of Porcupine do.

import type {Call} from "../../../sim/record/call.ts";
import {ednText} from "../../../sim/trace/export/edn.ts";
import {after} from "./everyOrder.ts";
import type {Held} from "./everyOrder.ts";

interface Entry {
  readonly id: number;
  readonly call: Call;
  readonly isCall: boolean;
  readonly at: number;
  match: Entry | undefined;
  next: Entry | undefined;
  prev: Entry | undefined;
}

/** `undefined`: more than `most` steps. Calls of unknown outcome come to an end behind all others. */
export function plainSearch(
  calls: readonly Call[],
  first: Held,
  most: number,
): {readonly held: boolean | undefined; readonly steps: number} {
  const head = linked(calls);
  const isVersioned = calls.some(({version}) => version !== undefined);
  const seen = new Set<string>();
  const stack: {entry: Entry; held: Held}[] = [];
  const placed = new Set<number>();
  let [held, steps, entry] = [first, 0, head.next];
  while (head.next !== undefined && steps <= most) {
    if (entry?.isCall === true) {
      steps++;
      // Unknown: whatever it answered.
      const next: Held | undefined =
        entry.call.returned === undefined ? (after(held, entry.call) ?? held) : after(held, entry.call);
      if (next !== undefined) {
        placed.add(entry.id);
        const key = `${[...placed].sort((a, b) => a - b).join(",")};${ednText(next.value)};${isVersioned ? next.version : ""}`;
        if (!seen.has(key)) {
          seen.add(key);
          stack.push({entry, held});
          held = next;
          unlink(entry);
          entry = head.next;
          continue;
        }
        placed.delete(entry.id);
      }
      entry = entry.next;
      continue;
    }
    const top = stack.pop();
    if (top === undefined) return {held: false, steps};
    held = top.held;
    placed.delete(top.entry.id);
    relink(top.entry);
    entry = top.entry.next;
  }
  return {held: head.next === undefined ? true : undefined, steps};
}

function linked(calls: readonly Call[]): Entry {
  const entries: Entry[] = calls.flatMap((call, id) => {
    const none = {match: undefined, next: undefined, prev: undefined};
    const back: Entry = {id, call, isCall: false, at: call.returned ?? Infinity, ...none};
    return [{id, call, isCall: true, at: call.invoked, ...none, match: back}, back];
  });
  entries.sort((a, b) => (a.at === b.at ? a.id - b.id : a.at - b.at));
  const head: Entry = {...(entries[0] as Entry), id: -1, isCall: false, match: undefined};
  let last = head;
  for (const entry of entries) {
    last.next = entry;
    entry.prev = last;
    last = entry;
  }
  return head;
}

function unlink(entry: Entry): void {
  for (const one of [entry, entry.match]) {
    if (one?.prev !== undefined) one.prev.next = one.next;
    if (one?.next !== undefined) one.next.prev = one.prev;
  }
}

function relink(entry: Entry): void {
  for (const one of [entry.match, entry]) {
    if (one?.prev !== undefined) one.prev.next = one;
    if (one?.next !== undefined) one.next.prev = one;
  }
}
