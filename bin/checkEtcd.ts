// `etcdscope check` of an etcd's history, with revisions: the verdict, and the two operations that contradict each other.

import {performance} from "node:perf_hooks";
import type {Operation} from "../sim/history/operation.ts";
import type {EtcdRecording} from "../sim/record/formats.ts";
import {judgeEtcd} from "../sim/record/judgeEtcd.ts";
import type {EtcdViolation} from "../sim/record/judgeEtcd.ts";
import {contradictionLines, exits, verdictWords} from "./historyText.ts";
import type {Exit, Io} from "./io.ts";

export interface EtcdCheckOptions {
  readonly budget: number;
  readonly json: boolean;
  /** What to say again with a greater budget. */
  readonly command: string;
}

export function checkEtcd(recording: EtcdRecording, {budget, json, command}: EtcdCheckOptions, io: Io): Exit {
  const began = performance.now();
  const judgement = judgeEtcd(recording, budget);
  const wallMs = Math.round((performance.now() - began) * 1000) / 1000;
  const {verdict, steps, by, violation} = judgement;
  if (json) {
    const told = violation === undefined ? {} : {violation: reportOf(violation)};
    io.out(`${JSON.stringify({verdict, operations: recording.operations, steps, wallMs, by, ...told})}\n`);
    return exits[verdict];
  }
  const log = recording.appliedLog === undefined ? "" : ", with the log of what was applied";
  const how = by === "sweep" ? "along its revisions" : "by search";
  io.out(`${verdictWords[verdict]}\n`);
  io.out(
    `${recording.operations} operations on an etcd${log}, ${steps} steps ${how}, ${wallMs.toFixed(1)} ms\n`,
  );
  if (violation !== undefined) for (const line of contradictionLines(violation)) io.out(`${line}\n`);
  if (verdict === "unknown") io.out(`to search longer: ${command} --budget ${budget * 10}\n`);
  return exits[verdict];
}

/** Calls by the lines of their events. */
function reportOf({operations, ...violation}: EtcdViolation): object {
  return {...violation, calls: operations.map(linesOf)};
}

function linesOf({invoked, returned}: Operation): readonly number[] {
  return returned === undefined ? [invoked.step] : [invoked.step, returned.step];
}
