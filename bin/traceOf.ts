// A run as a trace file's bytes. No node: imports.

import {scenarioOf} from "../scenarios/index.ts";
import {codeHash} from "../sim/trace/code.ts";
import {writeTrace} from "../sim/trace/file.ts";
import {traceOf as traceFile} from "../sim/trace/replay.ts";
import type {Done} from "./explain.ts";
import {refuse} from "./given.ts";
import {isObject, refusal} from "./refuse.ts";

/** The run as a trace file's bytes, for `etcdscope replay` and `etcdscope open`. */
export function traceOf(done: Done): Uint8Array {
  refuse(problemOfDone(done));
  const {of, variant} = done;
  const about = {
    code: codeHash,
    scenario: of.id,
    ...(variant === undefined ? {} : {variant}),
    ...(scenarioOf(of.id) === of ? {} : {source: JSON.stringify(of)}),
  };
  return writeTrace(traceFile(done, about));
}

export function problemOfDone(done: unknown): string | undefined {
  const complete = isObject(done) && isObject(done["of"]) && "lines" in done && "checks" in done;
  return complete ? undefined : refusal("run", done, "what run(…) or simulate(…) gives");
}
