// How a record lies in its file, so that what a crash left can be told from what rotted:
//
//   ┌ at a multiple of 8 ──────────────────┐        ┌ at every sector's border within the body
//   │ length u24 │ check u8 │ crc u32      │ body … │ mark u8 │ body … │ zeros up to a multiple of 8
//   └ the head, never in two sectors ──────┘        └ 0xa5
//
// A disk writes a sector whole or not at all, so of every sector that a record runs into either all is there or nothing.
// The part of each begins with something that is never zero: the head in the first, a mark in the others. So a lost part
// is known by its zeros, and no single flipped bit looks like one: a head has at least four bits set, a mark too.
//
// `length` counts the body without marks; `crc` is CRC-32C of that, going on from the record before (etcd wal/encoder.go).
// `check` is the flag {@link Head.isAfterSync} and seven bits of check over length and flag: whatever up to three bits of
// them flip, it no longer fits.

import {assert} from "../base/assert.ts";
import {sectorBytes} from "./disk.ts";

/** Bytes of a record before its body; records begin at multiples of it. */
export const headBytes = 8;
export const sectorMark = 0xa5;
export const bodyBytesMax = 0xffffff;

export interface Head {
  readonly length: number;
  /** Whether all that stood before this record was synced when it was written. */
  readonly isAfterSync: boolean;
  readonly crc: number;
}

/** Where the body ends that begins behind the head at `at`, its marks counted. */
export function bodyEnd(at: number, length: number): number {
  const from = at + headBytes;
  return from + length + marksWithin(from, length);
}

/** Where the next record's head goes. */
export function nextHead(at: number, length: number): number {
  const end = bodyEnd(at, length);
  return end + ((headBytes - (end % headBytes)) % headBytes);
}

/** Whether a file holds a head at `head`; undefined when its bits do not fit each other. All zeros fit, and have length 0. */
export function readHead(head: Uint8Array): Head | undefined {
  const length = (head[0] ?? 0) | ((head[1] ?? 0) << 8) | ((head[2] ?? 0) << 16);
  const check = head[3] ?? 0;
  if (check !== checkOf(length, check >= 0x80)) return undefined;
  const crc =
    ((head[4] ?? 0) | ((head[5] ?? 0) << 8) | ((head[6] ?? 0) << 16) | ((head[7] ?? 0) << 24)) >>> 0;
  return {length, isAfterSync: check >= 0x80, crc};
}

export function writeHead(into: Uint8Array, {length, isAfterSync, crc}: Head): void {
  if (length <= 0 || length > bodyBytesMax)
    assert(false, `a record of the log has 1 to ${bodyBytesMax} bytes, not ${length}`);
  for (let i = 0; i < 3; i++) into[i] = (length >>> (8 * i)) & 0xff;
  into[3] = checkOf(length, isAfterSync);
  for (let i = 0; i < 4; i++) into[4 + i] = (crc >>> (8 * i)) & 0xff;
}

/** Moves a body that stands in one piece behind its head apart, to make room for the marks, and sets them. */
export function spread(frame: Uint8Array, at: number, length: number): void {
  const first = firstBorder(at);
  const end = bodyEnd(at, length) - at;
  for (let marks = marksWithin(at + headBytes, length); marks > 0; marks--) {
    const border = first + (marks - 1) * sectorBytes;
    frame.copyWithin(border + 1, border + 1 - marks, Math.min(border + sectorBytes, end) - marks);
    frame[border] = sectorMark;
  }
}

/** The body of a frame without its marks; a view where it has none. */
export function gather(frame: Uint8Array, at: number, length: number): Uint8Array {
  const end = bodyEnd(at, length) - at;
  let border = firstBorder(at);
  if (border >= end) return frame.subarray(headBytes, end);
  const body = new Uint8Array(length);
  body.set(frame.subarray(headBytes, border));
  let filled = border - headBytes;
  for (; border < end; border += sectorBytes) {
    const part = frame.subarray(border + 1, Math.min(border + sectorBytes, end));
    body.set(part, filled);
    filled += part.length;
  }
  return body;
}

/**
 * What the sectors' marks say of a frame whose head is whole: `whole`, some of it was never written (`torn`), or
 * something else stands there (`rotten`).
 */
export function judge(frame: Uint8Array, at: number, length: number): "whole" | "torn" | "rotten" {
  const end = bodyEnd(at, length) - at;
  let judged: "whole" | "torn" = "whole";
  for (let border = firstBorder(at); border < end; border += sectorBytes) {
    if (frame[border] === sectorMark) continue;
    if (!isZero(frame, border, Math.min(border + sectorBytes, end))) return "rotten";
    judged = "torn";
  }
  return judged;
}

/** Bytes from the frame's begin to the first sector's border behind its head. */
function firstBorder(at: number): number {
  const from = (at + headBytes) % sectorBytes;
  return headBytes + (from === 0 ? 0 : sectorBytes - from);
}

function marksWithin(from: number, length: number): number {
  const room = (sectorBytes - (from % sectorBytes)) % sectorBytes;
  return length <= room ? 0 : Math.ceil((length - room) / (sectorBytes - 1));
}

export function isZero(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== 0) return false;
  return true;
}

// The check is linear: each set bit of what is checked adds one column. All columns differ and have three bits of seven
// set, which makes any two heads differ in at least four bits (Hsiao 1970: single error correction, double detection).

const columns = makeColumns();
const checks = [0, 8, 16].map(makeChecks);
const flagCheck = 0x80 | (columns[24] ?? 0);

function makeColumns(): readonly number[] {
  const made: number[] = [];
  for (let column = 0; column < 128; column++) if (bitsIn(column) === 3) made.push(column);
  return made;
}

/** What each value of the byte that begins at bit `from` adds. */
function makeChecks(from: number): Uint8Array {
  const made = new Uint8Array(256);
  for (let value = 0; value < 256; value++) {
    let check = 0;
    for (let bit = 0; bit < 8; bit++) if ((value >>> bit) & 1) check ^= columns[from + bit] ?? 0;
    made[value] = check;
  }
  return made;
}

function bitsIn(value: number): number {
  let bits = 0;
  for (let rest = value; rest > 0; rest >>>= 1) bits += rest & 1;
  return bits;
}

function checkOf(length: number, isAfterSync: boolean): number {
  const ofLength =
    (checks[0]?.[length & 0xff] ?? 0) ^
    (checks[1]?.[(length >>> 8) & 0xff] ?? 0) ^
    (checks[2]?.[length >>> 16] ?? 0);
  return isAfterSync ? ofLength ^ flagCheck : ofLength;
}
