// What can be seen of a node from outside: for its server, checks and pictures. Nothing here changes anything.

import type {MemberId} from "../base/quantity.ts";
import {noMember} from "../base/quantity.ts";
import type {RaftConfig} from "./config.ts";
import type {ConfState} from "./confState.ts";
import {votersOf} from "./confState.ts";
import type {Entry, HardState, Index, RoleName, Term} from "./entry.ts";
import type {Message} from "./message.ts";
import {knowsCommitted} from "./leaderReads.ts";
import type {LiveProgress} from "./progress.ts";
import type {Raft} from "./raft.ts";
import type {ProgressView} from "./ready.ts";
import type {RaftRules} from "./rules.ts";
import type {Snapshot} from "./snapshot.ts";

const noProgress: readonly LiveProgress[] = [];

export class NodeView {
  protected readonly raft: Raft;

  constructor(raft: Raft) {
    this.raft = raft;
  }

  get id(): MemberId {
    return this.raft.id;
  }

  get config(): RaftConfig {
    return this.raft.config;
  }

  /** The decisions that it is made of. */
  get rules(): RaftRules {
    return this.raft.rules;
  }

  /** Who is in the cluster and who decides, as of the last change that this member has applied. */
  get confState(): ConfState {
    return this.raft.conf;
  }

  /** Latest term this member has seen (Figure 2). */
  get term(): Term {
    return this.raft.term;
  }

  get votedFor(): MemberId {
    return this.raft.votedFor;
  }

  get role(): RoleName {
    return this.raft.roleName;
  }

  /** Who leads `term`, as far as this member knows; else `noMember`. */
  get leader(): MemberId {
    return this.raft.leader;
  }

  /** Whether an entry of this term is committed here: a leader then knows all that is (§8). */
  get knowsCommitted(): boolean {
    return knowsCommitted(this.raft);
  }

  /** To whom this leader is handing over; `noMember` if to nobody. */
  get transferee(): MemberId {
    return this.raft.role.kind === "leader" ? this.raft.role.transferee : noMember;
  }

  /** A leader's: the last entry that may be a change of membership not applied here; 0 in other roles. */
  get pendingConfIndex(): Index {
    return this.raft.role.kind === "leader" ? this.raft.role.pendingConfIndex : 0;
  }

  /** Whether it is a voter with a whole log, and so may campaign. */
  get promotable(): boolean {
    return this.raft.promotable;
  }

  /** Highest entry known to be committed. Invariant: lastApplied ≤ applying ≤ commitIndex ≤ lastIndex. */
  get commitIndex(): Index {
    return this.raft.log.commitIndex;
  }

  /** The last entry handed out to be applied. */
  get applying(): Index {
    return this.raft.log.applying;
  }

  get lastApplied(): Index {
    return this.raft.log.lastApplied;
  }

  get firstIndex(): Index {
    return this.raft.log.firstIndex;
  }

  get lastIndex(): Index {
    return this.raft.log.lastIndex;
  }

  /** First entry that is not known to be durable; lastIndex + 1 if all are. */
  get unstableFrom(): Index {
    return this.raft.log.unstableFrom;
  }

  /** First entry that nobody was asked to write yet. */
  get unstableWorkFrom(): Index {
    return this.raft.log.unstableWorkFrom;
  }

  /** A snapshot that was received and is not known to be durable. */
  get unstableSnapshot(): Snapshot | undefined {
    return this.raft.log.unstableSnapshot;
  }

  /** As {@link ticksToElection}, without a copy. */
  get ticksElapsed(): number {
    return this.raft.electionElapsed;
  }

  get electionTimeout(): number {
    return this.raft.electionTimeout;
  }

  /** For the timer's arc. In a leader `elapsed` counts towards its next look at its quorum, and `timeout` is not used. */
  get ticksToElection(): {readonly elapsed: number; readonly timeout: number} {
    return {elapsed: this.raft.electionElapsed, timeout: this.raft.electionTimeout};
  }

  /** The same object until the index is overwritten. */
  entryAt(index: Index): Entry | undefined {
    return this.raft.log.entryAt(index);
  }

  /** Known on [firstIndex − 1, lastIndex], 0 at index 0; else undefined. */
  termAt(index: Index): Term | undefined {
    return this.raft.log.termAt(index);
  }

  /** A candidate's or pre-candidate's answers so far, by ascending id; empty in other roles. */
  votes(): readonly {readonly member: MemberId; readonly granted: boolean}[] {
    const {role} = this.raft;
    if (role.kind !== "candidate" && role.kind !== "preCandidate") return [];
    const votes: {member: MemberId; granted: boolean}[] = [];
    for (const member of votersOf(this.raft.conf)) {
      const granted = role.votes.get(member);
      if (granted !== undefined) votes.push({member, granted});
    }
    return votes;
  }

  /** A leader's view of all members, itself included, by ascending id; empty in other roles. */
  progress(): readonly ProgressView[] {
    const {role} = this.raft;
    return role.kind === "leader" ? role.progress.map((one) => one.view()) : [];
  }

  /** As {@link progress}, without a copy: for looking at once. For checks. */
  liveProgress(): readonly LiveProgress[] {
    const {role} = this.raft;
    return role.kind === "leader" ? role.progress : noProgress;
  }

  /** What the next Ready will hold to be sent at once, without a copy. For checks. */
  pendingMessages(): readonly Message[] {
    return this.raft.messages;
  }

  /** What will wait for the next Ready's append work, without a copy. For checks. */
  pendingAnswers(): readonly Message[] {
    return this.raft.messagesAfterAppend;
  }

  hardState(): HardState {
    return this.raft.hardState();
  }
}
