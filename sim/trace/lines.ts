// The events of a trace, packed: 28 bytes each and no string. A name or a hash is made when somebody asks for one.

import type {Hash} from "../../core/base/hasher.ts";
import type {Micros} from "../../core/base/quantity.ts";
import type {EventId, Lane} from "../run.ts";
import {eventId, parseEventId} from "../world/lanes.ts";
import {chainHash} from "../world/record.ts";

/** One event of a trace, in words. */
export interface TraceLine {
  readonly id: EventId;
  readonly at: Micros;
  /** The chain up to and with this event. */
  readonly hash: Hash;
}

/** What a trace keeps of an event; {@link TakenEvent} is one. */
export interface Marked {
  readonly lane: Lane;
  readonly ordinal: number;
  readonly at: Micros;
  readonly chainA: number;
  readonly chainB: number;
}

const firstCapacity = 256;

/** A list that only grows. Places count from 0: event n stands at n − 1. */
export class TraceLines implements Iterable<TraceLine> {
  private count = 0;
  private readonly names: Lane[] = [];
  private readonly numbers = new Map<Lane, number>();
  private lane = new Uint32Array(firstCapacity);
  private ordinal = new Float64Array(firstCapacity);
  private time = new Float64Array(firstCapacity);
  private chain = new Int32Array(2 * firstCapacity);

  static of(lines: Iterable<TraceLine>): TraceLines {
    const made = new TraceLines();
    for (const {id, at, hash} of lines) {
      const {lane, ordinal} = parseEventId(id) ?? {lane: id, ordinal: 0};
      const word = (from: number): number => Number.parseInt(hash.slice(from, from + 8), 16) | 0;
      made.push({lane, ordinal, at, chainA: word(0), chainB: word(8)});
    }
    return made;
  }

  /** All lanes that events came from, in the order in which they did. */
  get lanes(): readonly Lane[] {
    return this.names;
  }

  get length(): number {
    return this.count;
  }

  push({lane, ordinal, at, chainA, chainB}: Marked): void {
    const place = this.count++;
    if (place === this.lane.length) this.grow();
    let number = this.numbers.get(lane);
    if (number === undefined) {
      number = this.names.push(lane) - 1;
      this.numbers.set(lane, number);
    }
    this.lane[place] = number;
    this.ordinal[place] = ordinal;
    this.time[place] = at;
    this.chain[2 * place] = chainA;
    this.chain[2 * place + 1] = chainB;
  }

  /** Undefined outside. */
  at(place: number): TraceLine | undefined {
    const marked = this.marked(place);
    if (marked === undefined) return undefined;
    return {id: eventId(marked.lane, marked.ordinal), at: marked.at, hash: chainHash(marked)};
  }

  /** Undefined outside. */
  marked(place: number): Marked | undefined {
    if (place < 0 || place >= this.count) return undefined;
    const {names, lane, ordinal, time, chain} = this;
    return {
      lane: names[lane[place] ?? 0] ?? "",
      ordinal: ordinal[place] ?? 0,
      at: time[place] ?? 0,
      chainA: chain[2 * place] ?? 0,
      chainB: chain[2 * place + 1] ?? 0,
    };
  }

  /** Whether the chain at a place is that of another list: then so is all before it. */
  sameChain(place: number, other: TraceLines): boolean {
    return (
      place < this.count &&
      place < other.count &&
      this.chain[2 * place] === other.chain[2 * place] &&
      this.chain[2 * place + 1] === other.chain[2 * place + 1]
    );
  }

  /** Whether an event is the one that stands at a place: name, time and chain. Makes no string. */
  agrees(place: number, {lane, ordinal, at, chainA, chainB}: Marked): boolean {
    return (
      place < this.count &&
      this.chain[2 * place] === chainA &&
      this.chain[2 * place + 1] === chainB &&
      this.time[place] === at &&
      this.ordinal[place] === ordinal &&
      this.names[this.lane[place] ?? 0] === lane
    );
  }

  /** An event by its name; undefined when it is not there. */
  named(id: EventId): TraceLine | undefined {
    return this.at(this.placeOf(id) ?? -1);
  }

  /** Where an event stands, by its name; undefined when it is not there. */
  placeOf(id: EventId): number | undefined {
    const name = parseEventId(id);
    const number = name === undefined ? undefined : this.numbers.get(name.lane);
    if (name === undefined || number === undefined) return undefined;
    for (let place = 0; place < this.count; place++)
      if (this.lane[place] === number && this.ordinal[place] === name.ordinal) return place;
    return undefined;
  }

  *[Symbol.iterator](): Iterator<TraceLine> {
    for (let place = 0; place < this.count; place++) {
      const line = this.at(place);
      if (line !== undefined) yield line;
    }
  }

  private grow(): void {
    const room = 2 * this.lane.length;
    this.lane = grown(this.lane, new Uint32Array(room));
    this.ordinal = grown(this.ordinal, new Float64Array(room));
    this.time = grown(this.time, new Float64Array(room));
    this.chain = grown(this.chain, new Int32Array(2 * room));
  }
}

function grown<T extends Uint32Array | Float64Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
