// One seed's run told event by event, and kept as a trace if that is wanted.

import {writeFileSync} from "node:fs";
import {RunLog} from "../../../bin/runLog.ts";
import {versionOf} from "../../../sim/bug/museum.ts";
import {execute} from "../../../sim/execute.ts";
import type {BetrayalKind} from "../../../sim/fault/damage.ts";
import {writeTrace} from "../../../sim/trace/file.ts";
import {traceOf} from "../../../sim/trace/replay.ts";
import {codeHash} from "../../../build/codeHash.ts";
import {diskRun} from "./diskRun.ts";
import {diskChecks} from "./play.ts";

/** `trace`: a file. */
export function replayDisks(
  seed: number,
  betrayal: BetrayalKind | undefined,
  trace: string | undefined,
): void {
  const {run, director} = diskRun(seed, betrayal);
  const log = new RunLog((text) => process.stdout.write(text));
  const executed = execute(run, {
    versions: versionOf,
    director,
    checkers: diskChecks(),
    notes: log,
    lines: trace !== undefined,
    onEvent: (record) => {
      log.tell(record);
      for (const change of record.changes)
        if (change.kind === "died") console.log(`n${change.member} stops: ${change.message}`);
    },
  });
  for (const {violation} of executed.checks)
    if (violation !== undefined) console.log(`${violation.check}: ${JSON.stringify(violation)}`);
  if (trace !== undefined) writeFileSync(trace, writeTrace(traceOf(executed, {code: codeHash()})));
  if (executed.violation === undefined) console.log("nothing was broken");
  else process.exitCode = 1;
}
