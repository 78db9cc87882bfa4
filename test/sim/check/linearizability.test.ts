import {describe, expect, it} from "vitest";
import type {Outcome} from "../../../core/client/io.ts";
import {bytesOfKey} from "../../../core/base/key.ts";
import type {KeyValue} from "../../../core/mvcc/kv.ts";
import {encodeCommand} from "../../../core/server/command.ts";
import type {WriteRequest} from "../../../core/server/command.ts";
import {apiErrors} from "../../../core/server/request.ts";
import type {Request, Response} from "../../../core/server/request.ts";
import {freshKvState, kvStep} from "../../../sim/check/kvModel.ts";
import {judge, Linearizability} from "../../../sim/check/linearizability.ts";
import {AppliedEntry} from "../../../sim/history/appliedLog.ts";
import type {Operation} from "../../../sim/history/operation.ts";
import type {WorldView} from "../../../sim/view.ts";

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

describe("what contradicts each other", () => {
  /** What is said of a history: which sentence, of which two operations; `log`: of a run whose log is known. */
  function saidOf(
    history: readonly Operation[],
    log: Partial<ReturnType<typeof logOf>> = {},
  ): readonly unknown[] {
    const view = {operations: history, appliedLog: undefined, step: 99, last: undefined, ...log};
    const violation = new Linearizability().end(view as unknown as WorldView);
    if (violation === undefined || violation === "unknown") return [violation];
    const {id, refs, args} = violation.said;
    expect(args["operation"]).toBe(refs.at(-1));
    return [id, ...refs.map((ref) => Number(/^op:c1#(\d+)$/.exec(ref)?.[1]))];
  }
  const [one, two] = [kv("x", "1", 2, 2, 1), kv("x", "2", 2, 3, 2)];
  const writes = [
    [put("x", "1"), ok(2, {kind: "put"})],
    [put("x", "2"), ok(3, {kind: "put"})],
  ] as const;

  it("is a stale read, and the write that had returned", () => {
    expect(saidOf(operations(...writes, [get("x"), ok(2, range(one))]))).toEqual(["showsLess", 2, 3]);
    // As long as they overlap, it may be.
    expect(saidOf(operations(...writes, [get("x"), ok(2, range(one)), 14, 30]))).toEqual([undefined]);
  });

  it("is a read, and the write that it misses; or that changed what it asked for after it", () => {
    expect(saidOf(operations(...writes, [get("x"), ok(3, range(one))]))).toEqual(["missesChange", 2, 3]);
    expect(saidOf(operations(...writes, [get("x", 2), ok(3, range(two))]))).toEqual(["missesChange", 2, 3]);
    const early = [get("x"), ok(1, range(one)), 1, 30] as const;
    expect(saidOf(operations(early, [put("x", "1"), ok(2, {kind: "put"})]))).toEqual(["missesChange", 2, 1]);
    const gone = {kind: "deleteRange", key: "x", prevKv: true} as const;
    const wrong = ok(4, {kind: "deleteRange", deleted: 1, prevKvs: [one]});
    expect(saidOf(operations(...writes, [gone, wrong]))).toEqual(["missesChange", 2, 3]);
  });

  it("is two writes that made one revision, and two between which nobody made one", () => {
    const again = [put("y", "1"), ok(3, {kind: "put"})] as const;
    expect(saidOf(operations(...writes, again))).toEqual(["sameRevision", 2, 3]);
    expect(saidOf(operations(writes[0], [put("x", "2"), ok(4, {kind: "put"})]))).toEqual([
      "revisionOfNobody",
      1,
      2,
    ]);
    expect(saidOf(operations([get("x"), ok(1, range())], [get("x"), ok(2, range(one))]))).toEqual([
      "revisionOfNobody",
      1,
      2,
    ]);
  });

  it("is one operation alone, that no fresh store answers so", () => {
    expect(saidOf(operations([get("x"), ok(1, range(one))]))).toEqual(["notLinearizable", 1]);
    expect(saidOf(operations([put("x", "1"), ok(1, {kind: "put"})]))).toEqual(["notLinearizable", 1]);
    expect(saidOf(operations([get("x"), ok(0, range())]))).toEqual(["notLinearizable", 1]);
  });

  it("is said to be so given the log, where clients could not tell", () => {
    const lost = [
      [put("x", "1"), undefined, 1],
      [put("x", "2"), undefined, 2],
    ] as const;
    const [a, b] = [put("x", "1"), put("x", "2")] as readonly WriteRequest[] as readonly [
      WriteRequest,
      WriteRequest,
    ];
    const read = [get("x"), ok(3, range(two)), 8, 9] as const;
    const [first, second] = [logOf([a, 4, 1, 2], [b, 5, 2, 3]), logOf([b, 4, 1, 2], [a, 5, 2, 3])];
    expect(saidOf(operations(...lost, read))).toEqual([undefined]);
    expect(saidOf(operations(...lost, read), first)).toEqual([undefined]);
    expect(saidOf(operations(...lost, read), second)).toEqual(["contradictsByLog", 1, 3]);
    // What no order explains anyway needs no log.
    const never = [get("x"), ok(3, range(kv("x", "3", 2, 3, 2))), 8, 9] as const;
    expect(saidOf(operations(...lost, never), first)).toEqual(["missesChange", 2, 3]);
    // Nobody has applied it, and it was read.
    expect(saidOf(operations(lost[0], [get("x"), ok(2, range(one)), 8, 9]), logOf())).toEqual([
      "notLinearizableByLog",
      2,
    ]);
  });

  it("is found among what is known, though a revision before it is of nobody known", () => {
    const lost = [put("a", "1"), undefined, 1] as const;
    const after = [put("y", "1"), ok(3, {kind: "put"}), 11, 15] as const;
    const history = operations(lost, after, [get("x"), ok(2, range()), 21, 25]);
    expect(judge(history, 0)).toMatchObject({kind: "violated", by: "sweep", breach: {why: "time"}});
    // What begins when another returns overlaps it.
    expect(judge(operations(lost, after, [get("x"), ok(2, range()), 15, 25]), 10_000).kind).toBe("held");
  });
});

describe("what the log tells", () => {
  const x1: WriteRequest = {kind: "put", key: "x", value: bytes("1")};
  const x2: WriteRequest = {kind: "put", key: "x", value: bytes("2")};
  const y1: WriteRequest = {kind: "put", key: "y", value: bytes("1")};
  const one = kv("x", "1", 2, 2, 1);
  const wrote = (revision: number): Outcome => ok(revision, {kind: "put"});
  const grant = {kind: "leaseGrant", lease: "0a", ttl: 1} as const;
  const granted = (revision: number): Outcome => ok(revision, {kind: "leaseGrant", lease: "0a", ttl: 1});
  const revoke = {kind: "leaseRevoke", lease: "0a"} as const;
  const compact = {kind: "compact", revision: 3} as const;
  const refused: Outcome = {kind: "failed", error: apiErrors.compacted};
  const lost = [x1, undefined, 1] as const;
  const seen = [get("x"), ok(2, range(one)), 11, 15] as const;

  it("does not count an entry that the store refused for what the model does not know", () => {
    const history = operations(lost, [y1, undefined, 2], seen, [x2, wrote(3), 21, 25]);
    const log = logOf([x1, 5, 1, 2], [y1, 6, 2, 2], [x2, 22, 2, 3]);
    expect(judge(history, 0, log)).toMatchObject({kind: "held", by: "sweep"});
    const before = {appliedLog: log.appliedLog.slice(0, 2)};
    expect(judge(history.slice(0, 3), 0, before)).toMatchObject({kind: "held", by: "sweep"});
  });

  it("does not count where it and the answers do not fit together: then it is searched", () => {
    const bySearch = {kind: "held", by: "search"};
    // It ends at a revision to which what it holds does not lead.
    expect(judge(operations(lost, seen), 10_000, logOf([x1, 5, 1, 3]))).toMatchObject(bySearch);
    // Another made the revision that somebody was answered.
    const swapped = operations(lost, seen, [x2, wrote(3), 21, 25], [y1, wrote(4), 22, 26]);
    const log = logOf([x1, 5, 1, 2], [y1, 23, 2, 3], [x2, 24, 3, 4]);
    expect(judge(swapped, 10_000, log)).toMatchObject(bySearch);
    // Somebody was answered what it does not have.
    const more = operations(lost, seen, [x2, wrote(3), 21, 25]);
    expect(judge(more, 10_000, logOf([x1, 5, 1, 2]))).toMatchObject(bySearch);
  });

  it("is of compactions that nobody asked for, too", () => {
    const history = operations([x1, wrote(2)], [x2, wrote(3)], [get("x", 2), refused]);
    const log = logOf([x1, 2, 1, 2], [x2, 12, 2, 3], [compact, 16, 3, 3]);
    expect(judge(history, 10_000, log)).toMatchObject({kind: "held", by: "sweep"});
    expect(judge(history, 10_000)).toMatchObject({kind: "violated", by: "sweep"});
  });

  it("says at which of the states of one revision the past could still be read", () => {
    const read = [get("x", 2), ok(3, range(one))] as const;
    const history = operations([x1, wrote(2)], [x2, wrote(3)], [compact, ok(3, {kind: "compact"})], read);
    const log = logOf([x1, 2, 1, 2], [x2, 12, 2, 3], [compact, 22, 3, 3]);
    expect(judge(history, 10_000, log).kind).toBe("violated");
    const atOnce = history.map((one, i) => (i === 3 ? {...one, invoked: {step: 23, at: 0}} : one));
    expect(judge(atOnce, 10_000, log)).toMatchObject({kind: "held", by: "sweep"});
  });

  it("is of all that became of leases: what it does not have was not done", () => {
    const leased = {...x1, lease: "0a"};
    const history = operations(
      [grant, granted(1)],
      [leased, wrote(2)],
      [revoke, undefined],
      [get("x"), ok(3, range())],
    );
    const before = [
      [grant, 2, 1, 1],
      [leased, 12, 1, 2],
    ] as const;
    expect(judge(history, 10_000, logOf(...before)).kind).toBe("violated");
    expect(judge(history, 10_000, logOf(...before, [revoke, 22, 2, 3]))).toMatchObject({
      kind: "held",
      by: "sweep",
    });
    // That it ran out explains a revision of nobody: without the log nothing could be confirmed.
    const still = operations(
      [grant, granted(1)],
      [leased, wrote(2)],
      [get("x"), ok(3, range({...one, lease: "0a"}))],
    );
    const found = judge(still, 10_000, logOf(...before, [revoke, 16, 2, 3]));
    expect(found).toMatchObject({kind: "violated", given: "log"});
  });

  it("tells which of two grants of a lease is which: by its revision, and who was answered first", () => {
    const write: WriteRequest = {kind: "put", key: "x", value: bytes("1")};
    const log = logOf([grant, 10, 1, 1], [revoke, 11, 1, 1], [write, 12, 1, 2], [grant, 13, 2, 2]);
    const written = [write, wrote(2), 3, 42] as const;
    const byRevision = operations([grant, granted(2), 1, 40], [grant, granted(1), 2, 41], written);
    expect(judge(byRevision, 10_000, log)).toMatchObject({kind: "held", by: "sweep"});
    const late = logOf([grant, 10, 1, 1], [revoke, 11, 1, 1], [grant, 60, 1, 1]);
    const byTime = operations([grant, granted(1), 1, 100], [grant, granted(1), 2, 50]);
    expect(judge(byTime, 10_000, late)).toMatchObject({kind: "held", by: "sweep"});
  });
});

describe("what nobody can have been answered", () => {
  it("is a revision that is no number of changes", () => {
    for (const revision of [0, -1, 1.5, Number.NaN])
      expect(judge(operations([get("x"), ok(revision, range())]), 1000).kind).toBe("violated");
  });

  it("is a write on a lease that nobody granted, though something else is unknown", () => {
    const leased = {kind: "put", key: "x", value: bytes("1"), lease: "0a"} as const;
    const history = operations([put("y", "1"), undefined, 1], [leased, ok(2, {kind: "put"})]);
    expect(judge(history, 10_000)).toMatchObject({kind: "violated", by: "search"});
  });
});
