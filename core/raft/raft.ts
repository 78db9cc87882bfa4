// One member's Raft: its state (Figure 2), the changes of role, and the rules that hold for every message in any role
// (§5.1). What a role does with a message is in the role's own file. Nothing leaves here but by `send`, which decides
// whether a message may go at once or waits for the disk. etcd: raft.go.

import {assert, unreachable} from "../base/assert.ts";
import type {MemberId} from "../base/quantity.ts";
import {noMember} from "../base/quantity.ts";
import {campaign} from "./campaign.ts";
import {stepCandidate} from "./candidate.ts";
import type {RaftConfig} from "./config.ts";
import type {ConfState} from "./confState.ts";
import {isLearner, isVoter} from "./confState.ts";
import type {HardState, Index, RoleName, Term} from "./entry.ts";
import {stepFollower} from "./follower.ts";
import {checkQuorumActive} from "./checkQuorum.ts";
import {sendHeartbeats} from "./heartbeat.ts";
import {stepLeader} from "./leader.ts";
import type {Log} from "./log.ts";
import {newProgress} from "./replicas.ts";
import {acknowledgement} from "./message.ts";
import type {Message, PreVote, RequestVote} from "./message.ts";
import type {DropReason, NotesOutlet} from "./notes.ts";
import type {Progress} from "./progress.ts";
import type {Quorum} from "./quorum.ts";
import {quorumOf} from "./quorum.ts";
import {ReadOnly} from "./readOnly.ts";
import type {ReadState} from "./ready.ts";
import type {RaftRules} from "./rules.ts";
import {accepted} from "./stepResult.ts";
import type {StepResult} from "./stepResult.ts";
import {trace, traceMessage} from "./traced.ts";

export interface FollowerRole {
  readonly kind: "follower";
  /** `noMember` until the term's leader is heard of, and after it was told to forget it. */
  leader: MemberId;
}

export interface CandidateRole {
  /** A pre-candidate asks whether it could win, in the term before (thesis §9.6). */
  readonly kind: "preCandidate" | "candidate";
  /** First answer of each voter. */
  readonly votes: Map<MemberId, boolean>;
}

export interface LeaderRole {
  readonly kind: "leader";
  /** One for each member of the configuration, itself included while it is one, by ascending id. */
  progress: readonly Progress[];
  readonly reads: ReadOnly;
  /** Who is to lead next; `noMember` if this leader means to stay. thesis §3.10. */
  transferee: MemberId;
  /** The last entry that may be a change of membership not applied here. */
  pendingConfIndex: Index;
  /** Payload of this leader's entries that are not known to be committed. */
  uncommittedBytes: number;
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
  readonly log: Log;
  readonly notes: NotesOutlet | undefined;
  /** The configuration that decides. */
  conf: ConfState;
  /** The configuration as of lastApplied: the same, unless one decides since it is in the log (rules: decidesSince). */
  confApplied: ConfState;
  quorum: Quorum;
  term: Term;
  votedFor: MemberId;
  role: Role = {kind: "follower", leader: noMember};
  /** Ticks since a follower or candidate heard of a leader or started its campaign; in a leader, since it last counted its quorum. */
  electionElapsed = 0;
  heartbeatElapsed = 0;
  /** Drawn anew from [electionTicks, 2·electionTicks − 1] with each term and each loss of a role (§5.2). */
  electionTimeout = 0;
  /** To be sent at once. */
  messages: Message[] = [];
  /** To be sent, or taken by this node itself, once all that the log and hard state hold now is durable. */
  messagesAfterAppend: Message[] = [];
  readStates: ReadState[] = [];
  private readonly draw: (bound: number) => number;

  constructor({config, rules, log, draw, notes}: RaftParts, {term, votedFor}: HardState, conf: ConfState) {
    this.id = config.id;
    this.config = config;
    this.rules = rules;
    this.conf = conf;
    this.confApplied = conf;
    this.quorum = quorumOf(conf, rules);
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

  /** Whether it may campaign: a voter whose log is whole. */
  get promotable(): boolean {
    return isVoter(this.conf, this.id) && this.log.unstableSnapshot === undefined;
  }

  hardState(): HardState {
    return {term: this.term, votedFor: this.votedFor, commit: this.log.commitIndex};
  }

  becomeFollower(term: Term, leader: MemberId): void {
    this.reset(term);
    this.role = {kind: "follower", leader};
    this.notes?.note({kind: "becameFollower", member: this.id, term, leader});
    if (this.notes !== undefined) trace(this, "BecomeFollower");
  }

  /** Neither the term nor the vote moves, nor the timer; but it knows no leader any more, and so no lease. thesis §9.6. */
  becomePreCandidate(): void {
    this.assertNotLeading("a pre-candidate");
    this.role = {kind: "preCandidate", votes: new Map()};
    this.notes?.note({kind: "becamePreCandidate", member: this.id, term: this.term});
  }

  becomeCandidate(): void {
    this.assertNotLeading("a candidate");
    this.reset(this.term + 1);
    this.votedFor = this.id;
    this.role = {kind: "candidate", votes: new Map()};
    this.notes?.note({kind: "becameCandidate", member: this.id, term: this.term});
    if (this.notes !== undefined) trace(this, "BecomeCandidate");
  }

  becomeLeader(): LeaderRole {
    assert(
      this.role.kind === "candidate",
      `n${this.id} cannot become leader of term ${this.term} as ${this.role.kind}`,
    );
    this.reset(this.term);
    const role: LeaderRole = {
      kind: "leader",
      progress: newProgress(this),
      reads: new ReadOnly(),
      transferee: noMember,
      pendingConfIndex: this.rules.firstChangeWaitsFor(this.log.lastIndex),
      uncommittedBytes: 0,
    };
    this.role = role;
    if (this.notes !== undefined) trace(this, "BecomeLeader");
    return role;
  }

  tick(): void {
    if (this.role.kind === "leader") return this.tickLeader(this.role);
    this.electionElapsed++;
    if (!this.promotable || this.electionElapsed < this.electionTimeout) return;
    this.electionElapsed = 0;
    campaign(this, this.config.preVote ? "preVote" : "election");
  }

  /** Takes a message from another member, or one to itself that has waited for the disk. */
  step(message: Message): StepResult {
    if (this.notes !== undefined) traceMessage(this, "Receive", message);
    const {term} = message;
    // Term 0: hands something on, and says nothing about terms.
    if (term !== 0 && term !== this.term) {
      if (term > this.term) {
        if (!this.takeNewerTerm(message)) return accepted;
      } else if (this.rules.isOutdated(message.kind)) {
        this.answerOlderTerm(message);
        return accepted;
      }
    }
    if (message.kind === "RequestVote" || message.kind === "PreVote") {
      this.handleVoteRequest(message);
      return accepted;
    }
    const {role} = this;
    switch (role.kind) {
      case "follower":
        return stepFollower(this, role, message);
      case "preCandidate":
      case "candidate":
        return stepCandidate(this, role, message);
      case "leader":
        return stepLeader(this, role, message);
      default:
        return unreachable(role);
    }
  }

  send(message: Message): void {
    if (this.notes !== undefined) traceMessage(this, "Send", message);
    const waits = message.to === this.id || this.rules.mustWaitForSync(message.kind);
    (waits ? this.messagesAfterAppend : this.messages).push(message);
  }

  drop(message: Message, why: DropReason): StepResult {
    const {id: member, term, roleName: role} = this;
    this.notes?.note({kind: "messageDropped", member, term, message, why, role});
    return accepted;
  }

  /** Makes `twin`, fresh and over a fork of this log, equal to this. */
  copyTo(twin: Raft): void {
    twin.conf = this.conf;
    twin.confApplied = this.confApplied;
    twin.quorum = this.quorum;
    twin.role = forkRole(this.role);
    twin.electionElapsed = this.electionElapsed;
    twin.heartbeatElapsed = this.heartbeatElapsed;
    twin.electionTimeout = this.electionTimeout;
    twin.messages = this.messages.slice();
    twin.messagesAfterAppend = this.messagesAfterAppend.slice();
    twin.readStates = this.readStates.slice();
  }

  private tickLeader(role: LeaderRole): void {
    this.heartbeatElapsed++;
    this.electionElapsed++;
    if (this.electionElapsed >= this.config.electionTicks) {
      this.electionElapsed = 0;
      if (this.config.checkQuorum && !checkQuorumActive(this, role)) return;
      // The transferee had its time (thesis §3.10).
      role.transferee = noMember;
    }
    if (this.heartbeatElapsed < this.config.heartbeatTicks) return;
    this.heartbeatElapsed = 0;
    sendHeartbeats(this, role);
  }

  /** §5.1: a larger term is adopted, but for pre-votes, and for votes while a leader holds its lease. False: no more to do. */
  private takeNewerTerm(message: Message): boolean {
    const {kind, term, from} = message;
    const isRequest = kind === "RequestVote" || kind === "PreVote";
    if (isRequest && this.isLeased(message)) return false;
    // To ask is no term begun, and to be granted what one asked is none either.
    if (kind === "PreVote" || (kind === "PreVoteResponse" && message.voteGranted)) return true;
    this.notes?.note({kind: "termSeen", member: this.id, term: this.term, message});
    const ofLeader = kind === "AppendEntries" || kind === "Heartbeat" || kind === "InstallSnapshot";
    this.becomeFollower(term, ofLeader ? from : noMember);
    return true;
  }

  private isLeased(message: RequestVote | PreVote): boolean {
    const {id, leader, electionElapsed, config} = this;
    const {checkQuorum, electionTicks} = config;
    const transfer = message.kind === "RequestVote" && message.transfer;
    if (!this.rules.isLeased({checkQuorum, leader, electionElapsed, electionTicks, transfer})) return false;
    if (this.notes !== undefined) {
      const remainingTicks = electionTicks - electionElapsed;
      const {term, votedFor, log} = this;
      this.notes.note({
        kind: "voteLeased",
        member: id,
        term,
        message,
        remainingTicks,
        votedFor,
        last: log.last,
      });
    }
    return true;
  }

  private answerOlderTerm(message: Message): void {
    const {id, term: own, rules} = this;
    const {kind, from: to, term: asked} = message;
    const {checkQuorum, preVote} = this.config;
    if (!rules.mustAnswerOlder({kind, checkQuorum, preVote})) {
      this.drop(message, "staleTerm");
    } else if (kind === "PreVote") {
      this.noteVote(message, false);
      const term = rules.voteAnswerTerm({granted: false, asked, own});
      this.send({kind: "PreVoteResponse", from: id, to, term, voteGranted: false});
    } else {
      this.send(acknowledgement({from: id, to, term: own}, 0));
    }
  }

  /** Any role votes, learners too: they may have been promoted without having heard of it. §5.2, §5.4.1. */
  private handleVoteRequest(message: RequestVote | PreVote): void {
    const {id, term, votedFor, leader} = this;
    const {from: to, lastLogIndex, lastLogTerm} = message;
    const preVote = message.kind === "PreVote";
    const voteGranted = this.rules.canGrantVote({
      candidate: to,
      votedFor,
      leader,
      upToDate: this.rules.isUpToDate({index: lastLogIndex, term: lastLogTerm}, this.log.last),
      preVoteAhead: preVote && message.term > term,
      isLearner: isLearner(this.conf, id),
    });
    this.noteVote(message, voteGranted);
    const kind = preVote ? "PreVoteResponse" : "RequestVoteResponse";
    const answered = this.rules.voteAnswerTerm({granted: voteGranted, asked: message.term, own: term});
    this.send({kind, from: id, to, term: answered, voteGranted});
    if (preVote || !voteGranted) return;
    this.votedFor = to;
    this.electionElapsed = 0;
  }

  private noteVote(message: RequestVote | PreVote, granted: boolean): void {
    if (this.notes === undefined) return;
    const {id, term, votedFor, log} = this;
    this.notes.note({kind: "voteCast", member: id, term, message, granted, votedFor, last: log.last});
  }

  private assertNotLeading(what: string): void {
    assert(this.role.kind !== "leader", `n${this.id}, which leads term ${this.term}, cannot become ${what}`);
  }

  private reset(term: Term): void {
    if (term !== this.term) {
      this.term = term;
      this.votedFor = noMember;
    }
    this.electionElapsed = 0;
    this.heartbeatElapsed = 0;
    const {electionTicks} = this.config;
    this.electionTimeout = this.rules.electionTimeout({electionTicks, drawn: this.draw(electionTicks)});
  }
}

function forkRole(role: Role): Role {
  switch (role.kind) {
    case "follower":
      return {kind: "follower", leader: role.leader};
    case "preCandidate":
    case "candidate":
      return {kind: role.kind, votes: new Map(role.votes)};
    case "leader":
      return {...role, progress: role.progress.map((one) => one.fork()), reads: role.reads.fork()};
    default:
      return unreachable(role);
  }
}
