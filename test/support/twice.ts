// Tests run what they run twice: the second run must have the chain of the first. The tests' configuration puts this in the
// place of sim/execute.ts, so that no test has to think of it. A quarter of all runs is drawn, by their arguments;
// ETCDSCOPE_TWICE=all takes all, =none none.

import {Hasher} from "../../core/base/hasher.ts";
import {execute as once} from "../../sim/execute.ts";
import type {Executed, ExecuteOptions} from "../../sim/execute.ts";
import type {Run} from "../../sim/run.ts";

export * from "../../sim/execute.ts";

/** As sim/execute.ts; fails where two runs of the same arguments differ. */
export function execute(run: Run, options: ExecuteOptions): Executed {
  return isDrawn(run) ? executeTwice(run, options) : once(run, options);
}

/** Runs it twice, the second time without whoever only looks. */
export function executeTwice(run: Run, options: ExecuteOptions): Executed {
  const director = options.director?.fork();
  const done = once(run, options);
  // Whoever looked may have stopped it; what was done up to there is to be the same.
  const limits = done.end === undefined ? {...run.limits, events: done.events} : run.limits;
  const {versions, schedule} = options;
  const again = once({...run, limits}, {versions, director, schedule});
  if (again.traceHash !== done.traceHash || again.events !== done.events) {
    throw new Error(
      `two runs of seed ${run.seed} differ: ${done.events} events, hash ${done.traceHash}, and ${again.events}, ${again.traceHash}`,
    );
  }
  return done;
}

function isDrawn({seed, script, config}: Run): boolean {
  const which = process.env["ETCDSCOPE_TWICE"] ?? "some";
  if (which === "all" || which === "none") return which === "all";
  const into = new Hasher();
  into.string(seed);
  into.int(script.length);
  into.int(config.members);
  return into.lanes()[0] % 4 === 0;
}
