// Whether a recorded history of an etcd is linearizable: as our own runs are judged.

import type {Verdict} from "../check/checker.ts";
import {judge} from "../check/linearizability.ts";
import type {Judgement} from "../check/linearizability.ts";
import type {Judged} from "../check/judged.ts";
import type {Breach} from "../check/line.ts";
import type {Operation} from "../history/operation.ts";
import {ordered} from "./etcd.ts";
import type {EtcdHistory} from "./etcd.ts";

export interface EtcdJudgement {
  readonly verdict: Verdict;
  /** Steps of the model. */
  readonly steps: number;
  readonly by: Judgement["by"];
  readonly violation?: EtcdViolation;
}

export interface EtcdViolation {
  /** Why these contradict each other; absent: it was searched for, and up to the return of the last no order explains what happened. */
  readonly why?: Breach["why"];
  /** The one to blame last. */
  readonly operations: readonly Operation[];
  /** That the log is right is a part of the proof. */
  readonly given?: "log";
}

const verdicts = {held: "pass", violated: "fail", unknown: "unknown"} as const;

export function judgeEtcd(recorded: EtcdHistory, budget: number): EtcdJudgement {
  const judgement = judge(ordered(recorded), budget, recorded);
  const {kind, steps, by} = judgement;
  const told = {verdict: verdicts[kind], steps, by};
  if (judgement.kind !== "violated") return told;
  const {breach, blocked, given} = judgement;
  const operations = (breach?.witness ?? [blocked]).flatMap((op) => recordedAs(op, recorded.history));
  const violation = {
    operations,
    ...(breach === undefined ? {} : {why: breach.why}),
    ...(given === undefined ? {} : {given}),
  };
  return {...told, violation};
}

/** As it stands in the history, with its own times. */
function recordedAs({operation}: Judged, history: readonly Operation[]): readonly Operation[] {
  const found = history.find(({client, call}) => client === operation?.client && call === operation.call);
  return found === undefined ? [] : [found];
}
