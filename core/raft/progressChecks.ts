// What must hold of a leader's view of the others (checks.ts).

import type {MemberId} from "../base/quantity.ts";
import {claim} from "./claims.ts";
import type {ClaimTally} from "./claims.ts";
import {isLearner, isMember, isVoter} from "./confState.ts";
import type {Index} from "./entry.ts";
import type {NodeFacts} from "./nodeFacts.ts";
import type {LiveProgress} from "./progress.ts";
import type {RawNode} from "./rawNode.ts";

/** There is a progress of each member, once, in order. Changes only with the configuration, or with who leads. */
export function checkMembers(node: RawNode, tally: ClaimTally | undefined): void {
  const {confState: conf} = node;
  const list = node.liveProgress();
  let before = 0;
  let known = 0;
  for (const {member, isLearner: learns} of list) {
    const isOf = member > before && isMember(conf, member) && learns === isLearner(conf, member);
    claim(isOf, node, "progressIsOfTheMembers", tally);
    before = member;
    if (isVoter(conf, member)) known++;
  }
  // Each is a member, once; all are there if the voters and learners are as many.
  let voters = conf.voters.length;
  for (const voter of conf.votersOutgoing) if (!conf.voters.includes(voter)) voters++;
  const complete = known === voters && list.length === voters + conf.learners.length;
  claim(complete, node, "progressIsOfTheMembers", tally);
}

export function checkProgress(node: RawNode, tally: ClaimTally | undefined): void {
  const {id, lastIndex, commitIndex} = node;
  for (const progress of node.liveProgress()) {
    const {member, matchIndex, nextIndex} = progress;
    claim(matchIndex < nextIndex, node, "matchIsBelowNext", tally);
    claim(matchIndex <= lastIndex, node, "matchIsInTheLog", tally);
    claim(nextIndex <= lastIndex + 1, node, "nextIsInTheLog", tally);
    claim(progress.sentCommit <= commitIndex, node, "sentCommitIsCommitted", tally);
    if (member === id) checkOwn(node, progress, tally);
    if (progress.state === "snapshot") checkPending(node, progress, tally);
    else claim(progress.pendingSnapshot === 0, node, "onlySnapshotIsPending", tally);
    checkWindow(node, progress, tally);
  }
}

/** Its own acknowledgement of an entry of its term counts when the entry is durable; older ones it holds, or it did not lead. */
function checkOwn(node: RawNode, progress: LiveProgress, tally: ClaimTally | undefined): void {
  const {matchIndex, state, flowPaused} = progress;
  const handedOut = matchIndex < node.unstableWorkFrom || node.termAt(matchIndex) !== node.term;
  claim(handedOut, node, "ownMatchWasHandedOut", tally);
  // A probe of itself is one that was removed and is back, a learner: its own acknowledgement ends that.
  const silent = !flowPaused && state !== "snapshot" && progress.inflights.count === 0;
  claim(silent && (state === "replicate" || matchIndex === 0), node, "leaderSendsItselfNothing", tally);
}

function checkPending(node: RawNode, progress: LiveProgress, tally: ClaimTally | undefined): void {
  const {pendingSnapshot, matchIndex, nextIndex} = progress;
  claim(pendingSnapshot > 0, node, "snapshotIsPending", tally);
  claim(pendingSnapshot <= node.commitIndex, node, "pendingSnapshotIsCommitted", tally);
  // Not always equal: a late acknowledgement is beyond the snapshot, or a late refusal of a probe at the snapshot's index
  // moves it back (as in etcd). Nothing is sent meanwhile, and whatever ends the state sets it anew.
  claim(nextIndex <= Math.max(pendingSnapshot, matchIndex) + 1, node, "nextFollowsTheSnapshot", tally);
}

function checkWindow(node: RawNode, progress: LiveProgress, tally: ClaimTally | undefined): void {
  const {inflights, state, matchIndex, nextIndex, flowPaused} = progress;
  const {count} = inflights;
  if (state !== "replicate") return claim(count === 0, node, "onlyReplicateHasAWindow", tally);
  claim(!flowPaused || inflights.full, node, "pausesOnlyWhenFull", tally);
  if (count === 0) return;
  claim(count <= node.config.inflightMax, node, "windowIsBounded", tally);
  // A window grows at its end and shrinks at its beginning: the two ends speak for all between.
  const list = inflights.list();
  const last = list[count - 1]?.last ?? 0;
  claim((list[0]?.last ?? 0) > matchIndex, node, "windowIsAboveMatch", tally);
  claim(last < nextIndex, node, "windowIsBelowNext", tally);
  if (count > 1) claim((list[count - 2]?.last ?? 0) < last, node, "windowGrows", tally);
}

/** What a follower acknowledged it never takes back, as long as it is a member. One that left and came back begins anew. */
export function checkMatches(before: NodeFacts, node: RawNode, tally: ClaimTally | undefined): void {
  const now = node.liveProgress();
  if (now === before.progress) {
    for (let i = 0; i < now.length; i++) {
      const grows = (now[i]?.matchIndex ?? -1) >= (before.matchIndexes[i] ?? 0);
      claim(grows, node, "matchIndexNeverFalls", tally);
    }
    return;
  }
  for (const one of now) {
    const i = before.progress.indexOf(one);
    if (i >= 0) claim(one.matchIndex >= (before.matchIndexes[i] ?? 0), node, "matchIndexNeverFalls", tally);
  }
}

/** Whether a majority of each half has acknowledged `index`. Counted here anew: a rule may be what is wrong. */
export function isHeldByQuorum(node: RawNode, index: Index): boolean {
  const {voters, votersOutgoing} = node.confState;
  return isHeldByMajority(node, voters, index) && isHeldByMajority(node, votersOutgoing, index);
}

function isHeldByMajority(node: RawNode, voters: readonly MemberId[], index: Index): boolean {
  let held = 0;
  for (const {member, matchIndex} of node.liveProgress()) {
    if (matchIndex >= index && voters.includes(member)) held++;
  }
  return voters.length === 0 || 2 * held > voters.length;
}
