// Cutting a response that is too large for one message (etcd server/etcdserver/api/v3rpc/watch.go, sendFragments): between
// events, also between those of one revision. All pieces but the last say that more follows.

import {varintBytes} from "../base/codec.ts";
import type {StoreEvent} from "../mvcc/kv.ts";
import {sizeOfKeyValue} from "../mvcc/recordBytes.ts";
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
  const previous = prevKv === undefined ? 0 : framed(sizeOfKeyValue(prevKv));
  return framed((kind === "delete" ? 2 : 0) + framed(sizeOfKeyValue(kv)) + previous);
}

/** Bytes of a message inside another: its field's tag and its length go first. */
function framed(length: number): number {
  return 1 + varintBytes(length) + length;
}
