// The definition itself, by trying every order: of a history's calls, those that returned must all come, the others may, each
// after all that had returned when it was asked. Knows nothing of how the search goes about it.

import type {Edn} from "../../../sim/trace/export/edn.ts";
import type {Call} from "../../../sim/record/call.ts";

/** What one object holds. */
export interface Held {
  readonly value: Edn;
  readonly version: number;
}

const textIn = (value: Edn): string => (typeof value === "string" ? value : "");
const same = (a: Edn | undefined, b: Edn): boolean => (a ?? null) === b;

/** What is there after the call; undefined: it cannot have come to this. */
export function after(held: Held, {kind, value, expected, version, outcome}: Call): Held | undefined {
  const next = ((): Held | undefined => {
    const put = (put: Edn): Held => ({value: put, version: held.version + 1});
    if (kind === "read") return same(held.value, value) ? held : undefined;
    if (kind === "write") return put(value);
    if (kind === "append") return put(textIn(held.value) + textIn(value));
    if (same(expected, held.value)) return outcome === "refused" ? undefined : put(value);
    return outcome === "done" ? undefined : held;
  })();
  return next !== undefined && (version === undefined || version === next.version) ? next : undefined;
}

/** Whether some order of them explains what was answered, from what was there at first. */
export function isExplained(calls: readonly Call[], held: Held): boolean {
  const due = calls.filter(({returned}) => returned !== undefined);
  if (due.length === 0) return true;
  const firstReturn = Math.min(...due.map(({returned}) => returned ?? Infinity));
  return calls.some((call, i) => {
    if (call.invoked > firstReturn) return false;
    const next = after(held, call);
    return next !== undefined && isExplained(calls.toSpliced(i, 1), next);
  });
}

/** What happened up to a line: what returned later had not yet. */
export function upTo(calls: readonly Call[], line: number): readonly Call[] {
  return calls.flatMap((call) => {
    if (call.invoked > line) return [];
    if ((call.returned ?? 0) <= line) return [call];
    return call.kind === "read" ? [] : [{...call, returned: undefined}];
  });
}

/** Whether an order is one that explains: real time is kept, every answer is right, and nothing that returned is missing. */
export function explains(order: readonly Call[], calls: readonly Call[], held: Held): boolean {
  let now: Held | undefined = held;
  for (const [i, call] of order.entries()) {
    if (order.slice(0, i).some(({invoked}) => invoked > (call.returned ?? Infinity))) return false;
    now = now && after(now, call);
  }
  const isWhole = calls.every(
    (call) => call.returned === undefined || order.some(({invoked}) => invoked === call.invoked),
  );
  return now !== undefined && isWhole && new Set(order.map(({invoked}) => invoked)).size === order.length;
}
