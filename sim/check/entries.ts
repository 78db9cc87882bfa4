// Comparing log entries. Members share entry objects as long as nobody restarted, so identity answers most questions.

import type {Entry} from "../../core/raft/entry.ts";

/** Whether two entries at one index are the same entry. */
export function sameEntry(a: Entry, b: Entry): boolean {
  return a === b || (a.term === b.term && a.type === b.type && sameBytes(a.data, b.data));
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** `n2`. */
export function nameOf(member: number): string {
  return `n${member}`;
}
