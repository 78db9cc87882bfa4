// A whole store as bytes: what one member hands another that is too far behind for the log. Written with base/codec:
//
//   format u8 (1) · current uint · compacted uint (the compact revision + 1) · changes, oldest first · crc u32
//
//   change   kind u8 · main uint (what it adds to that of the change before; to 0 for the first) · sub uint · key,
//            then by kind
//     1 put          value · lease
//     2 delete       nothing
//     3 cut put      cut · value · lease     3 and 4: the oldest change left of a life that compaction has cut
//     4 cut delete   cut
//   cut      created: main uint · sub uint · dropped uint (puts that are gone, the creating one included)
//
// `crc` is CRC-32C of all before it. The index is not written, it follows from the changes: a put of a key that does not
// live begins a life, a delete ends it, and what compaction dropped of a life is told by its oldest change left. So the
// bytes follow from the content alone, and equal stores have equal bytes, however they came about.

import {crc32c} from "../base/checksum.ts";
import {Reader, Writer} from "../base/codec.ts";
import type {Cut} from "./keyIndex.ts";
import {Store, type Change} from "./store.ts";
import {noValue} from "./versions.ts";

const format = 1;
const kinds = {put: 1, delete: 2, cutPut: 3, cutDelete: 4} as const;
const crcBytes = 4;

export function encodeStore(store: Store): Uint8Array {
  const into = new Writer();
  into.byte(format);
  into.uint(store.currentRevision);
  into.uint(store.compactRevision + 1);
  let main = 0;
  for (const change of store.changes()) {
    writeChange(into, change, main);
    main = change.revision.main;
  }
  const content = into.finish();
  into.uint32(crc32c(content));
  return into.finish();
}

/**
 * The store that was encoded, independent of the bytes; undefined if the bytes are damaged, or are no store's. Never
 * throws. That compaction dropped what it should is not checked: a store that lost too much is handed on as it is.
 */
export function decodeStore(bytes: Uint8Array): Store | undefined {
  const end = bytes.length - crcBytes;
  if (end < 0) return undefined;
  const content = bytes.subarray(0, end);
  if (new Reader(bytes, end).uint32() !== crc32c(content)) return undefined;
  const from = new Reader(content);
  if (from.byte() !== format) return undefined;
  const current = from.uint();
  const compacted = from.uint() - 1;
  const changes: Change[] = [];
  let main = 0;
  while (!from.done) {
    const change = readChange(from, main);
    if (change === undefined) return undefined;
    changes.push(change);
    main = change.revision.main;
  }
  return from.broken ? undefined : Store.restored(current, compacted, changes);
}

function writeChange(into: Writer, {kind, revision, key, value, lease, cut}: Change, before: number): void {
  if (kind === "put") into.byte(cut === undefined ? kinds.put : kinds.cutPut);
  else into.byte(cut === undefined ? kinds.delete : kinds.cutDelete);
  into.uint(revision.main - before);
  into.uint(revision.sub);
  into.byteString(key);
  if (cut !== undefined) {
    into.uint(cut.created.main);
    into.uint(cut.created.sub);
    into.uint(cut.dropped);
  }
  if (kind === "put") {
    into.bytes(value);
    into.byteString(lease);
  }
}

/** Undefined if it is of no known kind. */
function readChange(from: Reader, before: number): Change | undefined {
  const kind = from.byte();
  const revision = {main: before + from.uint(), sub: from.uint()};
  const key = from.byteString();
  switch (kind) {
    case kinds.put:
      return {kind: "put", revision, key, cut: undefined, ...readContent(from)};
    case kinds.delete:
      return {kind: "delete", revision, key, cut: undefined, value: noValue, lease: ""};
    case kinds.cutPut:
      return {kind: "put", revision, key, cut: readCut(from), ...readContent(from)};
    case kinds.cutDelete:
      return {kind: "delete", revision, key, cut: readCut(from), value: noValue, lease: ""};
    default:
      return undefined;
  }
}

function readCut(from: Reader): Cut {
  return {created: {main: from.uint(), sub: from.uint()}, dropped: from.uint()};
}

function readContent(from: Reader): Pick<Change, "value" | "lease"> {
  return {value: from.bytes(), lease: from.byteString()};
}
