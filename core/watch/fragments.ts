// Cutting a response that is too large for one message (etcd server/etcdserver/api/v3rpc/watch.go, sendFragments): between
// events, also between those of one revision. All pieces but the last say that more follows.

import type {KeyValue, StoreEvent} from "../mvcc/kv.ts";
import type {WatchResult} from "./watch.ts";

/** gRPC's own share of a message, on top of the largest request. etcd: grpcOverheadBytes. */
export const responseOverhead = 512 * 1024;

/** Bytes of a response without events: header and watch id, at most. */
const emptyBytes = 64;

/** The response, or its pieces: each smaller than `bytesMax` unless it is a single event. */
export function fragments(result: WatchResult, bytesMax: number): readonly WatchResult[] {
  if (result.events.length < 2) return [result];
  const sizes = result.events.map(bytesOfEvent);
  if (sizes.reduce((sum, size) => sum + size, emptyBytes) < bytesMax) return [result];
  const pieces: WatchResult[] = [];
  let start = 0;
  let bytes = emptyBytes;
  for (const [i, size] of sizes.entries()) {
    if (i > start && bytes + size >= bytesMax) {
      pieces.push({...result, events: result.events.slice(start, i), fragment: true});
      start = i;
      bytes = emptyBytes;
    }
    bytes += size;
  }
  pieces.push({...result, events: result.events.slice(start)});
  return pieces;
}

/** As a protobuf field: a tag and a length around each message. */
function bytesOfEvent({kind, kv, prevKv}: StoreEvent): number {
  const previous = prevKv === undefined ? 0 : framed(bytesOfKv(prevKv));
  return framed((kind === "delete" ? 2 : 0) + framed(bytesOfKv(kv)) + previous);
}

function bytesOfKv({key, value, createRevision, modRevision, version, lease}: KeyValue): number {
  return (
    (key.length === 0 ? 0 : framed(key.length)) +
    (value.length === 0 ? 0 : framed(value.length)) +
    bytesOfNumber(createRevision) +
    bytesOfNumber(modRevision) +
    bytesOfNumber(version) +
    (lease === "" ? 0 : 1 + varint(Number.parseInt(lease, 16)))
  );
}

function bytesOfNumber(value: number): number {
  return value === 0 ? 0 : 1 + varint(value);
}

function framed(length: number): number {
  return 1 + varint(length) + length;
}

/** Bytes of a protobuf varint: seven bits each. */
function varint(value: number): number {
  let bytes = 1;
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes++;
  return bytes;
}
