// A lease as bytes: what stands in the backend's bucket `lease`, as etcd writes it (lease/leasepb/lease.proto). When it
// expires is nowhere written: that is the clock of whoever leads.
//
//   key     the id, 8 bytes, most significant first: as unsigned numbers, so that negative ids come last
//   value   protobuf leasepb.Lease: fields in ascending order, those that are zero left out, varints of 64 bits
//             1 ID · 2 TTL · 3 RemainingTTL, in seconds

import {assert} from "../base/assert.ts";
import {Reader, Writer} from "../base/codec.ts";
import type {Key} from "../base/key.ts";
import {integerMax} from "../base/quantity.ts";
import type {LeaseId} from "../base/quantity.ts";

/** What members agree on about a lease: it comes through the log. */
export interface LeaseRecord {
  readonly lease: LeaseId;
  /** Seconds that were granted. */
  readonly ttl: number;
  /** Seconds that were left at the last checkpoint; 0: there was none since it was granted or renewed. */
  readonly remainingTtl: number;
}

const two32 = 0x100000000;
const idDigits = 16;
const tags = {id: 0x08, ttl: 0x10, remainingTtl: 0x18} as const;

/** The id of an int64 in two halves of 32 bits; 0 is none. */
export function leaseIdOf(high: number, low: number): LeaseId {
  return high === 0 && low === 0 ? "" : hex(high) + hex(low);
}

export function leaseKey(lease: LeaseId): Key {
  assert(lease.length === idDigits, `a lease is 16 hex digits, not ${lease}`);
  let key = "";
  for (let at = 0; at < idDigits; at += 2) {
    key += String.fromCharCode(Number.parseInt(lease.slice(at, at + 2), 16));
  }
  return key;
}

export function encodeLease({lease, ttl, remainingTtl}: LeaseRecord): Uint8Array {
  const into = new Writer();
  putField(into, tags.id, wordAt(lease, 0), wordAt(lease, 8));
  putField(into, tags.ttl, Math.floor(ttl / two32), ttl >>> 0);
  putField(into, tags.remainingTtl, Math.floor(remainingTtl / two32), remainingTtl >>> 0);
  return into.finish();
}

/** The lease that stands there; undefined if these bytes are none's. Never throws. */
export function decodeLease(key: Key, value: Uint8Array): LeaseRecord | undefined {
  const from = new Reader(value);
  const [high, low] = takeField(from, value, tags.id);
  const lease = leaseIdOf(high, low);
  const ttl = seconds(takeField(from, value, tags.ttl));
  const remainingTtl = seconds(takeField(from, value, tags.remainingTtl));
  const isRead = !from.broken && from.done && lease !== "" && ttl <= integerMax && remainingTtl <= integerMax;
  return isRead && leaseKey(lease) === key ? {lease, ttl, remainingTtl} : undefined;
}

function wordAt(lease: LeaseId, at: number): number {
  return Number.parseInt(lease.slice(at, at + 8), 16);
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}

function seconds([high, low]: readonly [number, number]): number {
  return high * two32 + low;
}

function putField(into: Writer, tag: number, high: number, low: number): void {
  if (high === 0 && low === 0) return;
  into.byte(tag);
  let [upper, lower] = [high, low];
  while (upper !== 0 || lower >= 0x80) {
    into.byte((lower & 127) | 128);
    lower = ((lower >>> 7) | (upper << 25)) >>> 0;
    upper >>>= 7;
  }
  into.byte(lower);
}

/** The two halves of a field; zero if it is not next. */
function takeField(from: Reader, bytes: Uint8Array, tag: number): readonly [number, number] {
  if (bytes[from.offset] !== tag) return [0, 0];
  from.byte();
  let high = 0;
  let low = 0;
  // A varint that does not end within ten bytes leaves the rest to be no field.
  for (let shift = 0; shift < 70; shift += 7) {
    const byte = from.byte();
    const bits = byte & 127;
    if (shift < 32) low |= bits << shift;
    if (shift === 28) high |= bits >>> 4;
    if (shift > 28) high |= bits << (shift - 32);
    if (byte < 128) break;
  }
  return [high >>> 0, low >>> 0];
}
