// The room's public face: the scenarios in teaching order.

import type {Scenario} from "./format.ts";
import {fullDisk} from "./fullDisk.ts";
import {jointConsensus} from "./jointConsensus.ts";
import {leaderCrash} from "./leaderCrash.ts";
import {leaderPartition} from "./leaderPartition.ts";
import {lockWithoutFencing} from "./lockWithoutFencing.ts";
import {mvccWalk} from "./mvccWalk.ts";
import {preVote} from "./preVote.ts";
import {replaceAMember} from "./replaceAMember.ts";

/** In teaching order; the first is what the page opens with. */
export const scenarios: readonly Scenario[] = [
  leaderPartition,
  leaderCrash,
  preVote,
  replaceAMember,
  jointConsensus,
  mvccWalk,
  lockWithoutFencing,
  fullDisk,
];

/** The scenario of that id. */
export function scenarioOf(id: string): Scenario | undefined {
  return scenarios.find((scenario) => scenario.id === id);
}
