// One block of events: what each costs is 8 bytes of the chain, and mostly 1 of lane and 1 to 3 of time.
//
//   count │ new lanes: count, names │ what was done: JSON │ event │ event │ …
//   event = lane·2 (+1: not the lane's next number, which follows) │ time since the event before │ chain, 8 bytes
//
// Lanes are numbered in the order in which they came; the table goes on from block to block, and so do the lanes' numbers
// and the time.

import {Reader, Writer} from "../../core/base/codec.ts";
import {keyFromText, textOfBytes} from "../../core/base/key.ts";
import type {Lane} from "../run.ts";
import type {Marked} from "./lines.ts";

/** Names are short; a file that says otherwise is no trace. */
const eventsMax = 1 << 20;

/** What both sides remember from block to block. */
class Remembered {
  readonly lanes: Lane[] = [];
  /** By lane: the number of its last event. */
  readonly last: number[] = [];
  at = 0;

  add(lane: Lane): number {
    this.last.push(0);
    return this.lanes.push(lane) - 1;
  }
}

export class EventPacker {
  private readonly known = new Remembered();
  private readonly numbers = new Map<Lane, number>();
  private readonly body = new Writer(16_384);
  private fresh: Lane[] = [];
  /** Events since the last block. */
  count = 0;

  add({lane, ordinal, at, chainA, chainB}: Marked): void {
    const {known, body} = this;
    let number = this.numbers.get(lane);
    if (number === undefined) {
      number = known.add(lane);
      this.numbers.set(lane, number);
      this.fresh.push(lane);
    }
    const isNext = ordinal === (known.last[number] ?? 0) + 1;
    body.uint(2 * number + (isNext ? 0 : 1));
    if (!isNext) body.uint(ordinal);
    body.uint(at - known.at);
    body.uint32(chainA);
    body.uint32(chainB);
    known.last[number] = ordinal;
    known.at = at;
    this.count++;
  }

  /** The payload of a block with all since the last one. `done`: see {@link Unpacked}. */
  take(done: Uint8Array): Uint8Array {
    const into = new Writer(this.body.length + done.length + 1024);
    into.uint(this.count);
    into.uint(this.fresh.length);
    for (const lane of this.fresh) into.byteString(keyFromText(lane));
    into.bytes(done);
    into.raw(this.body.view(0));
    this.body.clear();
    this.fresh = [];
    this.count = 0;
    return into.finish();
  }
}

/** Of one block. */
export interface Unpacked {
  readonly events: readonly Marked[];
  /** JSON of what was done to the run meanwhile; empty: nothing. */
  readonly done: Uint8Array;
}

export class EventUnpacker {
  private readonly known = new Remembered();

  /** Undefined: no block of events, though its checksum is right. */
  read(payload: Uint8Array): Unpacked | undefined {
    const {known} = this;
    const reader = new Reader(payload);
    const count = reader.uint();
    const lanes = reader.uint();
    if (reader.broken || count > eventsMax || lanes > count) return undefined;
    for (let i = 0; i < lanes; i++) known.add(textOfBytes(reader.bytes()));
    const done = reader.bytes();
    const events: Marked[] = [];
    for (let i = 0; i < count && !reader.broken; i++) {
      const head = reader.uint();
      const number = Math.floor(head / 2);
      const lane = known.lanes[number];
      if (lane === undefined) return undefined;
      const ordinal = head % 2 === 1 ? reader.uint() : (known.last[number] ?? 0) + 1;
      const at = known.at + reader.uint();
      events.push({lane, ordinal, at, chainA: reader.uint32() | 0, chainB: reader.uint32() | 0});
      known.last[number] = ordinal;
      known.at = at;
    }
    return reader.broken || !reader.done ? undefined : {events, done};
  }
}
