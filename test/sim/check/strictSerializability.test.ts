// Strict serializability is linearizability of one object whose operations are transactions (Herlihy & Wing 1990, §3.3): the object is the
// whole store, so "Linearizability" claims it, and names what breaks it though each key by itself is sound.

import {describe, expect, it} from "vitest";
import {bytesOfKey} from "../../../core/base/key.ts";
import type {Compare, KeyValue, OpResult, RequestOp, TxnRequest} from "../../../core/mvcc/kv.ts";
import {Linearizability} from "../../../sim/check/linearizability.ts";
import type {Operation} from "../../../sim/history/operation.ts";
import type {WorldView} from "../../../sim/view.ts";

const get = (key: string): RequestOp => ({kind: "range", key});
const put = (key: string): RequestOp => ({kind: "put", key, value: bytesOfKey("1")});
const isAbsent = (key: string): Compare => ({key, result: "=", target: {kind: "mod", value: 0}});
const txn = (compare: readonly Compare[], ...success: readonly RequestOp[]): TxnRequest => ({
  kind: "txn",
  compare,
  success,
  failure: [],
});

const wrote: OpResult = {kind: "put"};
const nothing: OpResult = {kind: "range", kvs: [], more: false, count: 0};

function shown(key: string, modRevision: number): OpResult {
  const kv: KeyValue = {
    key,
    value: bytesOfKey("1"),
    createRevision: modRevision,
    modRevision,
    version: 1,
    lease: "",
  };
  return {kind: "range", kvs: [kv], more: false, count: 1};
}

interface Done {
  readonly request: TxnRequest;
  readonly revision: number;
  readonly responses: readonly OpResult[];
  /** Steps. */
  readonly from: number;
  readonly to: number;
}

/** What the claim says of transactions that succeeded, each of another client. */
function judged(...done: readonly Done[]): string | undefined {
  const operations = done.map(({request, revision, responses, from, to}, i): Operation => {
    const result = {kind: "txn", succeeded: true, responses} as const;
    const response = {header: {memberId: 1, revision, raftTerm: 1}, result};
    const times = {invoked: {step: from, at: from}, returned: {step: to, at: to}};
    return {client: `c${i + 1}`, call: 1, request, watched: [], ...times, outcome: {kind: "ok", response}};
  });
  const view = {operations, step: 100} as unknown as WorldView;
  const found = new Linearizability().end(view);
  return found === undefined || found === "unknown"
    ? found
    : `${found.check}: ${String(found.said.args["operation"])}`;
}

const named = /^Linearizability: op:c\d#1$/;

describe("strict serializability", () => {
  const setsX = {request: txn([isAbsent("y")], put("x")), responses: [wrote]};
  const setsY = {request: txn([isAbsent("x")], put("y")), responses: [wrote]};

  it("is broken by two that each saw nothing of the other (write skew)", () => {
    const first = {...setsX, revision: 2, from: 1, to: 9};
    expect(judged(first)).toBeUndefined();
    expect(judged(first, {...setsY, revision: 3, from: 2, to: 8})).toMatch(named);
  });

  const writesX = {request: txn([], put("x")), revision: 2, responses: [wrote], from: 1, to: 9};
  const writesY = {request: txn([], put("y")), revision: 3, responses: [wrote], from: 2, to: 9};
  const reads = txn([], get("x"), get("y"));

  it("is broken by two that saw two writes in two orders (long fork)", () => {
    const before = {request: reads, revision: 2, responses: [shown("x", 2), nothing], from: 3, to: 8};
    expect(judged(writesX, writesY, before)).toBeUndefined();
    const other = {request: reads, revision: 3, responses: [nothing, shown("y", 3)], from: 4, to: 8};
    expect(judged(writesX, writesY, before, other)).toMatch(named);
  });

  it("is broken by one that saw half of another (read skew)", () => {
    const both = {
      request: txn([], put("x"), put("y")),
      revision: 2,
      responses: [wrote, wrote],
      from: 1,
      to: 9,
    };
    const whole = {request: reads, revision: 2, responses: [shown("x", 2), shown("y", 2)], from: 2, to: 8};
    expect(judged(both, whole)).toBeUndefined();
    expect(judged(both, {...whole, responses: [shown("x", 2), nothing]})).toMatch(named);
  });

  it("is broken by one that comes after another, and before it in the order", () => {
    const late = {request: reads, revision: 1, responses: [nothing, nothing]};
    expect(judged(writesX, {...late, from: 5, to: 20})).toBeUndefined();
    expect(judged(writesX, {...late, from: 10, to: 20})).toMatch(named);
  });
});
