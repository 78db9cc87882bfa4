// Plain data as bytes and as a digest: for words that are rare enough to carry the names of their fields.
//
//   value   tag u8 · by tag
//     0 absent · 1 true · 2 false
//     3 integer      int
//     4 byte string  bytes
//     5 bytes        bytes
//     6 list         count · values
//     7 record       count · (name byte string · value), names ascending

import {assert} from "./assert.ts";
import {Writer} from "./codec.ts";
import type {Reader} from "./codec.ts";
import type {Hasher} from "./hasher.ts";

/** What can be written so. Strings are byte strings; numbers are safe integers. */
export type Plain =
  | boolean
  | number
  | string
  | Uint8Array
  | undefined
  | readonly Plain[]
  | {readonly [name: string]: Plain};

const tags = {absent: 0, yes: 1, no: 2, integer: 3, string: 4, bytes: 5, list: 6, record: 7} as const;

/** Absent fields of records are left out. */
export function writePlain(into: Writer, value: Plain): void {
  if (value === undefined) return into.byte(tags.absent);
  if (typeof value === "boolean") return into.byte(value ? tags.yes : tags.no);
  if (typeof value === "number") {
    into.byte(tags.integer);
    return into.int(value);
  }
  if (typeof value === "string") {
    into.byte(tags.string);
    return into.byteString(value);
  }
  if (value instanceof Uint8Array) {
    into.byte(tags.bytes);
    return into.bytes(value);
  }
  if (isList(value)) {
    into.byte(tags.list);
    into.uint(value.length);
    for (const one of value) writePlain(into, one);
    return;
  }
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  into.byte(tags.record);
  into.uint(fields.length);
  for (const [name, field] of fields) {
    into.byteString(name);
    writePlain(into, field);
  }
}

/** Bytes that end too soon leave the reader broken. */
export function readPlain(from: Reader): Plain {
  const tag = from.byte();
  switch (tag) {
    case tags.yes:
      return true;
    case tags.no:
      return false;
    case tags.integer:
      return from.int();
    case tags.string:
      return from.byteString();
    case tags.bytes:
      return from.bytes();
    case tags.list: {
      const list: Plain[] = [];
      for (let left = from.uint(); left > 0 && !from.broken; left--) list.push(readPlain(from));
      return list;
    }
    case tags.record: {
      const record: {[name: string]: Plain} = {};
      for (let left = from.uint(); left > 0 && !from.broken; left--) {
        const name = from.byteString();
        record[name] = readPlain(from);
      }
      return record;
    }
    default:
      assert(tag === tags.absent, `plain data has no tag ${tag}`);
      return undefined;
  }
}

/** Equal values, equal digest, whatever order their fields were made in. */
export function digestPlain(value: Plain, into: Hasher): void {
  const bytes = new Writer();
  writePlain(bytes, value);
  into.bytes(bytes.finish());
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}
