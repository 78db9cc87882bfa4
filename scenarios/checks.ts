// The checks that a claim may name.

import type {Checker} from "../sim/check/checker.ts";
import {claimsOfLoads} from "../sim/check/loadClaims.ts";
import {Convergence} from "../sim/check/convergence.ts";
import {LeasesEndInTime} from "../sim/check/leaseClaims.ts";
import {FencedWrites, MutualExclusion, OneElected} from "../sim/check/lockClaims.ts";
import {MembersAreRecorded} from "../sim/check/memberRecord.ts";
import {nothingPutWithoutSpace} from "../sim/check/spaceClaims.ts";
import {standardChecks} from "../sim/check/standard.ts";
import {loadNames, loadsOf} from "../sim/workload/loads.ts";

/**
 * Fresh ones: those that judge every run, those that judge only where a claim names them (about locks and elections, space, the record of
 * members, that leases end in time, and that members end alike), and what loads with a name claim, which is the same however the load is set.
 */
export function checksToName(): Checker[] {
  const ofLoads = claimsOfLoads(loadNames.flatMap((name) => loadsOf(name)));
  return [
    ...standardChecks(),
    new MutualExclusion(),
    new OneElected(),
    new FencedWrites(),
    new MembersAreRecorded(),
    new LeasesEndInTime(),
    nothingPutWithoutSpace(),
    new Convergence(),
    ...ofLoads,
  ];
}
