// Histories that chance seldom draws, or that once told the two apart: ours answers as a real etcd does.

import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {bytesOfKey} from "../../core/base/key.ts";
import type {RequestOp, TxnRequest} from "../../core/mvcc/kv.ts";
import {etcdVersion} from "../support/etcd.ts";
import {agree, step} from "./history.ts";
import {Pair} from "./pair.ts";

const version = etcdVersion();

const put = (key: string, value = "1"): Extract<RequestOp, {kind: "put"}> => ({
  kind: "put",
  key,
  value: bytesOfKey(value),
});
const all = {kind: "range", key: "\0", rangeEnd: "\0"} as const;
const txn = (...success: readonly RequestOp[]): TxnRequest => ({
  kind: "txn",
  compare: [],
  success,
  failure: [],
});
const times = (count: number, op: RequestOp): readonly RequestOp[] => Array.from({length: count}, () => op);

describe.runIf(version !== undefined)(`beside etcd ${version}`, () => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await Pair.start();
  }, 30_000);
  afterAll(async () => pair.stop());

  it("a store that was never written compacts at 0 once, and at 1, and no further", async () => {
    for (const revision of [0, 0, -1, 2, 1, 1]) {
      expect(await step(pair, {kind: "compact", revision}), `compact ${revision}`).toBeUndefined();
    }
  });

  it("a lease's time to live is at least 2 s and at most 9,000,000,000 s", async () => {
    const lease = "00000000000000ff";
    for (const ttl of [-5, 0, 1, 2, 3, 9_000_000_000, 9_000_000_001]) {
      await agree(pair, [
        {kind: "leaseGrant", lease, ttl},
        {kind: "leaseRevoke", lease},
      ]);
    }
  });

  it("a transaction has at most 128 operations, those of the ones in it counted in", async () => {
    const inner = (count: number): RequestOp => txn(...times(count, all));
    await agree(pair, [
      txn(...times(128, all)),
      txn(...times(129, all)),
      {...txn(), failure: times(129, all)},
      {
        ...txn(),
        compare: Array.from(
          {length: 129},
          () => ({key: "a", result: "=", target: {kind: "mod", value: 0}}) as const,
        ),
      },
      txn(inner(127)),
      txn(inner(128)),
      txn(inner(64), inner(64), inner(64)),
      txn(...times(64, all), inner(64)),
      txn(...times(63, all), inner(65)),
      txn(txn(inner(126))),
      txn(txn(inner(127))),
    ]);
  });

  it("a request has at most 1.5 MiB", async () => {
    await agree(pair, [
      {kind: "put", key: "a", value: new Uint8Array(1_572_000)},
      {kind: "put", key: "a", value: new Uint8Array(1_600_000)},
      {kind: "range", key: "a", keysOnly: true},
    ]);
  });

  it("a watch's, a key's and a lease's revision are those of the store, however large the request's is", async () => {
    await agree(pair, [
      put("a"),
      {kind: "range", key: "a", revision: Number.MAX_SAFE_INTEGER},
      {kind: "compact", revision: Number.MAX_SAFE_INTEGER},
      {kind: "range", key: "a", limit: Number.MAX_SAFE_INTEGER},
      {kind: "range", key: "a", minModRevision: Number.MAX_SAFE_INTEGER},
    ]);
  });

  it("a revoked lease takes its keys in one revision, and a key has only the lease it got last", async () => {
    const [one, other] = ["0000000000000001", "ffffffffffffffff"] as const;
    await agree(pair, [
      {kind: "leaseGrant", lease: one, ttl: 1000},
      {kind: "leaseGrant", lease: other, ttl: 1000},
      {...put("b"), lease: one},
      {...put("a"), lease: one},
      {...put("c"), lease: one},
      {...put("b"), lease: other},
      put("c"),
      {kind: "leaseTimeToLive", lease: one, keys: true},
      {kind: "leaseRevoke", lease: one},
      all,
      {kind: "leaseTimeToLive", lease: other, keys: true},
      {kind: "put", key: "b", value: bytesOfKey("2"), ignoreLease: true},
      {kind: "leaseRevoke", lease: other},
      all,
    ]);
  });

  it("compares of a transaction see nothing of it, the nested ones neither", async () => {
    const nested: TxnRequest = {
      kind: "txn",
      compare: [{key: "a", result: "=", target: {kind: "version", value: 0}}],
      success: [put("b", "absent")],
      failure: [put("b", "present")],
    };
    await agree(pair, [txn(put("a"), nested, {kind: "range", key: "b"}), txn(nested), all]);
  });

  it("a put that lacks its key and its lease lacks the key within a transaction, and the lease on its own", async () => {
    const lacking = {...put("a", ""), ignoreValue: true, lease: "00000000000000ff"};
    await agree(pair, [lacking, txn(lacking)]);
  });
});
