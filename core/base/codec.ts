// The binary codec: what reaches the disk or an entry's data is written and read with these two.
// Integers are LEB128 varints of up to 53 bits, low bits first; signed ones carry a sign byte; bytes and strings
// carry their length.

import {assert} from "./assert.ts";
import {integerMax} from "./quantity.ts";

/** A growing buffer. */
export class Writer {
  private buffer: Uint8Array;
  private used = 0;

  /** `capacity`: bytes that it takes before it must grow, a few more than will be written where that is known. */
  constructor(capacity = 64) {
    this.buffer = new Uint8Array(capacity);
  }

  get length(): number {
    return this.used;
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.used++] = value;
  }

  /** Four bytes, least significant first. */
  uint32(value: number): void {
    this.reserve(4);
    for (let shift = 0; shift < 32; shift += 8) this.buffer[this.used++] = (value >>> shift) & 0xff;
  }

  /** A safe integer of at least 0. */
  uint(value: number): void {
    if (value < 128 && value >= 0 && Number.isInteger(value)) {
      this.reserve(1);
      this.buffer[this.used++] = value;
      return;
    }
    if (!Number.isSafeInteger(value) || value < 0)
      assert(false, `a varint holds safe integers of at least 0, not ${value}`);
    this.reserve(8);
    let rest = value;
    while (rest >= 128) {
      this.buffer[this.used++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.buffer[this.used++] = rest;
  }

  /** A safe integer; the sign goes first. */
  int(value: number): void {
    this.byte(value < 0 ? 1 : 0);
    this.uint(value < 0 ? -value : value);
  }

  bool(value: boolean): void {
    this.byte(value ? 1 : 0);
  }

  bytes(value: Uint8Array): void {
    this.uint(value.length);
    this.raw(value);
  }

  /** Without a length. */
  raw(value: Uint8Array): void {
    this.reserve(value.length);
    this.buffer.set(value, this.used);
    this.used += value.length;
  }

  /** A byte string: every char is 0..255. */
  byteString(value: string): void {
    this.uint(value.length);
    this.reserve(value.length);
    for (let i = 0; i < value.length; i++) this.buffer[this.used++] = value.charCodeAt(i);
  }

  zeros(count: number): void {
    this.reserve(count);
    for (let i = 0; i < count; i++) this.buffer[this.used++] = 0;
  }

  /** What was written from `from` on, to be changed in place; good until more is written. */
  view(from: number): Uint8Array {
    return this.buffer.subarray(from, this.used);
  }

  /** Begins anew, in the same memory. */
  clear(): void {
    this.used = 0;
  }

  /** The bytes written so far, copied out at their exact length. */
  finish(): Uint8Array {
    return this.buffer.slice(0, this.used);
  }

  private reserve(more: number): void {
    if (this.used + more <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(this.buffer.length * 2, this.used + more));
    grown.set(this.buffer.subarray(0, this.used));
    this.buffer = grown;
  }
}

/** Bytes of a varint: seven bits each. */
export function varintBytes(value: number): number {
  // Most indexes, revisions and lengths are small.
  if (value < 128) return 1;
  if (value < 16_384) return 2;
  let bytes = 3;
  for (let rest = Math.floor(value / 16_384); rest >= 128; rest = Math.floor(rest / 128)) bytes++;
  return bytes;
}

/**
 * Reads what {@link Writer} wrote. Bytes that end too soon, or an integer that a number does not hold, make it `broken`; it
 * then reads zeros and never throws.
 */
export class Reader {
  private readonly buffer: Uint8Array;
  private at: number;
  private failed = false;

  constructor(buffer: Uint8Array, at = 0) {
    this.buffer = buffer;
    this.at = at;
  }

  /** Whether something was read that the writer does not write. To be asked once, at the end of a record. */
  get broken(): boolean {
    return this.failed;
  }

  get offset(): number {
    return this.at;
  }

  get done(): boolean {
    return this.at >= this.buffer.length;
  }

  byte(): number {
    const value = this.buffer[this.at++];
    if (value === undefined) {
      this.failed = true;
      return 0;
    }
    return value;
  }

  uint32(): number {
    let value = 0;
    for (let shift = 0; shift < 32; shift += 8) value |= this.byte() << shift;
    return value >>> 0;
  }

  uint(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 8; i++) {
      const next = this.byte();
      value += (next & 127) * scale;
      if (next < 128) {
        if (value > integerMax) break;
        return value;
      }
      scale *= 128;
    }
    this.failed = true;
    return 0;
  }

  int(): number {
    const negative = this.byte() === 1;
    const value = this.uint();
    return negative ? -value : value;
  }

  bool(): boolean {
    return this.byte() === 1;
  }

  bytes(): Uint8Array {
    const length = this.take(this.uint());
    return this.buffer.slice(this.at - length, this.at);
  }

  byteString(): string {
    const length = this.take(this.uint());
    let value = "";
    for (let i = this.at - length; i < this.at; i++) value += String.fromCharCode(this.buffer[i] ?? 0);
    return value;
  }

  private take(length: number): number {
    if (this.at + length > this.buffer.length) {
      this.failed = true;
      return 0;
    }
    this.at += length;
    return length;
  }
}
