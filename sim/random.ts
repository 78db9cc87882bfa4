// Luck with names and counters (law 6). A draw is a function of (seed, stream, n): seedrandom makes the stream's key out
// of its name once, an integer mix of key and counter makes the n-th value. So one more draw in one stream moves nobody
// else's luck, a fork only copies counters, and any draw can be fixed by hand. Integers only: no engine can differ.

import seedrandom from "seedrandom";
import {assert} from "../core/base/assert.ts";
import type {Hasher} from "../core/base/hasher.ts";

/** A stream's place in the table of its run; valid in all forks of it. */
export type StreamId = number;

interface Stream {
  readonly name: string;
  readonly keyA: number;
  readonly keyB: number;
}

/** One draw fixed by hand. `n` counts the draws of the stream from 1. */
export interface Pin {
  readonly stream: string;
  readonly n: number;
  readonly value: number;
}

/** The streams of one run, by name. Grows only; the order of its rows decides nothing, so forks share it. */
class StreamTable {
  readonly seed: string;
  readonly rows: Stream[] = [];
  private readonly byName = new Map<string, StreamId>();

  constructor(seed: string) {
    this.seed = seed;
  }

  id(name: string): StreamId {
    const known = this.byName.get(name);
    if (known !== undefined) return known;
    const made = this.rows.push(keyed(this.seed, name)) - 1;
    this.byName.set(name, made);
    return made;
  }
}

/** Draws of one run, counted per stream. */
export class Draws {
  private readonly table: StreamTable;
  private counts: number[];
  private pins: readonly Pin[];

  constructor(seed: string) {
    this.table = new StreamTable(seed);
    this.counts = [];
    this.pins = [];
  }

  /** To draw from a stream often without looking its name up. */
  stream(name: string): StreamId {
    return this.table.id(name);
  }

  /** The stream's next value, an integer in [0, bound). */
  next(stream: StreamId, bound: number): number {
    const n = (this.counts[stream] ?? 0) + 1;
    this.counts[stream] = n;
    const row = this.table.rows[stream];
    if (row === undefined) assert(false, `stream ${stream} was never named`);
    if (this.pins.length > 0) {
      const pinned = this.pins.find((pin) => pin.n === n && pin.stream === row.name);
      if (pinned !== undefined) return Math.min(pinned.value, bound - 1);
    }
    return below(mix(row.keyA, row.keyB, n), bound);
  }

  /** How often the stream was drawn from. */
  count(name: string): number {
    return this.counts[this.table.id(name)] ?? 0;
  }

  /** Fixes a draw that is still to come: at most `value`, less where the draw's bound is smaller. False when it was made already. */
  pin(pin: Pin): boolean {
    if (pin.n <= this.count(pin.stream)) return false;
    this.pins = [...this.pins.filter((old) => old.stream !== pin.stream || old.n !== pin.n), pin];
    return true;
  }

  fork(): Draws {
    const twin: Draws = Object.create(Draws.prototype) as Draws;
    Object.assign(twin, {table: this.table, counts: this.counts.slice(), pins: this.pins});
    return twin;
  }

  /** The counters by name: where luck goes on. */
  digest(into: Hasher): void {
    const names: [string, number][] = [];
    for (const [id, count] of this.counts.entries()) {
      const row = this.table.rows[id];
      if (count !== undefined && count > 0 && row !== undefined) names.push([row.name, count]);
    }
    names.sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [name, count] of names) {
      into.string(name);
      into.int(count);
    }
    for (const {stream, n, value} of this.pins) {
      into.string(stream);
      into.int(n);
      into.int(value);
    }
  }
}

/** The n-th value (from 1) of a stream: 32 bits, unsigned. */
export function draw(seed: string, stream: string, n: number): number {
  const {keyA, keyB} = keyed(seed, stream);
  return mix(keyA, keyB, n);
}

/** {@link draw} for many draws of one stream. */
export function keyedDraw(seed: string, stream: string): (n: number) => number {
  const {keyA, keyB} = keyed(seed, stream);
  return (n) => mix(keyA, keyB, n);
}

/** Scales 32 random bits to an integer in [0, bound) by multiplication and shift, exactly. `bound` from 1 to 2^32. */
export function below(bits: number, bound: number): number {
  if (bound < 1 || bound > 4294967296) assert(false, `a draw needs a bound from 1 to 2^32, not ${bound}`);
  const high = bits >>> 16;
  const low = bits & 0xffff;
  return Math.floor((high * bound + Math.floor((low * bound) / 65536)) / 65536);
}

function keyed(seed: string, name: string): Stream {
  const generator = seedrandom.tychei(`${seed}/${name}`);
  return {name, keyA: generator.int32(), keyB: generator.int32()};
}

/** Two rounds of an integer finalizer (after MurmurHash3's and Ettinger's), keyed before each. */
function mix(keyA: number, keyB: number, n: number): number {
  let x = (Math.imul(n, 0x9e3779b1) + keyA) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  x = ((x ^ (x >>> 16)) + keyB) | 0;
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  x = Math.imul(x ^ (x >>> 12), 0x297a2d39);
  return (x ^ (x >>> 15)) >>> 0;
}
