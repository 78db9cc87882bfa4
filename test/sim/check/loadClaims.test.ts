// The loads' claims on runs that are sound, on the same runs with one answer changed, and on loads that are wrong.

import {describe, expect, it} from "vitest";
import {bytesOfKey, textOfBytes} from "../../../core/base/key.ts";
import {worded} from "../../../core/base/said.ts";
import type {RequestOp} from "../../../core/mvcc/kv.ts";
import {versionOf} from "../../../sim/bug/museum.ts";
import type {Checker} from "../../../sim/check/checker.ts";
import {transactionsOn} from "../../../sim/check/appendOrder.ts";
import {claimsOfLoads} from "../../../sim/check/loadClaims.ts";
import {checkWords} from "../../../sim/check/words.ts";
import {execute} from "../../../sim/execute.ts";
import type {Executed} from "../../../sim/execute.ts";
import {faultPlan} from "../../../sim/fault/plan.ts";
import type {Operation} from "../../../sim/history/operation.ts";
import type {WorldView} from "../../../sim/view.ts";
import {WorkloadDirector} from "../../../sim/workload/director.ts";
import {loadsOf, workloadOf} from "../../../sim/workload/loads.ts";
import type {LoadName} from "../../../sim/workload/loads.ts";
import type {Load} from "../../../sim/workload/workload.ts";
import {makeRun, ms, sound} from "../stage.ts";

const until = 1500 * ms;

function perform(loads: readonly Load[]): Executed {
  const run = makeRun({clients: 4, until: 2500});
  const director = new WorkloadDirector(workloadOf(loads, until), "7");
  return execute(run, {versions: sound, director, checkers: claimsOfLoads(loads)});
}

const known = new Map<LoadName, Executed>();

function performed(name: LoadName): Executed {
  const done = known.get(name) ?? perform(loadsOf(name));
  known.set(name, done);
  return done;
}

function claimOf(name: LoadName, place: number): Checker {
  const claim = claimsOfLoads(loadsOf(name))[place];
  if (claim === undefined) throw new Error(`${name} claims no ${place}`);
  return claim;
}

/** What its claim with that number says of the run with its view changed. */
function judged(
  name: LoadName,
  change: Partial<Record<keyof WorldView, unknown>>,
  place = 0,
): string | undefined {
  const {view} = performed(name);
  const doctored = new Proxy(view, {
    get: (target, key): unknown =>
      key in change ? change[key as keyof WorldView] : Reflect.get(target, key, target),
  });
  const violation = claimOf(name, place).end?.(doctored);
  if (violation === undefined || violation === "unknown") return violation;
  for (const language of ["en", "zh"] as const)
    expect(worded(checkWords, violation.said, language)).not.toMatch(/[{}]/);
  return violation.said.id;
}

/** The operations, each shown range's values changed where `change` says so. */
function changed(
  operations: readonly Operation[],
  change: (value: string, place: number) => string,
): readonly Operation[] {
  const shown = operations.filter(({outcome, request}) => outcome?.kind === "ok" && request.kind === "range");
  return operations.map((operation) => {
    const {outcome} = operation;
    const place = shown.indexOf(operation);
    if (place < 0 || outcome?.kind !== "ok" || outcome.response.result.kind !== "range") return operation;
    const {result} = outcome.response;
    const kvs = result.kvs.map((kv) => ({...kv, value: bytesOfKey(change(textOfBytes(kv.value), place))}));
    return {...operation, outcome: {kind: "ok", response: {...outcome.response, result: {...result, kvs}}}};
  });
}

describe("Sum Is Kept", () => {
  it("holds where transfers are transactions", () => {
    const {verdict, checks} = performed("bank");
    expect(verdict).toBe("pass");
    expect(checks[0]).toMatchObject({name: "Sum Is Kept"});
    expect(checks[0]?.exercised).toBeGreaterThan(10);
  });

  it("is broken by one account that shows too much, and by what is no number", () => {
    const {operations} = performed("bank");
    const more = (value: string): string => `${Number(value) + 1}`;
    expect(judged("bank", {operations: changed(operations, more)})).toBe("sumOff");
    expect(judged("bank", {operations: changed(operations, () => "much")})).toBe("sumOff");
    expect(judged("bank", {operations: changed(operations, (value) => value)})).toBeUndefined();
  });

  it("is broken by a bank that transfers in two steps", () => {
    const [bank] = loadsOf("bank");
    if (bank === undefined) throw new Error("no bank");
    const asks = bank.asks.map((ask) =>
      ask.weight === 60
        ? {weight: 60, lines: ["stm add {key} -{draw:1..9}", "stm add {other} {draw:1..9}"] as const}
        : ask,
    );
    const {violation} = perform([{...bank, asks}]);
    expect(violation).toMatchObject({check: "Sum Is Kept", said: {id: "sumOff"}});
  });
});

describe("Appends Are Kept", () => {
  it("holds where each writes over what it read", () => {
    const {verdict, checks} = performed("listAppend");
    expect(verdict).toBe("pass");
    expect(checks[0]?.exercised).toBeGreaterThan(50);
  });

  it("is broken by an element that is missing, moved or there twice", () => {
    const {operations} = performed("listAppend");
    const lacking = (value: string): string => value.split(",").slice(0, -2).join(",");
    const turned = (value: string): string => value.split(",").toReversed().join(",");
    const half = (change: (value: string) => string) => (value: string, place: number) =>
      place % 2 === 0 ? change(value) : value;
    expect(judged("listAppend", {operations: changed(operations, half(lacking))})).toBe("appendLost");
    expect(judged("listAppend", {operations: changed(operations, half(turned))})).toBe("appendLost");
    expect(judged("listAppend", {operations: changed(operations, (value) => `${value}${value}`)})).toBe(
      "appendTwice",
    );
    expect(judged("listAppend", {operations: changed(operations, (value) => value)})).toBeUndefined();
  });

  it("is broken by appends that compare nothing", () => {
    const [lists] = loadsOf("listAppend", {think: {least: 0, most: 5 * ms}});
    if (lists === undefined) throw new Error("no lists");
    const naive = ["get {key}", 'put {key} "{valueOf:{key}},{value}"'] as const;
    const asks = lists.asks.map((ask) => (ask.lines.length === 2 ? {weight: 60, lines: naive} : ask));
    const {checks} = perform([{...lists, asks}]);
    expect(checks.map(({name, violation}) => [name, violation?.said.id])).toEqual([
      ["Appends Are Kept", "appendLost"],
      ["Appends Have An Order", "writeCycle"],
    ]);
  });
});

describe("Appends Have An Order", () => {
  it("holds where each writes over what it read", () => {
    const {checks} = performed("listAppend");
    expect(checks[1]).toMatchObject({name: "Appends Have An Order", verdict: "pass"});
    expect(checks[1]?.exercised).toBeGreaterThan(100);
  });

  it("is broken by a read that lacks the last element, of one list, and by one that nobody wrote", () => {
    const {operations} = performed("listAppend");
    const at = (change: (value: string) => string) => (value: string, place: number) =>
      place === 40 ? change(value) : value;
    const lacking = changed(
      operations,
      at((value) => value.slice(0, value.lastIndexOf(","))),
    );
    expect(judged("listAppend", {operations: lacking}, 1)).toBe("readSkew");
    const invented = changed(
      operations,
      at((value) => `${value},c9.9`),
    );
    expect(judged("listAppend", {operations: invented}, 1)).toBe("garbageRead");
    expect(judged("listAppend", {operations: changed(operations, (value) => value)}, 1)).toBeUndefined();
  });

  it("is broken by a leader that answers reads without asking whether it still leads", () => {
    const loads = loadsOf("listAppend", {think: {least: 0, most: 20 * ms}});
    const found = new Set<string>();
    for (let seed = 0; seed < 12 && found.size === 0; seed++) {
      const run = makeRun({seed: `stale ${seed}`, clients: 4, until: 6000, raft: {checkQuorum: false}});
      const script = faultPlan(run.seed, run.config, {until: 3000 * ms, kinds: ["split", "isolate"]});
      const versions = {n1: ["read-unconfirmed"], n2: ["read-unconfirmed"], n3: ["read-unconfirmed"]};
      const director = new WorkloadDirector(workloadOf(loads, 3000 * ms), "7");
      const checkers = claimsOfLoads(loads);
      const {checks} = execute({...run, script, versions}, {versions: versionOf, director, checkers});
      for (const {name, violation} of checks)
        if (violation !== undefined) found.add(`${name}: ${String(violation.said.args["name"])}`);
    }
    // Nobody's element is lost: only the order of time is broken.
    expect([...found]).toContain("Appends Have An Order: G-single-realtime");
    expect([...found].filter((one) => one.startsWith("Appends Are Kept"))).toEqual([]);
  });
});

describe("transactions on lists", () => {
  const list = (...elements: readonly string[]): Uint8Array =>
    bytesOfKey(elements.map((one) => `,${one}`).join(""));
  const put = (key: string, ...elements: readonly string[]): RequestOp => ({
    kind: "put",
    key,
    value: list(...elements),
  });
  const get = (key: string): RequestOp => ({kind: "range", key});
  const shown = (...kvs: readonly (readonly [string, ...string[]])[]): unknown => ({
    kind: "range",
    kvs: kvs.map(([key, ...elements]) => ({key, value: list(...elements)})),
    more: false,
  });
  const moment = (step: number): {step: number; at: number} => ({step, at: step});
  const operation = (request: unknown, outcome: unknown): Operation =>
    ({
      client: "c1",
      call: 1,
      request,
      outcome,
      invoked: moment(3),
      returned: moment(5),
      watched: [],
    }) as Operation;
  const done = (result: unknown): unknown => ({kind: "ok", response: {result, header: {revision: 1}}});
  const told = (...operations: readonly Operation[]): readonly string[] =>
    transactionsOn("l/", operations).map(({micros, outcome, invoked, returned}) =>
      [
        outcome,
        `${invoked}-${returned ?? ""}`,
        ...micros.map((one) =>
          one.kind === "append"
            ? `append ${one.element} to ${one.key}`
            : `read ${one.key} [${one.list.join(" ")}]`,
        ),
      ].join(", "),
    );
  const txn: RequestOp = {
    kind: "txn",
    compare: [],
    success: [put("l/a", "1", "2"), get("l/b"), put("other", "9")],
    failure: [get("l/a")],
  };

  it("read what they wrote over, and append the last", () => {
    const responses = [{kind: "put"}, shown(["l/b", "7"]), {kind: "put"}];
    expect(told(operation(txn, done({kind: "txn", succeeded: true, responses})))).toEqual([
      "done, 3-5, read l/a [1], append 2 to l/a, read l/b [7]",
    ]);
    expect(told(operation(put("l/a", "1"), done({kind: "put"})))).toEqual([
      "done, 3-5, read l/a [], append 1 to l/a",
    ]);
  });

  it("did not append where their comparison did not hold, or they failed", () => {
    const responses = [shown(["l/a", "8"])];
    expect(told(operation(txn, done({kind: "txn", succeeded: false, responses})))).toEqual([
      "done, 3-5, read l/a [8]",
      "aborted, 3-5, read l/a [1], append 2 to l/a",
    ]);
    expect(told(operation(txn, {kind: "failed"}))).toEqual(["aborted, 3-5, read l/a [1], append 2 to l/a"]);
    expect(told(operation(txn, done({kind: "error"})))).toEqual([
      "aborted, 3-5, read l/a [1], append 2 to l/a",
    ]);
  });

  it("may have appended where nobody knows", () => {
    expect(told(operation(txn, {kind: "unknown"}))).toEqual(["unknown, 3-, read l/a [1], append 2 to l/a"]);
    expect(told(operation(txn, undefined))).toEqual(["unknown, 3-, read l/a [1], append 2 to l/a"]);
  });

  it("read as empty what there is, and was not there; nothing of the past, nor of one member", () => {
    const all = {kind: "range", key: "l/", rangeEnd: "l0"};
    const seen = done(shown(["l/b", "1"]));
    const other = operation(put("l/a", "1"), {kind: "failed"});
    expect(told(other, operation(all, seen))[1]).toBe("done, 3-5, read l/a [], read l/b [1]");
    const missed = operation(get("l/c"), done(shown()));
    expect(told(missed, operation(all, seen))).toEqual([
      "done, 3-5, read l/c []",
      "done, 3-5, read l/c [], read l/b [1]",
    ]);
    for (const more of [
      {revision: 3},
      {serializable: true},
      {limit: 1},
      {keysOnly: true},
      {minModRevision: 2},
    ])
      expect(told(operation({...all, ...more}, seen))).toEqual([]);
  });
});

describe("Handed Out Once", () => {
  const {recipes} = performed("queue").view;
  const first = recipes.find(({recipe, outcome}) => recipe.kind === "dequeue" && outcome?.kind === "done");
  const others = recipes.filter((one) => one !== first);

  it("holds of etcd's queue", () => {
    const {verdict, checks} = performed("queue");
    expect(verdict).toBe("pass");
    expect(checks[0]?.exercised).toBeGreaterThan(10);
  });

  it("is broken by what comes out twice, was never put in, or is gone", () => {
    expect(judged("queue", {recipes: [...recipes, {...first, call: 99}]})).toBe("queueTwice");
    const invented = {kind: "done", result: {kind: "dequeue", key: "work/1", value: bytesOfKey("none")}};
    expect(judged("queue", {recipes: [...others, {...first, outcome: invented}]})).toBe("queueInvented");
    expect(judged("queue", {recipes: others.filter(({outcome}) => outcome !== undefined)})).toBe("queueLost");
    // One that was never answered may have taken it.
    const open = {...first, outcome: undefined};
    expect(judged("queue", {recipes: [...others, open]})).toBeUndefined();
  });
});
