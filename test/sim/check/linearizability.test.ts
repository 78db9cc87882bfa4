import {describe, expect, it} from "vitest";
import type {Outcome} from "../../../core/client/io.ts";
import {bytesOfKey} from "../../../core/base/key.ts";
import type {KeyValue} from "../../../core/mvcc/kv.ts";
import {encodeCommand} from "../../../core/server/command.ts";
import type {WriteRequest} from "../../../core/server/command.ts";
import {apiErrors} from "../../../core/server/request.ts";
import type {Request, Response} from "../../../core/server/request.ts";
import {freshKvState, kvStep} from "../../../sim/check/kvModel.ts";
import {judge} from "../../../sim/check/linearizability.ts";
import {AppliedEntry} from "../../../sim/history/appliedLog.ts";
import type {Operation} from "../../../sim/history/operation.ts";

const bytes = (text: string): Uint8Array => bytesOfKey(text);
const put = (key: string, value: string): Request => ({kind: "put", key, value: bytes(value)});
const get = (key: string, revision = 0): Request => ({kind: "range", key, revision});

function ok(revision: number, result: Response["result"]): Outcome {
  return {kind: "ok", response: {header: {memberId: 1, revision, raftTerm: 1}, result}};
}

function kv(key: string, value: string, create: number, mod: number, version: number): KeyValue {
  return {key, value: bytes(value), createRevision: create, modRevision: mod, version, lease: ""};
}

function range(...kvs: KeyValue[]): Response["result"] {
  return {kind: "range", kvs, more: false, count: kvs.length};
}

/** One after another, unless an operation is given its times. */
function operations(
  ...list: readonly (readonly [Request, Outcome | undefined, number?, number?])[]
): Operation[] {
  return list.map(([request, outcome, from, to], i) => {
    const invoked = {step: from ?? 10 * i + 1, at: 0};
    const returned = {step: to ?? 10 * i + 5, at: 0};
    const base = {client: "c1", call: i + 1, request, invoked, watched: []};
    return outcome === undefined ? base : {...base, returned, outcome};
  });
}

/** A log of these requests, each with the step at which it was applied and the revisions before and after. */
function logOf(...list: readonly (readonly [WriteRequest, number, number, number])[]): {
  readonly appliedLog: readonly AppliedEntry[];
} {
  const appliedLog = list.map(([request, step, least, most], i) => {
    const data = encodeCommand({proposer: 1, nonce: 1, sequence: i, request});
    const entry = {index: i + 1, term: 1, type: "normal", data} as const;
    return new AppliedEntry(entry, {moment: {step, at: 0}, member: 1, least, most});
  });
  return {appliedLog};
}

describe("linearizability of a key-value history", () => {
  it("holds for writes and reads that tell one story, revisions included", () => {
    const history = operations(
      [put("x", "1"), ok(2, {kind: "put"})],
      [get("x"), ok(2, range(kv("x", "1", 2, 2, 1)))],
      [put("x", "2"), ok(3, {kind: "put"})],
      [get("x", 2), ok(3, range(kv("x", "1", 2, 2, 1)))],
      [{kind: "deleteRange", key: "x"}, ok(4, {kind: "deleteRange", deleted: 1, prevKvs: []})],
      [get("x"), ok(4, range())],
      [{kind: "deleteRange", key: "x"}, ok(4, {kind: "deleteRange", deleted: 0, prevKvs: []})],
    );
    expect(judge(history, 10_000)).toMatchObject({kind: "held", judged: 7});
  });

  it("is violated by a read that misses a write that had returned", () => {
    const history = operations([put("x", "1"), ok(2, {kind: "put"})], [get("x"), ok(1, range())]);
    const found = judge(history, 10_000);
    expect(found.kind === "violated" && found.blocked.operation?.call).toBe(2);
  });

  it("is violated by one wrong field: value, version, create or mod revision, header revision", () => {
    const right = kv("x", "1", 2, 2, 1);
    const wrong: readonly (readonly [number, KeyValue])[] = [
      [2, {...right, value: bytes("2")}],
      [2, {...right, version: 2}],
      [2, {...right, createRevision: 1}],
      [2, {...right, modRevision: 3}],
      [3, right],
    ];
    for (const [revision, got] of wrong) {
      const history = operations([put("x", "1"), ok(2, {kind: "put"})], [get("x"), ok(revision, range(got))]);
      expect(judge(history, 10_000).kind).toBe("violated");
    }
  });

  it("lets a write without an answer have happened or not", () => {
    const seen = range(kv("x", "lost", 2, 2, 1));
    const lost = [put("x", "lost"), undefined] as const;
    expect(judge(operations(lost, [get("x"), ok(1, range())]), 10_000).kind).toBe("held");
    expect(judge(operations(lost, [get("x"), ok(2, seen)]), 10_000).kind).toBe("held");
    expect(judge(operations(lost, [get("x"), ok(2, seen)], [get("x"), ok(1, range())]), 10_000).kind).toBe(
      "violated",
    );
  });

  it("lets a write that definitely failed not have happened", () => {
    const failed: Outcome = {kind: "failed", error: apiErrors.noLeader};
    const seen = range(kv("x", "1", 2, 2, 1));
    expect(judge(operations([put("x", "1"), failed], [get("x"), ok(1, range())]), 10_000).kind).toBe("held");
    expect(judge(operations([put("x", "1"), failed], [get("x"), ok(2, seen)]), 10_000).kind).toBe("violated");
  });

  it("judges compaction: a read before it is refused, and only such a read", () => {
    const writes = [
      [put("x", "1"), ok(2, {kind: "put"})],
      [put("x", "2"), ok(3, {kind: "put"})],
      [{kind: "compact", revision: 3}, ok(3, {kind: "compact"})],
    ] as const;
    const refused: Outcome = {kind: "failed", error: apiErrors.compacted};
    expect(judge(operations(...writes, [get("x", 2), refused]), 10_000).kind).toBe("held");
    expect(judge(operations(...writes, [get("x", 3), refused]), 10_000).kind).toBe("violated");
    expect(
      judge(operations(...writes, [get("x", 2), ok(3, range(kv("x", "1", 2, 2, 1)))]), 10_000).kind,
    ).toBe("violated");
  });

  it("tells states apart by how much of the log is over, though the entry that is over was refused", () => {
    const request = {kind: "leaseRevoke", lease: "0000000000000007"} as const;
    const {state} = kvStep(freshKvState, {kind: "logged", request, least: 1, most: 1, place: 0});
    expect(state.logged).toBe(1);
    expect([state.hashA, state.hashB]).not.toEqual([freshKvState.hashA, freshKvState.hashB]);
  });

  it("judges a transaction at one instant: compares before, writes in order, one revision", () => {
    const txn: Request = {
      kind: "txn",
      compare: [{key: "x", result: "=", target: {kind: "version", value: 0}}],
      success: [
        {kind: "put", key: "x", value: bytes("a")},
        {kind: "range", key: "x"},
      ],
      failure: [{kind: "range", key: "x"}],
    };
    const mine = kv("x", "a", 2, 2, 1);
    const won = ok(2, {kind: "txn", succeeded: true, responses: [{kind: "put"}, range(mine) as never]});
    const lost = ok(2, {kind: "txn", succeeded: false, responses: [range(mine) as never]});
    expect(judge(operations([txn, won, 1, 9], [txn, lost, 2, 8]), 10_000).kind).toBe("held");
    expect(judge(operations([txn, won, 1, 9], [txn, won, 2, 8]), 10_000).kind).toBe("violated");
  });

  it("lets a compaction's header be of a later moment than the compaction, never of an earlier one", () => {
    const through = (header: number): Operation[] =>
      operations(
        [put("x", "1"), ok(2, {kind: "put"})],
        [put("x", "2"), ok(3, {kind: "put"})],
        [{kind: "compact", revision: 2, physical: true}, ok(header, {kind: "compact"}), 21, 60],
        [{kind: "compact", revision: 3}, ok(3, {kind: "compact"}), 31, 35],
        [put("x", "3"), ok(4, {kind: "put"}), 41, 45],
      );
    expect(judge(through(4), 10_000).kind).toBe("held");
    expect(judge(through(2), 10_000).kind).toBe("violated");
  });

  it("lets a compaction without an answer have happened, when a later read is refused for it", () => {
    const refused: Outcome = {kind: "failed", error: apiErrors.compacted};
    const lost = [
      [put("a", "1"), undefined],
      [{kind: "compact", revision: 2}, undefined],
    ] as const;
    expect(judge(operations(...lost, [{kind: "compact", revision: 2}, refused]), 10_000).kind).toBe("held");
    expect(judge(operations(lost[0], [{kind: "compact", revision: 2}, refused]), 10_000).kind).toBe(
      "violated",
    );
    const inside: Request = {kind: "txn", compare: [], success: [get("a", 1) as never], failure: []};
    expect(judge(operations(...lost, [inside, refused]), 10_000).kind).toBe("held");
    // One revision further, or revision 1 could not be gone.
    expect(judge(operations(...lost, [get("a", 1), refused]), 10_000).kind).toBe("held");
  });

  it("sorts by what was asked: without an order the limit cuts first, with one last", () => {
    const [a, b] = [kv("a", "2", 3, 3, 1), kv("b", "1", 2, 2, 1)];
    const writes = [
      [put("b", "1"), ok(2, {kind: "put"})],
      [put("a", "2"), ok(3, {kind: "put"})],
    ] as const;
    const all = {kind: "range", key: "a", rangeEnd: "\0", sortTarget: "mod"} as const;
    const cut = (first: KeyValue): Response["result"] => ({
      kind: "range",
      kvs: [first],
      more: true,
      count: 2,
    });
    expect(judge(operations(...writes, [all, ok(3, range(b, a))]), 10_000).kind).toBe("held");
    expect(judge(operations(...writes, [all, ok(3, range(a, b))]), 10_000).kind).toBe("violated");
    const descending = {...all, limit: 1, sortOrder: "descend"} as const;
    expect(judge(operations(...writes, [descending, ok(3, cut(a))]), 10_000).kind).toBe("held");
    expect(judge(operations(...writes, [descending, ok(3, cut(b))]), 10_000).kind).toBe("violated");
  });

  it("refuses a whole transaction for a read in it, however deep: the future, and the past below the compaction", () => {
    const nested = (revision: number): Request => ({
      kind: "txn",
      compare: [],
      success: [{kind: "txn", compare: [], success: [{kind: "range", key: "a", revision}], failure: []}],
      failure: [],
    });
    const writes = [
      [put("a", "1"), ok(2, {kind: "put"})],
      [put("a", "2"), ok(3, {kind: "put"})],
      [{kind: "compact", revision: 3}, ok(3, {kind: "compact"})],
    ] as const;
    const future: Outcome = {kind: "failed", error: apiErrors.futureRevision};
    const compacted: Outcome = {kind: "failed", error: apiErrors.compacted};
    expect(judge(operations(...writes, [nested(9), future]), 10_000).kind).toBe("held");
    expect(judge(operations(...writes, [nested(-1), compacted]), 10_000).kind).toBe("held");
    expect(judge(operations(...writes, [nested(3), compacted]), 10_000).kind).toBe("violated");
  });

  it("lets the change that made a refusal true have happened, though no answer speaks of its revision", () => {
    const refused = (error: keyof typeof apiErrors): Outcome => ({kind: "failed", error: apiErrors[error]});
    const keep: Request = {kind: "put", key: "a", value: bytes(""), ignoreValue: true};
    const gone = {kind: "deleteRange", key: "a"} as const;
    const wrote = [put("a", "1"), ok(2, {kind: "put"})] as const;
    const kept = [keep, refused("keyNotFound")] as const;
    expect(judge(operations(wrote, [gone, undefined], kept), 10_000).kind).toBe("held");
    expect(judge(operations(wrote, kept), 10_000).kind).toBe("violated");
    const log = logOf([{kind: "put", key: "a", value: bytes("1")}, 2, 1, 2], [gone, 12, 2, 3]);
    expect(judge(operations(wrote, [gone, undefined], kept), 10_000, log).kind).toBe("held");
    // What nobody has applied did not happen.
    const without = {appliedLog: log.appliedLog.slice(0, 1)};
    expect(judge(operations(wrote, [gone, undefined], kept), 10_000, without).kind).toBe("violated");
  });

  it("lets a lease have ended, or begun, by what only the log shows, or nobody was told of", () => {
    const refused = (error: keyof typeof apiErrors): Outcome => ({kind: "failed", error: apiErrors[error]});
    const grant = {kind: "leaseGrant", lease: "0a", ttl: 1} as const;
    const attach = (key: string) => ({kind: "put", key, value: bytes("1"), lease: "0a"}) as const;
    const granted = [grant, ok(1, {kind: "leaseGrant", lease: "0a", ttl: 1})] as const;
    const attached = [attach("a"), ok(2, {kind: "put"})] as const;
    const late = [attach("b"), refused("leaseNotFound")] as const;
    const before = [
      [grant, 2, 1, 1],
      [attach("a"), 12, 1, 2],
    ] as const;
    const ended = logOf(...before, [{kind: "leaseRevoke", lease: "0a"}, 16, 2, 3]);
    expect(judge(operations(granted, attached, late), 10_000, ended).kind).toBe("held");
    expect(judge(operations(granted, attached, late), 10_000, logOf(...before)).kind).toBe("violated");
    const again = [grant, refused("leaseExists")] as const;
    expect(judge(operations([grant, undefined], again), 10_000).kind).toBe("held");
    expect(judge(operations(again), 10_000).kind).toBe("violated");
  });
});
