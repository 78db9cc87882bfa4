// One seed's run told event by event, and kept as a trace if that is wanted.

import {writeFileSync} from "node:fs";
import {RunLog} from "../../../bin/runLog.ts";
import {codeHash} from "../../../build/codeHash.ts";
import {versionOf} from "../../../sim/bug/museum.ts";
import {MutualExclusion} from "../../../sim/check/lockClaims.ts";
import {execute} from "../../../sim/execute.ts";
import {writeTrace} from "../../../sim/trace/file.ts";
import {traceOf} from "../../../sim/trace/replay.ts";
import {judgedIn, recipeChecks} from "./play.ts";
import {recipeRun} from "./recipeRun.ts";

/** `trace`: a file. */
export function replayRecipes(seed: number, fenced: boolean, trace: string | undefined): void {
  const {run, director} = recipeRun(seed, fenced);
  const log = new RunLog((text) => process.stdout.write(text));
  const executed = execute(run, {
    versions: versionOf,
    director,
    checkers: [...recipeChecks(), new MutualExclusion()],
    notes: log,
    lines: trace !== undefined,
    onEvent: (record) => log.tell(record),
  });
  if (trace !== undefined) writeFileSync(trace, writeTrace(traceOf(executed, {code: codeHash()})));
  const judged = judgedIn(executed);
  for (const report of executed.checks) {
    const {name, verdict, violation} = report;
    const what = judged.includes(report) ? name : `${name}, which nobody promises`;
    if (violation !== undefined) console.log(`${what}: ${JSON.stringify(violation)}`);
    else if (verdict === "unknown") console.log(`${what}: undecided`);
  }
  if (judged.every(({verdict}) => verdict !== "fail")) console.log("nothing was broken");
  else process.exitCode = 1;
}
