// Histories of a sound etcd, spoilt as a faulty one would: one defect in each.

import type {Outcome} from "../../../core/client/io.ts";
import type {KeyValue} from "../../../core/mvcc/kv.ts";
import type {Response} from "../../../core/server/request.ts";
import type {Operation} from "../../../sim/history/operation.ts";

export type Draw = (bound: number) => number;

/** Undefined where the history has nothing that could be spoilt so. */
export type Defect = (operations: readonly Operation[], draw: Draw) => readonly Operation[] | undefined;

type Answered = Operation & {readonly outcome: Extract<Outcome, {kind: "ok"}>};

const isAnswered = (operation: Operation): operation is Answered => operation.outcome?.kind === "ok";

function drawnOf<T>(list: readonly T[], draw: Draw): T | undefined {
  return list.length === 0 ? undefined : list[draw(list.length)];
}

function answeredSo(operation: Answered, response: Partial<Response>): Operation {
  return {
    ...operation,
    outcome: {...operation.outcome, response: {...operation.outcome.response, ...response}},
  };
}

function replaced(
  operations: readonly Operation[],
  ...pairs: readonly (readonly [Operation, Operation])[]
): readonly Operation[] {
  return operations.map((one) => pairs.find(([old]) => old === one)?.[1] ?? one);
}

function revisionOf({outcome}: Answered): number {
  return outcome.response.header.revision;
}

function atRevision(operation: Answered, revision: number): Operation {
  return answeredSo(operation, {header: {...operation.outcome.response.header, revision}});
}

/** All revisions above one are others, those in what was read too. */
function shifted(operations: readonly Operation[], above: number, by: number): readonly Operation[] {
  const revisionIn = (revision: number): number => (revision > above ? revision + by : revision);
  const numbers = ["revision", "modRevision", "createRevision"];
  const copy = (value: unknown): unknown => {
    if (value instanceof Uint8Array || typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(copy);
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [
        name,
        numbers.includes(name) && typeof one === "number" ? revisionIn(one) : copy(one),
      ]),
    );
  };
  return operations.map((one): Operation =>
    isAnswered(one) ? {...one, outcome: copy(one.outcome) as Outcome} : one,
  );
}

function isWrite({request}: Operation): boolean {
  return request.kind === "put" || request.kind === "deleteRange" || request.kind === "txn";
}

/** With something else in the first version that an answer shows. */
function withOther(
  result: Response["result"],
  change: (kv: KeyValue) => KeyValue,
): Response["result"] | undefined {
  switch (result.kind) {
    case "range":
      return result.kvs[0] && {...result, kvs: [change(result.kvs[0]), ...result.kvs.slice(1)]};
    case "put":
      return result.prevKv && {...result, prevKv: change(result.prevKv)};
    case "deleteRange":
      return (
        result.prevKvs[0] && {...result, prevKvs: [change(result.prevKvs[0]), ...result.prevKvs.slice(1)]}
      );
    default:
      return undefined;
  }
}

export const defects = {
  /** A read is answered what the same read was answered before. */
  staleRead(operations, draw) {
    const reads = operations.filter(isAnswered).filter(({request}) => request.kind === "range");
    const later = drawnOf(reads, draw);
    const earlier = drawnOf(
      reads.filter(
        (one) =>
          later !== undefined &&
          JSON.stringify(one.request) === JSON.stringify(later.request) &&
          revisionOf(one) < revisionOf(later),
      ),
      draw,
    );
    return later && earlier && replaced(operations, [later, {...later, outcome: earlier.outcome}]);
  },
  /** A write was answered and not done: what came after it made the revisions from there on. */
  lostWrite(operations, draw) {
    const lost = drawnOf(operations.filter(isAnswered).filter(isWrite), draw);
    return lost && shifted(operations, revisionOf(lost), -1);
  },
  /** A write was done twice, and answered once. */
  doubleApply(operations, draw) {
    const twice = drawnOf(operations.filter(isAnswered).filter(isWrite), draw);
    return twice && shifted(operations, revisionOf(twice), 1);
  },
  swappedRevisions(operations, draw) {
    const writes = operations.filter(isAnswered).filter(isWrite);
    const [a, b] = [drawnOf(writes, draw), drawnOf(writes, draw)];
    if (a === undefined || b === undefined || revisionOf(a) === revisionOf(b)) return undefined;
    return replaced(operations, [a, atRevision(a, revisionOf(b))], [b, atRevision(b, revisionOf(a))]);
  },
  /** A previous value, or one that was read, is another; or its version, revisions or lease. */
  wrongVersion(operations, draw) {
    const changes: readonly ((kv: KeyValue) => KeyValue)[] = [
      (kv) => ({...kv, value: Uint8Array.of(33)}),
      (kv) => ({...kv, version: kv.version + 1}),
      (kv) => ({...kv, modRevision: kv.modRevision - 1}),
      (kv) => ({...kv, createRevision: kv.createRevision + 1}),
      (kv) => ({...kv, lease: "0000000000000009"}),
    ];
    const change = drawnOf(changes, draw);
    const spoilt = operations.filter(isAnswered).flatMap((one) => {
      const result = change && withOther(one.outcome.response.result, change);
      return result === undefined ? [] : [[one, answeredSo(one, {result})] as const];
    });
    const pair = drawnOf(spoilt, draw);
    return pair && replaced(operations, pair);
  },
  /** A write is said to have failed for good, and was done. */
  failedButDone(operations, draw) {
    const one = drawnOf(operations.filter(isAnswered).filter(isWrite), draw);
    return one && replaced(operations, [one, {...one, outcome: {kind: "failed"}}]);
  },
  /** A write that nobody knows of is said to have been done. */
  inventedAnswer(operations, draw) {
    const lost = operations.filter(
      ({request, outcome}) => outcome?.kind === "unknown" && request.kind === "put",
    );
    const one = drawnOf(lost, draw);
    const header = {memberId: 1, revision: 2 + draw(5), raftTerm: 1};
    return (
      one &&
      replaced(operations, [one, {...one, outcome: {kind: "ok", response: {header, result: {kind: "put"}}}}])
    );
  },
  /** An operation returned as soon as it was asked. */
  earlyReturn(operations, draw) {
    const one = drawnOf(operations.filter(isAnswered), draw);
    return one && replaced(operations, [one, {...one, returned: {step: one.invoked.step + 0.5, at: 0}}]);
  },
} as const satisfies Readonly<Record<string, Defect>>;
