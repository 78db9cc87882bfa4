// A recorded change as bytes: what stands in the backend's bucket `key`, as etcd writes it (mvcc/revision.go,
// mvccpb/kv.proto).
//
//   key     main, 8 bytes, most significant first · `_` · sub, likewise · `t` if it is a tombstone
//   value   protobuf mvccpb.KeyValue: fields in ascending order, those that are zero left out
//             1 key · 2 create_revision · 3 mod_revision · 4 version · 5 value · 6 lease
//
// Keys sort as revisions do. A tombstone's value holds only the key: all else follows from where it stands.

import {assert} from "../base/assert.ts";
import {varintBytes} from "../base/codec.ts";
import {Slab} from "../base/slab.ts";
import type {Key} from "../base/key.ts";
import {integerMax, type LeaseId, type Revision} from "../base/quantity.ts";
import {noValue, type FullRevision, type KeyValue, type StoreEvent} from "./kv.ts";
import {tombstoneOf, type StoreRecord} from "./record.ts";
import {mainMax, subMax} from "./revision.ts";

const two32 = 0x100000000;
const separator = 0x5f;
const tombstoneMark = 0x74;
const plainBytes = 17;
const leaseDigits = 16;
/** What is encoded one after the other is compacted one after the other, too. */
const slab = new Slab();

/** A field's first byte: its number and wire type, 0 a varint, 2 bytes behind their length. */
const tags = {key: 0x0a, create: 0x10, mod: 0x18, version: 0x20, value: 0x2a, lease: 0x30} as const;

/** What stands in the bucket for a change, the `sub`th of its write. */
export function encodeRecord(
  event: StoreEvent,
  sub: number,
): {readonly key: Key; readonly value: Uint8Array} {
  const {kind, kv} = event;
  return kind === "put"
    ? {key: revisionBytes(kv.modRevision, sub, false), value: encodeKeyValue(kv)}
    : {key: revisionBytes(kv.modRevision, sub, true), value: encodeKeyValue(tombstoneOf(kv.key, 0))};
}

/** The change that stands there, independent of `value`; undefined if these bytes are no record's. Never throws. */
export function decodeRecord(key: Key, value: Uint8Array): StoreRecord | undefined {
  const at = parseRevisionBytes(key);
  const kv = at && decodeKeyValue(value);
  if (kv === undefined || at === undefined) return undefined;
  const {main, sub, isTombstone} = at;
  return {revision: {main, sub}, isTombstone, kv: isTombstone ? tombstoneOf(kv.key, main) : kv};
}

/** A record's key: 17 bytes, a tombstone's 18. */
export function revisionBytes(main: Revision, sub: number, isTombstone: boolean): Key {
  if (main >= mainMax || sub >= subMax) assert(false, `no store has a change at ${main}.${sub}`);
  // The upper bytes are 0 in all that a store can hold: main has 33 bits, sub 20.
  const prefix = String.fromCharCode(
    0,
    0,
    0,
    main >= two32 ? 1 : 0,
    (main >>> 24) & 255,
    (main >>> 16) & 255,
    (main >>> 8) & 255,
    main & 255,
    separator,
    0,
    0,
    0,
    0,
    0,
    sub >>> 16,
    (sub >>> 8) & 255,
    sub & 255,
  );
  return isTombstone ? `${prefix}t` : prefix;
}

/** The revision that {@link revisionBytes} wrote; undefined if it wrote no such key. */
export function parseRevisionBytes(key: Key): (FullRevision & {readonly isTombstone: boolean}) | undefined {
  const isTombstone = key.length === plainBytes + 1 && key.charCodeAt(plainBytes) === tombstoneMark;
  if (key.length !== plainBytes && !isTombstone) return undefined;
  if (key.charCodeAt(8) !== separator) return undefined;
  const main = wordAt(key, 0) * two32 + wordAt(key, 4);
  const sub = wordAt(key, 9) * two32 + wordAt(key, 13);
  return main < mainMax && sub < subMax ? {main, sub, isTombstone} : undefined;
}

function wordAt(key: Key, at: number): number {
  const high = (key.charCodeAt(at) << 24) | (key.charCodeAt(at + 1) << 16);
  return (high | (key.charCodeAt(at + 2) << 8) | key.charCodeAt(at + 3)) >>> 0;
}

/** A record's value. The lease of sixteen zeros is none, as on etcd's wire. */
export function encodeKeyValue(kv: KeyValue): Uint8Array {
  const {key, value, createRevision, modRevision, version, lease} = kv;
  if (lease !== "" && lease.length !== leaseDigits) assert(false, `a lease is 16 hex digits, not ${lease}`);
  const bytes = slab.take(sizeOfKeyValue(kv));
  let at = 0;
  if (key.length > 0) {
    bytes[at++] = tags.key;
    at = putInt(bytes, at, key.length);
    for (let i = 0; i < key.length; i++) bytes[at++] = key.charCodeAt(i);
  }
  at = putField(bytes, at, tags.create, createRevision);
  at = putField(bytes, at, tags.mod, modRevision);
  at = putField(bytes, at, tags.version, version);
  if (value.length > 0) {
    bytes[at++] = tags.value;
    at = putInt(bytes, at, value.length);
    bytes.set(value, at);
    at += value.length;
  }
  const [high, low] = [leaseWord(lease, 0), leaseWord(lease, 8)];
  if (high !== 0 || low !== 0) {
    bytes[at++] = tags.lease;
    at = putWords(bytes, at, high, low);
  }
  if (at !== bytes.length) assert(false, `a record of ${bytes.length} bytes ended at ${at}`);
  return bytes;
}

/** How many bytes {@link encodeKeyValue} makes of it. */
export function sizeOfKeyValue(kv: KeyValue): number {
  return (
    sizeOfBytes(kv.key.length) +
    sizeOfInt(kv.createRevision) +
    sizeOfInt(kv.modRevision) +
    sizeOfInt(kv.version) +
    sizeOfBytes(kv.value.length) +
    sizeOfWords(leaseWord(kv.lease, 0), leaseWord(kv.lease, 8))
  );
}

/**
 * The key-value that was encoded, independent of the bytes; undefined if they are none: cut short, a field out of order,
 * one that mvccpb.KeyValue does not have, or a revision that a number does not hold. Never throws.
 */
export function decodeKeyValue(bytes: Uint8Array): KeyValue | undefined {
  const from = new FieldReader(bytes);
  const key = from.keyField();
  const createRevision = from.intField(tags.create);
  const modRevision = from.intField(tags.mod);
  const version = from.intField(tags.version);
  const value = from.bytesField();
  const lease = from.leaseField();
  return from.isRead ? {key, value, createRevision, modRevision, version, lease} : undefined;
}

/** Reads the fields one after another; one that is not next in the bytes is zero. */
class FieldReader {
  private readonly bytes: Uint8Array;
  private at = 0;
  private broken = false;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Whether all bytes were fields as they should be. */
  get isRead(): boolean {
    return !this.broken && this.at === this.bytes.length;
  }

  keyField(): Key {
    if (!this.isNext(tags.key)) return "";
    const end = this.end();
    let key = "";
    while (this.at < end) key += String.fromCharCode(this.byte());
    return key;
  }

  bytesField(): Uint8Array {
    if (!this.isNext(tags.value)) return noValue;
    const end = this.end();
    const value = this.bytes.slice(this.at, end);
    this.at = end;
    return value;
  }

  intField(tag: number): number {
    return this.isNext(tag) ? this.int() : 0;
  }

  leaseField(): LeaseId {
    if (!this.isNext(tags.lease)) return "";
    const [high, low] = this.words();
    return high === 0 && low === 0 ? "" : hex(high) + hex(low);
  }

  private isNext(tag: number): boolean {
    if (this.bytes[this.at] !== tag) return false;
    this.at++;
    return true;
  }

  /** Where the bytes end whose length stands next; here, if they do not fit. */
  private end(): number {
    const end = this.int() + this.at;
    if (end <= this.bytes.length) return end;
    this.broken = true;
    return this.at;
  }

  private int(): number {
    const [high, low] = this.words();
    const value = high * two32 + low;
    if (value > integerMax) this.broken = true;
    return value;
  }

  /** A varint of 64 bits: its upper and lower half. */
  private words(): readonly [number, number] {
    let high = 0;
    let low = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.byte();
      const bits = byte & 127;
      if (shift < 32) low |= bits << shift;
      if (shift === 28) high |= bits >>> 4;
      if (shift > 28) high |= bits << (shift - 32);
      if (byte < 128) {
        // The tenth byte has room for the last bit alone.
        if (shift === 63 && bits > 1) this.broken = true;
        return [high >>> 0, low >>> 0];
      }
    }
    this.broken = true;
    return [0, 0];
  }

  private byte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) this.broken = true;
    return byte ?? 0;
  }
}

function hex(word: number): string {
  return word.toString(16).padStart(8, "0");
}

function sizeOfBytes(length: number): number {
  return length === 0 ? 0 : sizeOfInt(length) + length;
}

/** Bytes of a field that holds a varint, its tag included; none if it is zero. */
function sizeOfInt(value: number): number {
  return value === 0 ? 0 : 1 + varintBytes(value);
}

/** The same of a number in two halves. */
function sizeOfWords(high: number, low: number): number {
  if (high === 0 && low === 0) return 0;
  const bits = high === 0 ? 32 - Math.clz32(low) : 64 - Math.clz32(high);
  return 1 + Math.ceil(bits / 7);
}

/** The half of a lease's id whose digits begin at `at`. */
function leaseWord(lease: LeaseId, at: number): number {
  return lease === "" ? 0 : Number.parseInt(lease.slice(at, at + 8), 16);
}

function putField(bytes: Uint8Array, at: number, tag: number, value: number): number {
  if (value === 0) return at;
  bytes[at] = tag;
  return putInt(bytes, at + 1, value);
}

function putInt(bytes: Uint8Array, at: number, value: number): number {
  return putWords(bytes, at, Math.floor(value / two32), value >>> 0);
}

/** Writes a varint, low bits first, and answers where it ends. */
function putWords(bytes: Uint8Array, at: number, high: number, low: number): number {
  let [upper, lower, end] = [high, low, at];
  while (upper !== 0 || lower >= 0x80) {
    bytes[end++] = (lower & 127) | 128;
    lower = ((lower >>> 7) | (upper << 25)) >>> 0;
    upper >>>= 7;
  }
  bytes[end++] = lower;
  return end;
}
