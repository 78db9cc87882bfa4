// One page of the backend file as bytes, and back. A page is a head and the entries of one node of a tree, in the order
// of their keys; what does not fit in one page goes on in the pages right behind it (overflow). Integers little-endian:
//
//   checksum 8 │ id 4 │ kind 1, bucket 1, level 1, zero 1 │ count 4 │ overflow 4 │ version 8 │ entries … zeros
//
//   leaf entry     key, value                       (both with their length in front, a varint)
//   branch entry   key, page 4, checksum 8          (the first key of the page below it, which page, what it must hold)
//
// The checksum covers all that follows it, overflow pages too. A branch repeats the checksum of the pages below it, so
// the checksum of a root stands for the whole tree, and a page that is intact but not the one that was written last (a
// write that never reached the disk, or went to another place) is found out as well.

import {Reader, varintBytes, Writer} from "../base/codec.ts";
import {Hasher} from "../base/hasher.ts";
import type {Key, Value} from "../base/key.ts";
import {Slab} from "../base/slab.ts";
import {at} from "../btree/node.ts";
import {storageRules} from "./rules.ts";

/** Bytes of a page before its entries. */
export const pageHeadBytes = 32;
const sumBytes = 8;
/** Where entries are put together before they go into their page. */
const scratch = new Writer();
/** Pages are handed to the disk, and forgotten. */
const slab = new Slab();

/** A page's number: it stands at id × page size. */
export type PageId = number;

/** The number of a commit, from 1 on (etcd's txid); pages of a file that was written whole are of version 0. */
export type Version = number;

/** 64 bits in two lanes, each a signed 32-bit integer. Any change within one aligned 32-bit word changes it. */
export interface PageSum {
  readonly a: number;
  readonly b: number;
}

/** Which page, and what it must hold. */
export interface PageLink {
  readonly id: PageId;
  readonly sum: PageSum;
}

const kinds = ["meta", "branch", "leaf"] as const;
export type PageKind = (typeof kinds)[number];

export interface PageHead {
  readonly id: PageId;
  readonly kind: PageKind;
  /** Place in `bucketNames`; 0 in a meta page. */
  readonly bucket: number;
  /** 0 for leaves, one more for each level above them. */
  readonly level: number;
  /** Entries. */
  readonly count: number;
  /** How many pages right behind this one belong to it. */
  readonly overflow: number;
  /** The commit that wrote it. */
  readonly version: Version;
}

/** Bytes of one entry. */
export function leafEntryBytes(key: Key, value: Value): number {
  return varintBytes(key.length) + key.length + varintBytes(value.length) + value.length;
}

export function branchEntryBytes(key: Key): number {
  return varintBytes(key.length) + key.length + 12;
}

/** How many pages hold so many bytes of entries. */
export function pagesFor(entryBytes: number, pageBytes: number): number {
  return Math.max(1, Math.ceil((pageHeadBytes + entryBytes) / pageBytes));
}

/** Good until entries are encoded again. */
export function encodeLeafEntries(keys: readonly Key[], values: readonly Value[]): Uint8Array {
  scratch.clear();
  for (let i = 0; i < keys.length; i++) {
    scratch.byteString(at(keys, i));
    scratch.bytes(at(values, i));
  }
  return scratch.view(0);
}

/** Good until entries are encoded again. */
export function encodeBranchEntries(keys: readonly Key[], links: readonly PageLink[]): Uint8Array {
  scratch.clear();
  for (let i = 0; i < keys.length; i++) {
    const {id, sum} = at(links, i);
    scratch.byteString(at(keys, i));
    scratch.uint32(id);
    scratch.uint32(sum.a);
    scratch.uint32(sum.b);
  }
  return scratch.view(0);
}

/** A whole number of units of `unitBytes`: pages, or the one sector of a meta page. */
export function encodePage(
  head: PageHead,
  body: Uint8Array,
  unitBytes: number,
): {readonly bytes: Uint8Array; readonly sum: PageSum} {
  const bytes = slab.take((head.overflow + 1) * unitBytes);
  putWord(bytes, 8, head.id);
  bytes[12] = kinds.indexOf(head.kind) + 1;
  bytes[13] = head.bucket;
  bytes[14] = head.level;
  putWord(bytes, 16, head.count);
  putWord(bytes, 20, head.overflow);
  putWord(bytes, 24, head.version);
  putWord(bytes, 28, Math.floor(head.version / 4294967296));
  bytes.set(body, pageHeadBytes);
  const sum = sumOf(bytes);
  putWord(bytes, 0, sum.a);
  putWord(bytes, 4, sum.b);
  return {bytes, sum};
}

/** The low 32 bits, least significant byte first. */
function putWord(bytes: Uint8Array, at: number, word: number): void {
  for (let i = 0; i < 4; i++) bytes[at + i] = (word >>> (8 * i)) & 0xff;
}

/** A page whose checksum is right. */
export interface IntactPage extends PageHead {
  readonly sum: PageSum;
  /** The entries, with the zeros behind them. */
  readonly body: Uint8Array;
}

/**
 * The page `id` of a file; undefined if it is not there whole, is another one, or was changed. Never throws. Unit as in
 * {@link encodePage}.
 */
export function decodePage(
  file: Uint8Array,
  id: PageId,
  pageBytes: number,
  unitBytes = pageBytes,
  rules = storageRules,
): IntactPage | undefined {
  const at = id * pageBytes;
  if (at + unitBytes > file.length) return undefined;
  const view = new DataView(file.buffer, file.byteOffset + at);
  const overflow = view.getUint32(20, true);
  const kind = kinds[view.getUint8(12) - 1];
  if (kind === undefined || view.getUint32(8, true) !== id) return undefined;
  const end = at + (overflow + 1) * unitBytes;
  if (end > file.length) return undefined;
  const bytes = file.subarray(at, end);
  const sum = {a: view.getInt32(0, true), b: view.getInt32(4, true)};
  if (!rules.isIntact(sum, sumOf(bytes))) return undefined;
  return {
    id,
    kind,
    bucket: view.getUint8(13),
    level: view.getUint8(14),
    count: view.getUint32(16, true),
    overflow,
    version: view.getUint32(24, true) + view.getUint32(28, true) * 4294967296,
    sum,
    body: bytes.subarray(pageHeadBytes),
  };
}

/** The entries of an intact leaf; undefined if it holds no such entries. */
export function decodeLeafEntries({
  body,
  count,
}: IntactPage): {readonly keys: readonly Key[]; readonly values: readonly Value[]} | undefined {
  const reader = new Reader(body);
  const keys: Key[] = [];
  const values: Value[] = [];
  for (let i = 0; i < count && !reader.broken; i++) {
    keys.push(reader.byteString());
    values.push(reader.bytes());
  }
  return reader.broken ? undefined : {keys, values};
}

/** The entries of an intact branch; undefined if it holds no such entries. */
export function decodeBranchEntries({
  body,
  count,
}: IntactPage): {readonly keys: readonly Key[]; readonly links: readonly PageLink[]} | undefined {
  const reader = new Reader(body);
  const keys: Key[] = [];
  const links: PageLink[] = [];
  for (let i = 0; i < count && !reader.broken; i++) {
    keys.push(reader.byteString());
    links.push({id: reader.uint32(), sum: {a: reader.uint32() | 0, b: reader.uint32() | 0}});
  }
  return reader.broken ? undefined : {keys, links};
}

export function sameSum(one: PageSum, other: PageSum): boolean {
  return one.a === other.a && one.b === other.b;
}

/** Of all that follows the checksum. */
function sumOf(page: Uint8Array): PageSum {
  const hasher = new Hasher();
  hasher.bytes(page.subarray(sumBytes));
  const [a, b] = hasher.lanes();
  return {a: a | 0, b: b | 0};
}
