// The loads' claims on runs that are sound, on the same runs with one answer changed, and on loads that are wrong.

import {describe, expect, it} from "vitest";
import {bytesOfKey, textOfBytes} from "../../../core/base/key.ts";
import {worded} from "../../../core/base/said.ts";
import type {Checker} from "../../../sim/check/checker.ts";
import {claimsOfLoads} from "../../../sim/check/loadClaims.ts";
import {checkWords} from "../../../sim/check/words.ts";
import {execute} from "../../../sim/execute.ts";
import type {Executed} from "../../../sim/execute.ts";
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

function claimOf(name: LoadName): Checker {
  const [claim] = claimsOfLoads(loadsOf(name));
  if (claim === undefined) throw new Error(`${name} claims nothing`);
  return claim;
}

/** What it says of the run with its view changed. */
function judged(name: LoadName, change: Partial<Record<keyof WorldView, unknown>>): string | undefined {
  const {view} = performed(name);
  const doctored = new Proxy(view, {
    get: (target, key): unknown =>
      key in change ? change[key as keyof WorldView] : Reflect.get(target, key, target),
  });
  const violation = claimOf(name).end?.(doctored);
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
    const asks = lists.asks.map((ask) => (ask.weight === 60 ? {weight: 60, lines: naive} : ask));
    const {violation} = perform([{...lists, asks}]);
    expect(violation).toMatchObject({check: "Appends Are Kept", said: {id: "appendLost"}});
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
