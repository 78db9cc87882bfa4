import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {etcdHistory} from "../../../bin/benchHistory.ts";
import type {EtcdHistory} from "../../../bin/benchHistory.ts";
import {keyOfBytes} from "../../../core/base/key.ts";
import {decodeCommand, encodeRequest} from "../../../core/server/command.ts";
import type {WriteRequest} from "../../../core/server/command.ts";
import {judge} from "../../../sim/check/linearizability.ts";
import type {AppliedEntry} from "../../../sim/history/appliedLog.ts";
import type {Operation} from "../../../sim/history/operation.ts";
import {writeEtcd} from "../../../sim/record/etcd.ts";
import {readHistory, readRecording} from "../../../sim/record/formats.ts";
import type {EtcdRecording} from "../../../sim/record/formats.ts";
import {judgeEtcd} from "../../../sim/record/judgeEtcd.ts";
import {defects} from "../check/defects.ts";

const budget = 200_000;
const verdicts = {held: "pass", violated: "fail", unknown: "unknown"};

function recordingIn(text: string): EtcdRecording {
  const read = readHistory(text);
  if (!read.ok) throw new Error(read.error);
  if (read.value.of !== "etcd") throw new Error(`a history of ${read.value.of}`);
  return read.value;
}

function problemIn(text: string): string {
  const read = readHistory(text);
  return read.ok ? "none" : read.error;
}

const end = {step: 1e9, at: 0};

const luck = fc.infiniteStream(fc.nat({max: 999_999}));

function drawOf(stream: IterableIterator<number>): (bound: number) => number {
  return (bound) => Number(stream.next().value ?? 0) % bound;
}

/** All that is judged of an operation; times only as to what comes before what. */
function known({request, outcome}: Operation): object {
  const bytes = keyOfBytes(encodeRequest(request as WriteRequest));
  if (outcome?.kind !== "ok") return {bytes, outcome: outcome?.kind ?? "unknown"};
  const {header, result} = outcome.response;
  return {bytes, revision: header.revision, result: withoutInner(result)};
}

/** Inside of transactions etcd repeats the revision: it is not written. */
function withoutInner(value: unknown): unknown {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(withoutInner);
  const kept = Object.entries(value).filter(([name]) => name !== "revision");
  return Object.fromEntries(kept.map(([name, one]) => [name, withoutInner(one)]));
}

function ranks(operations: readonly Operation[]): readonly (readonly [number, number])[] {
  const times = operations
    .flatMap(({invoked, returned}) => [invoked.step, returned?.step ?? Infinity])
    .sort((a, b) => a - b);
  return operations.map(({invoked, returned}) => [
    times.indexOf(invoked.step),
    times.indexOf(returned?.step ?? Infinity),
  ]);
}

function loggedIn(log: readonly AppliedEntry[] = []): readonly object[] {
  return log.map(({entry, least, most}) => {
    const request = decodeCommand(entry.data)?.request;
    return {bytes: request && keyOfBytes(encodeRequest(request)), least, most};
  });
}

describe("a history of an etcd", () => {
  it("is read again as it was written, the log included, and judged as it would have been", () => {
    const count = {pass: 0, fail: 0};
    fc.assert(
      fc.property(luck, fc.boolean(), fc.boolean(), (stream, isSpoilt, withLog) => {
        const draw = drawOf(stream);
        const shape = {operations: 12, clients: 3, lost: 200, keys: 3, rare: true, upkeep: withLog};
        const drawn: EtcdHistory = etcdHistory(shape, draw);
        const all = Object.values(defects);
        const defect = isSpoilt ? all[draw(all.length)] : undefined;
        const operations = defect?.(drawn.operations, draw) ?? drawn.operations;
        const log = withLog ? drawn.appliedLog : undefined;
        const read = recordingIn(writeEtcd(operations, log, end));
        expect(read.history.map(known)).toEqual(operations.map(known));
        expect(ranks(read.history)).toEqual(ranks(operations));
        expect(loggedIn(read.appliedLog)).toEqual(loggedIn(log));
        const {verdict} = judgeEtcd(read, budget);
        expect(verdict).toBe(verdicts[judge(operations, budget, withLog ? drawn : undefined).kind]);
        if (verdict !== "unknown") count[verdict]++;
      }),
      {numRuns: 600},
    );
    expect(count.pass).toBeGreaterThan(200);
    expect(count.fail).toBeGreaterThan(60);
  });

  it("may hold bytes that are no text", () => {
    const text = `{:process 0, :type :invoke, :f :etcdctl, :value "put \\"\\\\xff\\" \\"\\\\x00\\\\xfe\\""}
{:process 0, :type :ok, :f :etcdctl, :value {:revision 2}}
{:process 0, :type :invoke, :f :etcdctl, :value "get \\"\\\\xff\\""}
{:process 0, :type :ok, :f :etcdctl, :value {:revision 2, :kvs [{:key {:bytes "ff"}, :value {:bytes "00fe"}, :create 2, :mod 2, :version 1}]}}
`;
    const read = recordingIn(text);
    expect(judgeEtcd(read, 100)).toMatchObject({verdict: "pass", by: "sweep"});
    const again = writeEtcd(read.history, undefined, end);
    expect(again).toContain('{:key {:bytes "ff"}, :value {:bytes "00fe"}');
    expect(recordingIn(again).history.map(known)).toEqual(read.history.map(known));
  });
});

const told = (process: number | string, type: string, value: string, more = ""): string =>
  `{:process ${process}, :type :${type}, :f ${process === ":log" ? ":applied" : ":etcdctl"}, :value ${value}${more}}\n`;
const asked = (process: number, line: string): string => told(process, "invoke", JSON.stringify(line));
const did = (line: string, answer: string, process = 0): string =>
  asked(process, line) + told(process, "ok", answer);
const kv = (key: string, value: string, mod: number, version: number): string =>
  `{:key "${key}", :value "${value}", :create 2, :mod ${mod}, :version ${version}}`;
const puts = did("put x 1", "{:revision 2}") + did("put x 2", "{:revision 3}");

describe("the verdict on a history of an etcd", () => {
  const verdictOf = (text: string): string => judgeEtcd(recordingIn(text), 1000).verdict;

  it("names the two operations that contradict each other, with their lines", () => {
    const stale = did("get x", `{:revision 2, :kvs [${kv("x", "1", 2, 1)}]}`, 1);
    const {violation} = judgeEtcd(recordingIn(puts + stale), 0);
    expect(violation?.why).toBe("time");
    expect(violation?.operations.map(({invoked, returned}) => [invoked.step, returned?.step])).toEqual([
      [3, 4],
      [5, 6],
    ]);
  });

  it("lets a serializable read be old, but not of what was never there, or not yet", () => {
    const read = (revision: number, kvs: string): string =>
      did("get x --consistency=s", `{:revision ${revision}, :kvs [${kvs}]}`, 1);
    expect(verdictOf(puts + read(1, ""))).toBe("pass");
    expect(verdictOf(puts + read(2, kv("x", "1", 2, 1)))).toBe("pass");
    expect(verdictOf(puts + read(3, kv("x", "2", 3, 2)))).toBe("pass");
    expect(verdictOf(puts + read(2, kv("x", "2", 2, 1)))).toBe("fail");
    expect(verdictOf(read(2, kv("x", "1", 2, 1)) + puts)).toBe("fail");
    const txn = did("txn : get x --consistency=s :", "{:revision 1, :succeeded true, :responses [{}]}", 1);
    expect(verdictOf(puts + txn)).toBe("pass");
    // Where the sweep cannot decide, it is searched for.
    const lost = asked(2, "put y 1");
    expect(verdictOf(lost + puts + read(2, kv("x", "1", 2, 1)))).toBe("pass");
    expect(verdictOf(lost + puts + read(2, kv("x", "2", 2, 1)))).toBe("fail");
  });

  it("lets a lease run out that was granted, unless there is a log and it does not say so", () => {
    const granted = did("lease grant 60", '{:revision 1, :lease "000000000000000a"}');
    const leased = did("put x 1 --lease=000000000000000a", "{:revision 2}");
    const gone = did("get x", "{:revision 3}");
    expect(verdictOf(granted + leased + gone)).toBe("pass");
    expect(verdictOf(leased + gone)).toBe("fail");
    const log = (line: string, revisions: string): string =>
      told(":log", "info", JSON.stringify(line), `, :revisions ${revisions}`);
    const applied = log("lease grant 60 --id=000000000000000a", "[1 1]");
    const put = log("put x 1 --lease=000000000000000a", "[1 2]");
    const begun =
      asked(0, "lease grant 60") + applied + told(0, "ok", '{:revision 1, :lease "000000000000000a"}');
    const written = asked(0, "put x 1 --lease=000000000000000a") + put + told(0, "ok", "{:revision 2}");
    expect(verdictOf(begun + written + gone)).toBe("fail");
    expect(verdictOf(begun + written + log("lease revoke 000000000000000a", "[2 3]") + gone)).toBe("pass");
  });
});

describe("a history of an etcd that is none", () => {
  it.each([
    [told(0, "ok", "{}"), "line 1: found :type :ok of process 0, expected its :invoke before it"],
    [
      asked(0, "put x 1") + asked(0, "put x 1"),
      "line 2: found :invoke of process 0, expected the completion of line 1",
    ],
    [asked(0, "put x"), "line 1: "],
    [asked(0, "status"), "expected put, get, del, txn, compact, lease grant or lease revoke"],
    [asked(0, "lock a"), "expected put, get, del, txn, compact, lease grant or lease revoke"],
    [told(0, "invoke", "7"), 'found :value 7, expected a line of etcdctl such as "put x 1"'],
    [asked(0, "put x 1") + told(0, "done", "{}"), "found :type :done, expected :invoke, :ok, :fail or :info"],
    [did("put x 1", "nil"), "line 2: found nil, expected an answer such as {:revision 2}"],
    [did("put x 1", "{}"), "line 2: found :revision nothing, expected a number"],
    [did("get x", "{:revision 2, :kvs 7}"), "found :kvs 7, expected a list of keys"],
    [did("get x", "{:revision 2, :kvs [7]}"), 'found 7, expected a key such as {:key "x"'],
    [did("get x", '{:revision 2, :kvs [{:key {:bytes "f"}}]}'), "expected a text, or {:bytes"],
    [did("txn : get x :", "{:revision 2}"), "found :succeeded nothing, expected true or false"],
    [
      did("txn : get x :", "{:revision 2, :succeeded true}"),
      "found :responses [], expected 1, one for each operation",
    ],
    [asked(0, "put x 1") + told(":log", "info", '"get x"', ", :revisions [1 2]"), "found a read in the log"],
    [
      asked(0, "put x 1") + told(":log", "info", '"put x 1"'),
      "found :revisions nothing, expected the store's before and after",
    ],
    [
      asked(0, "put x 1") + "{:process 1, :type :invoke, :f :read, :value nil}",
      "line 2: found :f :read, expected :etcdctl",
    ],
    [`${asked(0, "put x 1")}7`, "line 2: found 7, expected a map"],
  ])("is refused in one line: %s", (text, expected) => {
    const problem = problemIn(text);
    expect(problem).toContain(expected);
    expect(problem).not.toContain("\n");
  });

  it("is refused, or read, whatever was cut out of it", () => {
    const whole = puts + did("get x", `{:revision 3, :kvs [${kv("x", "2", 3, 2)}]}`, 1);
    fc.assert(
      fc.property(fc.nat({max: whole.length}), fc.nat({max: 40}), (from, long) => {
        const read = readHistory(whole.slice(0, from) + whole.slice(from + long));
        if (!read.ok) expect(read.error).not.toContain("\n");
        else if (read.value.of === "etcd") judgeEtcd(read.value, 1000);
      }),
      {numRuns: 2000},
    );
  });

  it("is none of registers either", () => {
    expect(readRecording(puts)).toMatchObject({
      ok: false,
      error: expect.stringContaining("found :f :etcdctl"),
    });
  });
});
