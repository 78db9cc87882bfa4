// One member's Raft: its state (Figure 2), the changes of role, and the rules that hold for every message in any role
// (§5.1). What a role does with a message is in the role's own file. Nothing leaves here but by `send`, which decides
// whether a message may go at once or waits for the disk. etcd: raft.go.

import {assert, unreachable} from "../base/assert.ts";
import type {MemberId} from "../base/quantity.ts";
import {noMember} from "../base/quantity.ts";
import {failed} from "../base/result.ts";
import type {Result} from "../base/result.ts";
import {campaign, stepCandidate} from "./candidate.ts";
import type {RaftConfig} from "./config.ts";
import type {HardState, RoleName, Term} from "./entry.ts";
import {forwardProposal, forwardReadIndex, stepFollower} from "./follower.ts";
import {Inflights} from "./inflights.ts";
import {proposeAsLeader, readIndexAsLeader, sendHeartbeats, stepLeader} from "./leader.ts";
import type {Log} from "./log.ts";
import type {Message, RequestVote} from "./message.ts";
import type {DropReason, NotesOutlet} from "./notes.ts";
import {Progress} from "./progress.ts";
import type {Quorum} from "./quorum.ts";
import {ReadOnly} from "./readOnly.ts";
import type {ReadState} from "./ready.ts";
import type {RaftRules} from "./rules.ts";

export interface FollowerRole {
  readonly kind: "follower";
  /** {@link noMember} until the term's leader is heard of. */
  leader: MemberId;
}

export interface CandidateRole {
  readonly kind: "candidate";
  /** First answer of each voter in this term. */
  readonly votes: Map<MemberId, boolean>;
}

export interface LeaderRole {
  readonly kind: "leader";
  /** One for each member, itself included, by ascending id. */
  readonly progress: readonly Progress[];
  readonly reads: ReadOnly;
}

export type Role = FollowerRole | CandidateRole | LeaderRole;

/** What a Raft is made of. */
export interface RaftParts {
  readonly config: RaftConfig;
  readonly rules: RaftRules;
  readonly log: Log;
  readonly draw: (bound: number) => number;
  readonly notes: NotesOutlet | undefined;
}

export class Raft {
  readonly id: MemberId;
  readonly config: RaftConfig;
  readonly rules: RaftRules;
  readonly quorum: Quorum;
  readonly log: Log;
  readonly notes: NotesOutlet | undefined;
  term: Term;
  votedFor: MemberId;
  role: Role = {kind: "follower", leader: noMember};
  /** Ticks since a follower or candidate heard of a leader or started its campaign; 0 in a leader, which has no such timer. */
  electionElapsed = 0;
  heartbeatElapsed = 0;
  /** Drawn anew from [electionTicks, 2·electionTicks − 1] at each change of role (§5.2). */
  electionTimeout = 0;
  /** To be sent at once. */
  messages: Message[] = [];
  /** To be sent, or taken by this node itself, once all that the log and hard state hold now is durable. */
  messagesAfterAppend: Message[] = [];
  readStates: ReadState[] = [];
  private readonly draw: (bound: number) => number;

  constructor({config, rules, log, draw, notes}: RaftParts, {term, votedFor}: HardState) {
    this.id = config.id;
    this.config = config;
    this.rules = rules;
    this.quorum = {voters: config.voters, needed: rules.quorumSize(config.voters.length)};
    this.log = log;
    this.draw = draw;
    this.notes = notes;
    this.term = term;
    this.votedFor = votedFor;
  }

  get leader(): MemberId {
    if (this.role.kind === "follower") return this.role.leader;
    return this.role.kind === "leader" ? this.id : noMember;
  }

  get roleName(): RoleName {
    return this.role.kind;
  }

  hardState(): HardState {
    return {term: this.term, votedFor: this.votedFor, commit: this.log.commitIndex};
  }

  becomeFollower(term: Term, leader: MemberId): void {
    this.reset(term);
    this.role = {kind: "follower", leader};
    this.notes?.note({kind: "becameFollower", member: this.id, term, leader});
  }

  becomeCandidate(): void {
    assert(
      this.role.kind !== "leader",
      `n${this.id}, which leads term ${this.term}, cannot become a candidate`,
    );
    this.reset(this.term + 1);
    this.votedFor = this.id;
    this.role = {kind: "candidate", votes: new Map()};
    this.notes?.note({kind: "becameCandidate", member: this.id, term: this.term});
  }

  becomeLeader(): LeaderRole {
    assert(
      this.role.kind === "candidate",
      `n${this.id} cannot become leader of term ${this.term} as ${this.role.kind}`,
    );
    this.reset(this.term);
    const nextIndex = this.log.lastIndex + 1;
    const progress: Progress[] = [];
    for (const member of this.config.voters) {
      progress.push(new Progress(member, {nextIndex, inflights: new Inflights(this.config.inflightMax)}));
    }
    const role: LeaderRole = {kind: "leader", progress, reads: new ReadOnly()};
    // Of its own log nothing is counted until a receipt came; but it needs no probing.
    for (const own of progress) if (own.member === this.id) own.state = "replicate";
    this.role = role;
    return role;
  }

  tick(): void {
    if (this.role.kind === "leader") {
      this.heartbeatElapsed++;
      if (this.heartbeatElapsed < this.config.heartbeatTicks) return;
      this.heartbeatElapsed = 0;
      sendHeartbeats(this, this.role);
    } else if (++this.electionElapsed >= this.electionTimeout) {
      this.electionElapsed = 0;
      this.notes?.note({kind: "electionTimeout", member: this.id, term: this.term});
      this.campaign();
    }
  }

  /** Starts an election, unless it leads already. A pre-vote will come before. */
  campaign(): void {
    if (this.role.kind !== "leader") campaign(this);
  }

  propose(data: readonly Uint8Array[]): Result<undefined, "proposalDropped"> {
    switch (this.role.kind) {
      case "leader":
        return proposeAsLeader(this, this.role, data);
      case "follower":
        return forwardProposal(this, this.role, data);
      case "candidate":
        this.notes?.note({kind: "proposalDropped", member: this.id});
        return failed("proposalDropped");
      default:
        return unreachable(this.role);
    }
  }

  readIndex(context: number): void {
    switch (this.role.kind) {
      case "leader":
        return readIndexAsLeader(this, this.role, {from: this.id, context});
      case "follower":
        return forwardReadIndex(this, this.role, context);
      case "candidate":
        this.notes?.note({kind: "readDropped", member: this.id, context});
        return;
      default:
        return unreachable(this.role);
    }
  }

  /** Takes a message from a member, or one that this node has for itself. */
  step(message: Message): void {
    // Term 0 makes no statement about terms: a question handed on by a follower.
    if (message.term !== 0) {
      if (message.term < this.term) return this.drop(message, "staleTerm");
      if (message.term > this.term) {
        const ofLeader = message.kind === "AppendEntries" || message.kind === "Heartbeat";
        this.becomeFollower(message.term, ofLeader ? message.from : noMember);
      }
    }
    if (message.kind === "RequestVote") return this.handleRequestVote(message);
    switch (this.role.kind) {
      case "follower":
        return stepFollower(this, this.role, message);
      case "candidate":
        return stepCandidate(this, this.role, message);
      case "leader":
        return stepLeader(this, this.role, message);
      default:
        return unreachable(this.role);
    }
  }

  send(message: Message): void {
    const waits = message.to === this.id || this.rules.mustWaitForSync(message.kind);
    (waits ? this.messagesAfterAppend : this.messages).push(message);
  }

  drop(message: Message, why: DropReason): void {
    this.notes?.note({kind: "messageDropped", member: this.id, message, why});
  }

  /** Makes `twin`, fresh and over a fork of this log, equal to this. */
  copyTo(twin: Raft): void {
    twin.role = forkRole(this.role);
    twin.electionElapsed = this.electionElapsed;
    twin.heartbeatElapsed = this.heartbeatElapsed;
    twin.electionTimeout = this.electionTimeout;
    twin.messages = this.messages.slice();
    twin.messagesAfterAppend = this.messagesAfterAppend.slice();
    twin.readStates = this.readStates.slice();
  }

  /** Any role votes: who leads or campaigns in this term has voted for itself. §5.2, §5.4.1. */
  private handleRequestVote(message: RequestVote): void {
    const theirs = {index: message.lastLogIndex, term: message.lastLogTerm};
    const voteGranted = this.rules.canGrantVote({
      candidate: message.from,
      votedFor: this.votedFor,
      leader: this.leader,
      upToDate: this.rules.isUpToDate(theirs, this.log.last),
    });
    if (voteGranted) {
      this.votedFor = message.from;
      this.electionElapsed = 0;
    }
    const {id, term} = this;
    this.notes?.note({kind: "voteCast", member: id, term, candidate: message.from, granted: voteGranted});
    this.send({kind: "RequestVoteResponse", from: id, to: message.from, term, voteGranted});
  }

  private reset(term: Term): void {
    if (term !== this.term) {
      this.term = term;
      this.votedFor = noMember;
    }
    this.electionElapsed = 0;
    this.heartbeatElapsed = 0;
    this.electionTimeout = this.config.electionTicks + this.draw(this.config.electionTicks);
  }
}

function forkRole(role: Role): Role {
  switch (role.kind) {
    case "follower":
      return {kind: "follower", leader: role.leader};
    case "candidate":
      return {kind: "candidate", votes: new Map(role.votes)};
    case "leader":
      return {kind: "leader", progress: role.progress.map((one) => one.fork()), reads: role.reads.fork()};
    default:
      return unreachable(role);
  }
}
