// Linearizable reads at the leader (§8, thesis §6.4): it answers with an index that a read must wait for, once it knows
// that it was still the leader after the read was asked. readOnly.ts keeps who waits.

import {quorumAnswered} from "./checkQuorum.ts";
import {sendHeartbeats} from "./heartbeat.ts";
import type {HeartbeatResponse} from "./message.ts";
import {reachedByQuorum} from "./quorum.ts";
import type {LeaderRole, Raft} from "./raft.ts";
import type {ReadQuestion, WaitingRead} from "./readOnly.ts";

/** Puts the read in line, and asks all whether this is still the leader. thesis §6.4. */
export function readIndexAsLeader(raft: Raft, role: LeaderRole, question: ReadQuestion): void {
  const {id, term, log} = raft;
  if (!knowsCommitted(raft)) {
    role.reads.postpone(question);
    raft.notes?.note({kind: "readPostponed", member: id, term, ...question});
    return;
  }
  if (readsOnLease(raft, role)) {
    // Trusts that nobody else was elected since a quorum answered; clocks, and a handed-over leadership, can belie it.
    return answer(raft, {...question, index: log.commitIndex});
  }
  role.reads.add(question, log.commitIndex);
  role.reads.acknowledge(id, role.reads.position);
  sendHeartbeats(raft, role);
  release(raft, role);
}

/** A heartbeat that carried a position came back. */
export function acknowledgeRead(raft: Raft, role: LeaderRole, {from, readPosition}: HeartbeatResponse): void {
  role.reads.acknowledge(from, raft.rules.markedPosition(readPosition, role.reads));
  release(raft, role);
}

/** An entry was committed: those wait no longer that waited for the first of the term. */
export function takePostponedReads(raft: Raft, role: LeaderRole): void {
  if (!role.reads.hasPostponed || !knowsCommitted(raft)) return;
  for (const question of role.reads.takePostponed()) readIndexAsLeader(raft, role, question);
}

/** Whether an entry of this term is committed: only then does the leader know all that is. §8. */
export function knowsCommitted({log, rules, term, quorum}: Raft): boolean {
  const committedTerm = log.termAt(log.commitIndex) ?? 0;
  return rules.mayTakeReads({committedTerm, currentTerm: term, voters: quorum.incoming.voters.length});
}

function readsOnLease({config, electionElapsed, quorum, rules}: Raft, role: LeaderRole): boolean {
  const {readOnly, checkQuorum, electionTicks} = config;
  return rules.mayReadOnLease({
    leaseReads: readOnly === "leaseBased",
    checkQuorum,
    electionTicks,
    electionElapsed,
    quorumAnswered: () => quorumAnswered(quorum, role),
    transferee: role.transferee,
  });
}

function release(raft: Raft, role: LeaderRole): void {
  const {reads} = role;
  if (!reads.hasWaiting) return;
  const quorumPosition = reachedByQuorum(raft.quorum, (member) => reads.ackOf(member));
  for (const read of reads.release((position) => raft.rules.mayServeRead({position, quorumPosition}))) {
    answer(raft, read);
  }
}

function answer(raft: Raft, {from: to, context, index}: WaitingRead): void {
  const {id, term} = raft;
  raft.notes?.note({kind: "readConfirmed", member: id, term, from: to, context, index});
  if (to === id) raft.readStates.push({index, context});
  else raft.send({kind: "ReadIndexResponse", from: id, to, term, index, context});
}
