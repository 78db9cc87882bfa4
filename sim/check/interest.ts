// Which events a check is told of: one of raft's claims has nothing to say of a client's answer, and one about leases
// nothing of a heartbeat. A run asks its checks after every event, so what need not be asked is worth knowing.

import type {Change, EventRecord, Payload} from "../event.ts";

/** An event is told if any of these is true of it. */
export interface Interest {
  /** Its payload is one of these, */
  readonly payloads?: readonly Payload["kind"][];
  /** or it changed one of these, */
  readonly changes?: readonly Change["kind"][];
  /** or it was handed to a member. */
  readonly touching?: true;
}

/** What events have, a bit each; -1: all. */
export type Bits = number;

export const allBits: Bits = -1;

const touching = 1;

const payloadBits = {
  tick: 1 << 1,
  wake: 1 << 2,
  turn: 1 << 3,
  message: 1 << 4,
  request: 1 << 5,
  response: 1 << 6,
  credit: 1 << 7,
  close: 1 << 8,
  diskDone: 1 << 9,
  report: 1 << 10,
  clientWake: 1 << 11,
  script: 1 << 12,
} as const satisfies Record<Payload["kind"], Bits>;

const changeBits = {
  term: 1 << 13,
  role: 1 << 14,
  log: 1 << 15,
  snapshot: 1 << 16,
  configuration: 1 << 17,
  transfer: 1 << 18,
  commit: 1 << 19,
  apply: 1 << 20,
  revision: 1 << 21,
  compact: 1 << 22,
  invoked: 1 << 23,
  settled: 1 << 24,
  told: 1 << 25,
  finished: 1 << 26,
  watched: 1 << 27,
  fault: 1 << 28,
  lost: 1 << 29,
  died: 1 << 30,
} as const satisfies Record<Change["kind"], Bits>;

/** What an event has. `touched`: whether it was handed to a member. */
export function bitsOf({payload, changes}: Pick<EventRecord, "payload" | "changes">, touched: boolean): Bits {
  let bits: Bits = payloadBits[payload.kind];
  if (touched) bits |= touching;
  for (const change of changes) bits |= changeBits[change.kind];
  return bits;
}

/** What must be among an event's bits. Without an interest: anything. */
export function bitsWanted(interest: Interest | undefined): Bits {
  if (interest === undefined) return allBits;
  let bits: Bits = interest.touching === true ? touching : 0;
  for (const kind of interest.payloads ?? []) bits |= payloadBits[kind];
  for (const kind of interest.changes ?? []) bits |= changeBits[kind];
  return bits;
}
