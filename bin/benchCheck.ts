// Recorded histories for the benchmarks, of a register that clients read, write, and compare and set, and of an etcd: how the
// cost of judging them grows with their length, with how many clients are at it at once, and with how many outcomes nobody knows.

import {judge as judgeEtcd} from "../sim/check/linearizability.ts";
import type {Operation} from "../sim/history/operation.ts";
import type {Call} from "../sim/record/call.ts";
import type {Recording} from "../sim/record/formats.ts";
import {judge} from "../sim/record/judge.ts";
import {runShape} from "./benchCluster.ts";
import {etcdHistory} from "./benchHistory.ts";
import type {EtcdHistory} from "./benchHistory.ts";
import {processorSeconds} from "./benchMeter.ts";

export interface HistoryShape {
  readonly operations: number;
  readonly clients: number;
  /** Calls of unknown outcome, of a thousand. */
  readonly unknown: number;
}

export interface Judged {
  readonly verdict: string;
  readonly steps: number;
  readonly seconds: number;
}

/** What came of an etcd's history, and by what. */
export interface EtcdJudged extends Judged {
  readonly by: string;
  /** The first time. */
  readonly firstSeconds: number;
  /** Operations that contradict each other, where it is violated. */
  readonly witness: number;
}

/** Steps of an etcd's history that is given up. */
const etcdBudget = 4_000_000;

/** The history of a synthetic etcd of ten keys. */
export function etcdOf({operations, clients, unknown}: HistoryShape): EtcdHistory {
  const draw = drawn(operations + clients * 7919 + unknown);
  return etcdHistory({operations, clients, lost: unknown, keys: 10}, draw);
}

/** What clients of the simulated cluster saw: a hundred of them, as fast as they are answered, nothing goes wrong. */
export function simulatedEtcd(): EtcdHistory {
  const shape = {members: 3, clients: 100, perClient: 100, checked: false};
  const {operations, appliedLog = []} = runShape(shape, () => undefined).view;
  return {operations, appliedLog};
}

/** As if the last read of a key had been answered what the first was. */
export function staleAtTheEnd({operations, appliedLog}: EtcdHistory): EtcdHistory {
  const last = operations.findLast(({request}) => request.kind === "range" && request.rangeEnd === undefined);
  const isAlike = ({request}: Operation): boolean =>
    request.kind === "range" && last?.request.kind === "range" && request.key === last.request.key;
  const first = operations.find(isAlike);
  const stale = operations.map((one): Operation =>
    one === last && first?.outcome !== undefined ? {...one, outcome: first.outcome} : one,
  );
  return {operations: stale, appliedLog};
}

/** The least of five times, as what is published of others; once, where it is given up. */
export function judgeHistory(history: EtcdHistory, withLog: boolean): EtcdJudged {
  const first = judgeOnce(history, withLog);
  let {seconds} = first;
  for (let i = 1; i < 5 && first.verdict !== "unknown"; i++)
    seconds = Math.min(seconds, judgeOnce(history, withLog).seconds);
  return {...first, seconds, firstSeconds: first.seconds};
}

function judgeOnce(
  {operations, appliedLog}: EtcdHistory,
  withLog: boolean,
): Omit<EtcdJudged, "firstSeconds"> {
  const began = processorSeconds();
  const judgement = judgeEtcd(operations, etcdBudget, withLog ? {appliedLog} : undefined);
  const seconds = processorSeconds() - began;
  const {kind, steps, by} = judgement;
  const witness = judgement.kind === "violated" ? (judgement.breach?.witness.length ?? 0) : 0;
  return {verdict: kind, steps, by, witness, seconds};
}

/** Steps of a history that is given up. */
const budget = 5_000_000;

/** Judges a history of that shape that holds, or one whose last read answers what nobody wrote. */
export function judgeShape(shape: HistoryShape, holds: boolean): Judged {
  const recording = recorded(shape, holds);
  const began = processorSeconds();
  const {verdict, steps} = judge(recording, {budget});
  return {verdict, steps, seconds: processorSeconds() - began};
}

interface Open {
  readonly index: number;
  isDone: boolean;
}

/** What clients of a sound register see, who go on in an order drawn from a fixed seed; five values. */
function recorded({operations, clients, unknown}: HistoryShape, holds: boolean): Recording {
  const draw = drawn(operations + clients * 7919 + unknown);
  const calls: Call[] = [];
  const open: (Open | undefined)[] = Array.from({length: clients}, () => undefined);
  let held: Call["value"] = null;
  let at = 0;
  while (calls.length < operations || open.some((one) => one !== undefined)) {
    const client = draw(clients);
    const one = open[client];
    if (one === undefined) {
      if (calls.length === operations) continue;
      const kind = (["read", "write", "cas"] as const)[draw(3)] ?? "read";
      open[client] = {index: calls.length, isDone: false};
      const asked = {
        process: `${client}`,
        key: "",
        kind,
        value: draw(5),
        ...(kind === "cas" ? {expected: draw(5)} : {}),
      };
      calls.push({...asked, outcome: "unknown", invoked: ++at, returned: undefined});
      continue;
    }
    const call = calls[one.index] as Call;
    if (one.isDone) {
      calls[one.index] = {...call, returned: ++at};
      open[client] = undefined;
      continue;
    }
    // Lost on the way there, or on the way back.
    const isLost = call.kind !== "read" && draw(1000) < unknown;
    const isApplied =
      (!isLost || draw(2) === 0) &&
      (call.kind === "write" || (call.kind === "cas" && call.expected === held));
    const value = call.kind === "read" ? held : call.value;
    if (isApplied) held = call.value;
    if (isLost) open[client] = undefined;
    else {
      calls[one.index] = {...call, value, outcome: call.kind === "cas" && !isApplied ? "refused" : "done"};
      one.isDone = true;
    }
  }
  const end = {
    process: "end",
    key: "",
    kind: "read",
    outcome: "done",
    invoked: at + 1,
    returned: at + 2,
  } as const;
  return {
    of: "registers",
    calls: [...calls, {...end, value: holds ? held : 77}],
    operations: calls.length + 1,
  };
}

function drawn(seed: number): (bound: number) => number {
  let word = seed;
  return (bound) => {
    word = (Math.imul(word, 1_103_515_245) + 12_345) >>> 0;
    return (word >>> 8) % bound;
  };
}
