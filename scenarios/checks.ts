// The checks that a claim may name.

import type {Checker} from "../sim/check/checker.ts";
import {Convergence} from "../sim/check/convergence.ts";
import {FencedWrites, MutualExclusion} from "../sim/check/lockClaims.ts";
import {standardChecks} from "../sim/check/standard.ts";

/** Fresh ones: those that judge every run, and two about locks that judge only where a claim names them. */
export function checksToName(): Checker[] {
  return [...standardChecks(), new MutualExclusion(), new FencedWrites(), new Convergence()];
}
