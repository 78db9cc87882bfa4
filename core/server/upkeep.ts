// The actors that look after a cluster without anybody asking, and what they ask of the other parts: compactions are
// proposed, hashes asked of other members, alarms raised.

import type {MemberId, Micros} from "../base/quantity.ts";
import {sooner} from "../base/quantity.ts";
import type {AppliedCommand} from "./applier.ts";
import type {CheckSight} from "./corruptCheck.ts";
import type {Actor, Point} from "./io.ts";
import type {ServerParts} from "./parts.ts";

/** Where an actor pauses. */
export interface Pause {
  readonly actor: Actor;
  readonly at: Point;
}

/** Lets them go on by a step: where one pauses, or whether one went on. */
export function stepUpkeep(parts: ServerParts, now: Micros): Pause | boolean {
  return stepCompact(parts, now) || stepCheck(parts, now);
}

export function wakeUpkeep({autoCompact, corruptCheck}: ServerParts, now: Micros): void {
  autoCompact.wake(now);
  corruptCheck.wake(now);
}

export function upkeepDeadline({autoCompact, corruptCheck}: ServerParts): Micros | undefined {
  return sooner(autoCompact.deadline(), corruptCheck.deadline());
}

/** An entry was applied: it may be a compaction of this member's own. Compacted already is as good as done. */
export function tellUpkeep(parts: ServerParts, {proposal, result}: AppliedCommand, now: Micros): void {
  const {config, nonce, autoCompact} = parts;
  if (proposal.proposer !== config.id || proposal.nonce !== nonce) return;
  const isDone = result.kind === "compact" || (result.kind === "error" && result.error.code === "OutOfRange");
  autoCompact.applied(proposal.sequence, isDone, now);
}

/** All others that the record knows, ascending. */
export function othersOf({applier, config}: ServerParts): readonly MemberId[] {
  return applier.membership.members.map(({member}) => member).filter((member) => member !== config.id);
}

function stepCompact(parts: ServerParts, now: Micros): Pause | boolean {
  const {autoCompact, applier, raft, requests, config} = parts;
  if (autoCompact.rests) return false;
  const sight = {revision: applier.store.currentRevision, isLeader: raft.role === "leader"};
  const step = autoCompact.next(sight, now);
  if (step === undefined) return false;
  if (step === "pause") return {actor: "autoCompact", at: "beforeAutoCompact"};
  const sequence = requests.proposeOwn({kind: "compact", revision: step}, now);
  autoCompact.proposed(sequence, step, now + config.requestTimeout);
  return true;
}

function stepCheck(parts: ServerParts, now: Micros): Pause | boolean {
  const {corruptCheck, forwards, requests, config} = parts;
  if (corruptCheck.rests) return false;
  const step = corruptCheck.next(sightOf(parts), now);
  switch (step.kind) {
    case "none":
      return false;
    case "pause":
      return {actor: "corruptCheck", at: step.at};
    case "ask":
      for (const member of othersOf(parts)) {
        const asker = {for: "corruptCheck", ticket: step.ticket, member} as const;
        const question = {kind: "hashKv", revision: step.revision} as const;
        forwards.ask(member, question, asker, now + config.requestTimeout);
      }
      return true;
    case "alarm":
      for (const member of step.members) requests.raise({member, alarm: "CORRUPT"}, now);
      return true;
    default:
      return step satisfies never;
  }
}

function sightOf(parts: ServerParts): CheckSight {
  const {raft, applier, config} = parts;
  return {
    isLeader: raft.role === "leader",
    store: applier.store,
    compactions: applier.compactionHashes.all,
    self: config.id,
    others: othersOf(parts),
    appliedIndex: applier.index,
    commitIndex: raft.commitIndex,
    knowsCommitted: raft.knowsCommitted,
  };
}
