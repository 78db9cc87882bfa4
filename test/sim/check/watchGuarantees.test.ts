import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {bytesOfKey} from "../../../core/base/key.ts";
import type {StoreEvent} from "../../../core/mvcc/kv.ts";
import {everyKey, Store} from "../../../core/mvcc/store.ts";
import type {Checker, Violation} from "../../../sim/check/checker.ts";
import {watchComplete, watchOrder, watchUnique} from "../../../sim/check/watchGuarantees.ts";
import type {Operation} from "../../../sim/history/operation.ts";
import {Revisions} from "../../../sim/history/revisions.ts";
import type {WorldView} from "../../../sim/view.ts";

/** A member that has made nine revisions (2..10) of the keys a and b, two keys in revision 6. */
function member(): Store {
  const store = new Store();
  for (let revision = 2; revision <= 10; revision++) {
    const key = revision % 3 === 0 ? "b" : "a";
    const put = {kind: "put", key, value: bytesOfKey(String(revision))} as const;
    if (revision === 8) store.apply({kind: "deleteRange", key: "a"});
    else if (revision === 6)
      store.apply({kind: "txn", compare: [], success: [put, {...put, key: "a"}], failure: []});
    else store.apply(put);
  }
  return store;
}

type Batches = readonly (readonly StoreEvent[])[];

/** What a watch of everything from `start` on is due, a batch per revision. */
function due(store: Store, start: number): StoreEvent[][] {
  return store.eventsBetween(start, 11, everyKey).map(({events}) => [...events]);
}

function judged(
  checker: Checker,
  store: Store,
  batches: Batches,
  start: number,
): Violation | "unknown" | undefined {
  const response = (
    events: readonly StoreEvent[],
    created?: true,
  ): Operation["watched"][number]["response"] => ({
    header: {memberId: 1, revision: 10, raftTerm: 1},
    result: {kind: "watch", watchId: 0, events, ...(created === undefined ? {} : {created})},
  });
  const operation: Operation = {
    client: "c1",
    call: 3,
    request: {kind: "watchCreate", key: everyKey.from, rangeEnd: everyKey.to, startRevision: start},
    invoked: {step: 1, at: 0},
    watched: [response([], true), ...batches.map((events) => response(events))].map((one, i) => ({
      moment: {step: 2 + i, at: 0},
      response: one,
    })),
  };
  const revisions = new Revisions();
  revisions.note(store, 0);
  const view = {revisions, operations: [operation], step: 20, last: undefined};
  return checker.end?.(view as unknown as WorldView);
}

const all = (store: Store, batches: Batches, start: number): (string | undefined)[] =>
  [watchOrder(), watchUnique(), watchComplete()].map((checker) => {
    const found = judged(checker, store, batches, start);
    return typeof found === "object" ? found.check : found;
  });

describe("what a watch promises", () => {
  const store = member();

  it("holds for all changes from the start revision to any later one, in order", () => {
    fc.assert(
      fc.property(fc.integer({min: 1, max: 11}), fc.nat(9), (start, length) => {
        expect(all(store, due(store, start).slice(0, length), start)).toEqual([
          undefined,
          undefined,
          undefined,
        ]);
      }),
      {numRuns: 60},
    );
  });

  it("is broken by a change left out before a later one", () => {
    const batches = due(store, 2);
    for (let i = 0; i < batches.length - 1; i++) {
      expect(all(store, batches.toSpliced(i, 1), 2)).toEqual([undefined, undefined, "Watch Completeness"]);
    }
  });

  it("is broken by half a revision", () => {
    const batches = due(store, 2).map((events) => events.slice(0, 1));
    expect(all(store, batches, 2)).toEqual([undefined, undefined, "Watch Completeness"]);
  });

  it("is broken by a revision in two answers", () => {
    const batches = due(store, 2).flatMap((events) => events.map((event) => [event]));
    expect(all(store, batches, 2)).toEqual(["Watch Order", undefined, undefined]);
  });

  it("is broken by a change told twice, and by changes in another order", () => {
    const batches = due(store, 2);
    const again = batches[3] ?? [];
    expect(all(store, batches.toSpliced(4, 0, again), 2)).toEqual([
      "Watch Order",
      "Watch Without Duplicates",
      undefined,
    ]);
    expect(all(store, batches.toReversed(), 2)).toEqual(["Watch Order", undefined, undefined]);
  });

  it("is broken by a change that was never made", () => {
    const batches = due(store, 2).map((events) =>
      events.map((event) => ({...event, kv: {...event.kv, version: event.kv.version + 1}})),
    );
    expect(all(store, batches, 2)).toEqual([undefined, undefined, "Watch Completeness"]);
  });

  it("is broken by a change from before the start", () => {
    expect(all(store, due(store, 4), 5)).toEqual([undefined, undefined, "Watch Completeness"]);
  });

  it("names the watch, the key and the revision", () => {
    const found = judged(watchComplete(), store, due(store, 2).slice(1), 2);
    expect(found).toMatchObject({
      said: {id: "watchMissed", args: {client: "c1", watch: "op:c1#3", key: "a", revision: 2}},
    });
  });
});
