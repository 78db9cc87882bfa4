import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {etcdHistory} from "../../../bin/benchHistory.ts";
import type {EtcdHistory, EtcdShape} from "../../../bin/benchHistory.ts";
import {keyOfBytes} from "../../../core/base/key.ts";
import {decodeCommand, encodeRequest} from "../../../core/server/command.ts";
import type {WriteRequest} from "../../../core/server/command.ts";
import {sameAnswer} from "../../../sim/check/answers.ts";
import {isUpkeep, judged} from "../../../sim/check/judged.ts";
import type {Judged} from "../../../sim/check/judged.ts";
import {freshKvState, kvStep} from "../../../sim/check/kvModel.ts";
import type {KvRequest, KvState} from "../../../sim/check/kvModel.ts";
import {judge, judgeBySearch} from "../../../sim/check/linearizability.ts";
import type {Judgement} from "../../../sim/check/linearizability.ts";
import type {Operation} from "../../../sim/history/operation.ts";
import {defects} from "./defects.ts";
import type {Draw} from "./defects.ts";

const budget = 200_000;

// ---- trying every order

/** What may be done next: before it nothing has returned that is left. */
function open(ops: readonly Judged[]): (op: Judged) => boolean {
  const firstReturn = Math.min(...ops.map(({returned}) => returned ?? Infinity));
  return ({invoked}) => invoked <= firstReturn;
}

function isDue({returned}: Judged): boolean {
  return returned !== undefined;
}

/** Whether some order of all that returned, and perhaps some that did not, gives every answer. */
function isExplained(ops: readonly Judged[], state: KvState = freshKvState): boolean {
  if (!ops.some(isDue)) return true;
  const isOpen = open(ops);
  return ops.some((op, i) => {
    if (!isOpen(op)) return false;
    const {state: next, answer} = kvStep(state, op.request);
    const isRight = op.answer === undefined || sameAnswer(op.answer, answer);
    return isRight && isExplained(ops.toSpliced(i, 1), next);
  });
}

/** Whether some order does in which all changes are those of the log, in its order. */
function isExplainedBy(
  log: readonly WriteRequest[],
  ops: readonly Judged[],
  state: KvState = freshKvState,
): boolean {
  if (!ops.some(isDue)) return true;
  const isOpen = open(ops);
  const isReadNext = ops.some((op, i) => {
    if (!isOpen(op) || op.answer === undefined) return false;
    const {state: next, answer} = kvStep(state, op.request);
    return next === state && sameAnswer(op.answer, answer) && isExplainedBy(log, ops.toSpliced(i, 1), state);
  });
  const [request, ...rest] = log;
  if (isReadNext || request === undefined) return isReadNext;
  const {state: next, answer} = kvStep(state, request as KvRequest);
  if (next === state) return isExplainedBy(rest, ops, state);
  const bytes = keyOfBytes(encodeRequest(request));
  const isSomebodys = ops.some((op, i) => {
    if (!isOpen(op) || op.request.kind === "logged" || keyOfBytes(encodeRequest(op.request)) !== bytes)
      return false;
    const isRight = op.answer === undefined || sameAnswer(op.answer, answer);
    return isRight && isExplainedBy(rest, ops.toSpliced(i, 1), next);
  });
  return isSomebodys || (isUpkeep(request) && isExplainedBy(rest, ops, next));
}

function opsOf(operations: readonly Operation[]): readonly Judged[] {
  return operations.map(judged).filter((op) => op !== undefined);
}

function requestsIn({appliedLog}: EtcdHistory): readonly WriteRequest[] {
  return appliedLog.flatMap(({entry}) => decodeCommand(entry.data)?.request ?? []);
}

// ---- histories

type Stream = IterableIterator<number>;

const luck = fc.infiniteStream(fc.nat({max: 999_999}));

function drawOf(stream: Stream): Draw {
  return (bound) => Number(stream.next().value ?? 0) % bound;
}

function sound(stream: Stream, shape: Partial<EtcdShape> = {}): EtcdHistory {
  const draw = drawOf(stream);
  const [operations, clients, keys] = [1 + draw(shape.operations ?? 14), 1 + draw(4), 1 + draw(3)];
  return etcdHistory({lost: 0, ...shape, operations, clients, keys}, draw);
}

/** A history with one defect, or none where it has nothing to be spoilt. */
function spoilt({operations}: EtcdHistory, stream: Stream): readonly Operation[] {
  const all = Object.values(defects);
  const draw = drawOf(stream);
  const defect = all[draw(all.length)];
  return defect?.(operations, draw) ?? operations;
}

/** That a violation names two operations, of which it is true what is said; or one, that is wrong by itself. */
function expectWitness({breach}: Extract<Judgement, {kind: "violated"}>): void {
  if (breach === undefined) return;
  const {why, witness} = breach;
  const [a, b] = witness;
  if (b === undefined) {
    expect(isExplained([a])).toBe(false);
    return;
  }
  expect(a).not.toBe(b);
  const revision = ({answer}: Judged): number => (answer?.kind === "ok" ? answer.revision : 0);
  if (why === "time") expect(a.returned).toBeLessThan(b.invoked);
  if (why === "revision") expect(revision(a)).toBe(revision(b));
  if (why === "gap") expect(revision(b)).toBeGreaterThan(revision(a));
}

describe("the direct sweep", () => {
  it("says of every small history with known outcomes what trying every order says, and needs no search", () => {
    const count = {violated: 0, pairs: 0};
    fc.assert(
      fc.property(luck, fc.boolean(), (stream, rare) => {
        const operations = spoilt(sound(stream, {operations: 6, rare}), stream);
        const judgement = judge(operations, 0);
        const held = isExplained(opsOf(operations));
        expect(judgement).toMatchObject({kind: held ? "held" : "violated", by: "sweep"});
        if (judgement.kind !== "violated") return;
        expectWitness(judgement);
        count.violated++;
        if (judgement.breach?.witness.length === 2) count.pairs++;
      }),
      {numRuns: 2500},
    );
    expect(count.violated).toBeGreaterThan(400);
    expect(count.pairs).toBeGreaterThan((count.violated * 3) / 4);
  });

  it("agrees with the search, and with trying every order, where outcomes are lost", () => {
    const count = {violated: 0, given: 0, only: 0, searched: 0};
    fc.assert(
      fc.property(luck, fc.boolean(), (stream, rare) => {
        const history = sound(stream, {operations: 6, rare, lost: 400});
        const operations = spoilt(history, stream);
        const held = isExplained(opsOf(operations));
        const judgement = judge(operations, budget);
        expect(judgement.kind).toBe(held ? "held" : "violated");
        expect(judgeBySearch(operations, budget).kind).toBe(judgement.kind);
        const given = judge(operations, budget, history);
        if (given.by === "search") count.searched++;
        // The log can only speak against what clients alone could explain.
        if (given.kind === "held") expect(held).toBe(true);
        else if (isExplainedBy(requestsIn(history), opsOf(operations))) expect(given.kind).toBe("held");
        if (given.kind !== "violated") return;
        expectWitness(given);
        count.violated++;
        if (given.given === "log") count.given++;
        else expect(held).toBe(false);
        if (held) count.only++;
      }),
      {numRuns: 2500},
    );
    expect(count.violated).toBeGreaterThan(300);
    // Violated, though an order explains what clients saw: the log has another.
    expect(count.only).toBeGreaterThan(10);
    expect(count.given).toBeGreaterThanOrEqual(count.only);
    expect(count.searched).toBeLessThan(800);
  });

  it("agrees with the search on longer histories, whatever is lost, leased or compacted", () => {
    const count = {violated: 0, swept: 0, searched: 0};
    fc.assert(
      fc.property(luck, fc.boolean(), fc.boolean(), fc.boolean(), (stream, rare, isLossy, upkeep) => {
        const history = sound(stream, {rare, lost: isLossy ? 300 : 0, upkeep});
        const operations = spoilt(history, stream);
        for (const log of [undefined, history]) {
          const judgement = judge(operations, budget, log);
          const found = judgeBySearch(operations, budget, log);
          count[judgement.by === "sweep" ? "swept" : "searched"]++;
          if (judgement.kind !== "violated") expect(judgement.kind).toBe(found.kind);
          else {
            count.violated++;
            expectWitness(judgement);
            // The search takes the log for bounds, not for an order.
            if (judgement.given === undefined) expect(found.kind).toBe("violated");
          }
        }
      }),
      {numRuns: 2000},
    );
    expect(count.violated).toBeGreaterThan(1000);
    expect(count.swept).toBeGreaterThan(2500);
    expect(count.searched).toBeGreaterThan(250);
  });

  it("explains all that happened to a sound store, given its log: nothing is searched for", () => {
    fc.assert(
      fc.property(luck, fc.boolean(), fc.boolean(), (stream, rare, upkeep) => {
        const history = sound(stream, {operations: 40, rare, lost: 200, upkeep});
        const judgement = judge(history.operations, budget, history);
        // Which of two grants of one lease at once was first, is left to the search.
        expect(judgement).toMatchObject(upkeep ? {kind: "held"} : {kind: "held", by: "sweep"});
      }),
      {numRuns: 500},
    );
  });

  it("takes a step of the model for each operation, whatever overlaps", () => {
    let word = 7;
    const draw: Draw = (bound) => {
      word = (Math.imul(word, 1_103_515_245) + 12_345) >>> 0;
      return (word >>> 8) % bound;
    };
    const history = etcdHistory({operations: 20_000, clients: 100, lost: 0, keys: 10}, draw);
    const steps = {kind: "held", by: "sweep", steps: 20_000, judged: 20_000};
    expect(judge(history.operations, 0)).toEqual(steps);
    expect(judge(history.operations, 0, history)).toEqual(steps);
  });
});
