// The known differences between ours and Debian's etcd 3.4.23, each with both answers. The README says which side etcd is on
// today, and where that can be read. A difference that goes away makes its test fail: then it leaves the list.

import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {bytesOfKey} from "../../core/base/key.ts";
import type {RequestOp, StoreEvent, TxnRequest} from "../../core/mvcc/kv.ts";
import {apiErrors} from "../../core/server/request.ts";
import type {Request, Response, Result} from "../../core/server/request.ts";
import type {WatchCreateRequest, WatchResult} from "../../core/watch/watch.ts";
import {etcdVersion} from "../support/etcd.ts";
import {Pair} from "./pair.ts";
import type {Asked} from "./pair.ts";

const version = etcdVersion();

const put = (key: string, value = "1"): Extract<RequestOp, {kind: "put"}> => ({
  kind: "put",
  key,
  value: bytesOfKey(value),
});
const txn = (...success: readonly RequestOp[]): TxnRequest => ({
  kind: "txn",
  compare: [],
  success,
  failure: [],
});
const error = (name: keyof typeof apiErrors): Result => ({kind: "error", error: apiErrors[name]});

describe.runIf(version !== undefined)(`ours and etcd ${version} differ:`, () => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await Pair.start();
  }, 30_000);
  afterAll(async () => pair.stop());

  /** Both results of the last request, after the others; -1 and the like stand for revisions before the last write. */
  async function results(
    ...asked: readonly Asked[]
  ): Promise<{readonly ours: Result; readonly real: Result}> {
    await pair.reset();
    let answers: {readonly ours: Response; readonly real: Response} | undefined;
    for (const request of asked) answers = await pair.ask(request);
    if (answers === undefined) throw new Error("nothing was asked");
    return {ours: answers.ours.result, real: answers.real.result};
  }

  /** What each tells of watches until `until` holds of the real one's; then `rest` is asked, and as much again is told. */
  async function watched(
    requests: readonly Request[],
    until: (told: readonly WatchResult[]) => boolean,
    rest: readonly Request[] = [],
  ): Promise<{readonly ours: readonly WatchResult[]; readonly real: readonly WatchResult[]}> {
    const stream = 1000 + pair.ours.now;
    pair.ours.eager.add(stream);
    const ours: WatchResult[] = [];
    const real: WatchResult[] = [];
    pair.heard = (on, {result}) => {
      if (on === stream && result.kind === "watch") ours.push(result);
    };
    for (const request of [...requests, ...rest]) pair.tellOurs(stream, request);
    await new Promise<void>((resolve, reject) => {
      let enough = Infinity;
      const told = pair.real.watch({
        response: ({result}) => {
          if (result.kind === "watch") real.push(result);
          if (enough === Infinity && until(real)) {
            enough = real.length + rest.length;
            for (const request of rest) told.send(request as WatchCreateRequest);
          }
          if (real.length < enough) return;
          told.close();
          resolve();
        },
        ended: ({message}) => reject(new Error(message)),
      });
      for (const request of requests) told.send(request as WatchCreateRequest);
    });
    pair.ours.eager.delete(stream);
    pair.ours.input(1, {kind: "streamClosed", stream});
    pair.heard = undefined;
    return {ours, real};
  }

  it("a range of keys only has their leases there, and not here (HEAD answers from the index)", async () => {
    const lease = "00000000000000ff";
    const {ours, real} = await results(
      {kind: "leaseGrant", lease, ttl: 1000},
      {...put("a"), lease},
      {kind: "range", key: "a", keysOnly: true},
    );
    expect(ours).toMatchObject({kvs: [{key: "a", lease: ""}]});
    expect(real).toMatchObject({kvs: [{key: "a", lease}]});
  });

  it("a delete from a key on and a put of one of those keys pass as one transaction there (#22445)", async () => {
    const {ours, real} = await results(
      put("b"),
      txn({kind: "deleteRange", key: "a", rangeEnd: "\0"}, put("b", "2")),
    );
    expect(ours).toEqual(error("duplicateKey"));
    expect(real).toMatchObject({kind: "txn", succeeded: true, responses: [{deleted: 1}, {kind: "put"}]});
  });

  it("a put and a delete of its key in a later nested transaction pass there (#16380)", async () => {
    const {ours, real} = await results(txn(txn(put("a")), txn({kind: "deleteRange", key: "a"})));
    expect(ours).toEqual(error("duplicateKey"));
    expect(real).toMatchObject({kind: "txn", succeeded: true});
    const reverse = await results(txn(txn({kind: "deleteRange", key: "a"}), txn(put("a"))));
    expect(reverse.ours).toEqual(error("duplicateKey"));
    expect(reverse.real).toEqual(error("duplicateKey"));
  });

  it("a transaction with two faults is refused for its put there, and for what comes first here (HEAD)", async () => {
    const {ours, real} = await results(
      txn({kind: "range", key: "a", revision: 1_000_000}, {...put("a"), lease: "00000000000000ff"}),
    );
    expect(ours).toEqual(error("futureRevision"));
    expect(real).toEqual(error("leaseNotFound"));
  });

  it("a tombstone at the revision compacted at is kept here, and by etcd since 3.4.33 (#18089)", async () => {
    await results(put("a"), {kind: "deleteRange", key: "a"}, put("b"));
    const {start} = pair.moment;
    const [deleted, last] = [start + 2, start + 3];
    await pair.ask({kind: "compact", revision: deleted, physical: true});
    const {ours, real} = await watched(
      [{kind: "watchCreate", key: "a", rangeEnd: "c", startRevision: deleted}],
      (told) => told.some(({events}) => events.some(({kv}) => kv.modRevision === last)),
    );
    const told = (all: readonly WatchResult[]): readonly string[] =>
      all.flatMap(({events}) => events.map(({kind, kv}: StoreEvent) => `${kind} ${kv.key}`));
    expect(told(ours)).toEqual(["delete a", "put b"]);
    expect(told(real)).toEqual(["put b"]);
  });

  it("a watch from a negative revision is refused here, and created and then compacted there", async () => {
    await results(put("a"));
    const {ours, real} = await watched([{kind: "watchCreate", key: "a", startRevision: -1}], (told) =>
      told.some(({canceled}) => canceled === true),
    );
    expect(ours).toEqual([
      {
        kind: "watch",
        watchId: -1,
        created: true,
        canceled: true,
        cancelReason: apiErrors.compacted.message,
        events: [],
      },
    ]);
    expect(real).toMatchObject([
      {watchId: 0, created: true},
      {watchId: 0, canceled: true},
    ]);
  });

  it("a request over 2 MiB is refused by etcd's gRPC before the server sees it", async () => {
    const {ours, real} = await results({kind: "put", key: "a", value: new Uint8Array(3_000_000)});
    expect(ours).toEqual(error("requestTooLarge"));
    expect(real).toMatchObject({
      error: {
        code: "ResourceExhausted",
        message: expect.stringMatching(/^grpc: received message larger than max/),
      },
    });
  });

  it("a status tells the version it follows, and a newer etcd's fields", async () => {
    const {ours, real} = await results(put("a"), {kind: "status"});
    expect(real).toMatchObject({version, dbSizeQuota: 0, leader: 1, isLearner: false, errors: []});
    expect(ours).toMatchObject({version: "3.8.0-alpha.0", leader: 1, isLearner: false, errors: []});
  });

  it("there is no way to ask 3.4 for the status of authentication", async () => {
    const {real} = await results({kind: "authStatus"});
    expect(real).toMatchObject({
      error: {code: "Unimplemented", message: "unknown method AuthStatus for service etcdserverpb.Auth"},
    });
  });

  it("a request for progress is answered there though a watch has not caught up (#15220)", async () => {
    await results(put("a"), put("a"));
    const watch = {kind: "watchCreate", key: "a", startRevision: pair.moment.start + 1} as const;
    const order = (all: readonly WatchResult[]): readonly string[] =>
      all.map(({watchId, created, events}) =>
        watchId === -1 ? "progress" : created === true ? "created" : `${events.length} events`,
      );
    const orders: (readonly string[])[] = [];
    // The real one looks for watches to catch up every 100 ms: it may do so just between the two requests.
    while (orders.length < 10 && orders.at(-1)?.[1] !== "progress") {
      const {ours, real} = await watched([watch, {kind: "watchProgress"}], (told) => told.length === 3);
      expect(order(ours)).toEqual(["created", "2 events", "progress"]);
      orders.push(order(real));
    }
    expect(orders.at(-1)).toEqual(["created", "progress", "2 events"]);
  });

  it("the revision compacted at has a hash here (HEAD), and has not there; nor is the revision told there", async () => {
    await pair.reset();
    const {start} = pair.moment;
    await pair.ask(put("a"));
    await pair.ask({kind: "compact", revision: start + 1, physical: true});
    const current = await pair.ask({kind: "hashKv"});
    expect(current.ours.result).toMatchObject({compactRevision: start + 1, hashRevision: start + 1});
    expect(current.real.result).toMatchObject({compactRevision: start + 1, hashRevision: 0});
    const {ours, real} = await pair.ask({kind: "hashKv", revision: start + 1});
    expect(ours.result).toEqual(current.ours.result);
    expect(real.result).toEqual(error("compacted"));
  });
});
