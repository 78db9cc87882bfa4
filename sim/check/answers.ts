// Whether an answer that a client got is the one that the model gives.

import type {KeyValue, OpResult} from "../../core/mvcc/kv.ts";
import {sameBytes} from "./entries.ts";
import type {KvAnswer} from "./kvModel.ts";

/** Compares all that etcd promises; the order of keys too, unless they were sorted by something else than the key. */
export function sameAnswer(got: KvAnswer, due: KvAnswer): boolean {
  if (got.kind === "error" || due.kind === "error") {
    return got.kind === "error" && due.kind === "error" && got.error === due.error;
  }
  // A compaction's header is filled in when all of it is done, on disk too if it is physical (etcd v3_server.go, Compact).
  if (got.result.kind === "compact" && due.result.kind === "compact") return got.revision >= due.revision;
  if (got.revision !== due.revision) return false;
  if (isOp(got.result) && isOp(due.result)) return sameResult(got.result, due.result);
  return got.result.kind === due.result.kind;
}

function isOp(result: Extract<KvAnswer, {kind: "ok"}>["result"]): result is OpResult {
  return "kvs" in result || result.kind === "put" || result.kind === "deleteRange" || result.kind === "txn";
}

export function sameResult(got: OpResult, due: OpResult): boolean {
  if (got.kind === "range" && due.kind === "range") {
    return got.count === due.count && got.more === due.more && sameKvs(got.kvs, due.kvs);
  }
  if (got.kind === "put" && due.kind === "put") {
    return sameKvs(listOf(got.prevKv), listOf(due.prevKv));
  }
  if (got.kind === "deleteRange" && due.kind === "deleteRange") {
    return got.deleted === due.deleted && sameKvs(got.prevKvs, due.prevKvs);
  }
  if (got.kind === "txn" && due.kind === "txn") {
    if (got.succeeded !== due.succeeded || got.responses.length !== due.responses.length) return false;
    return got.responses.every((one, i) => {
      const other = due.responses[i];
      return other !== undefined && sameResult(one, other);
    });
  }
  return false;
}

function listOf(kv: KeyValue | undefined): readonly KeyValue[] {
  return kv === undefined ? [] : [kv];
}

function sameKvs(got: readonly KeyValue[], due: readonly KeyValue[]): boolean {
  return got.length === due.length && got.every((kv, i) => sameKv(kv, due[i]));
}

/** Whether two versions of a key are the same version. */
export function sameKv(a: KeyValue, b: KeyValue | undefined): boolean {
  return (
    b !== undefined &&
    a.key === b.key &&
    a.createRevision === b.createRevision &&
    a.modRevision === b.modRevision &&
    a.version === b.version &&
    a.lease === b.lease &&
    sameBytes(a.value, b.value)
  );
}
