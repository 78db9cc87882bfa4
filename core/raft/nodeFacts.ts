// What checkTransition needs to remember of a member's state before a step, and all else that the claims look at: where
// none of it changed, there is nothing to claim anew. Of six steps of a cluster five are such: ticks that only count, messages
// that only reset a timer, work of the disk. Taken after every other, so an old one may be filled again instead of making another.

import type {MemberId} from "../base/quantity.ts";
import {noMember} from "../base/quantity.ts";
import type {ConfState} from "./confState.ts";
import {emptyConfState} from "./confState.ts";
import type {Entry, Index, RoleName, Term} from "./entry.ts";
import type {Message} from "./message.ts";
import type {LiveProgress} from "./progress.ts";
import type {RawNode} from "./rawNode.ts";
import type {Snapshot} from "./snapshot.ts";

export class NodeFacts {
  term: Term = 0;
  votedFor: MemberId = noMember;
  role: RoleName = "follower";
  private leader: MemberId = noMember;
  /** Who leads or led the term, as far as this member ever knew; it may have forgotten. */
  termLeader: MemberId = noMember;
  commitIndex: Index = 0;
  applying: Index = 0;
  lastApplied: Index = 0;
  private firstIndex: Index = 0;
  private unstableFrom: Index = 0;
  private unstableWorkFrom: Index = 0;
  private unstableSnapshot: Snapshot | undefined = undefined;
  lastIndex: Index = 0;
  lastEntry: Entry | undefined = undefined;
  committedEntry: Entry | undefined = undefined;
  conf: ConfState = emptyConfState;
  pendingConfIndex: Index = 0;
  transferee: MemberId = noMember;
  private promotable = false;
  electionTimeout = 0;
  /** It may campaign, and its timer has not run out. */
  waits = false;
  /** A leader's, by ascending member; of each, what it matched, and the rest that is claimed of it. */
  progress: readonly LiveProgress[] = [];
  readonly matchIndexes: Index[] = [];
  private readonly marks: Mark[] = [];
  private pendingMessages: readonly Message[] = [];
  private messageCount = 0;
  private pendingAnswers: readonly Message[] = [];
  private answerCount = 0;

  take(node: RawNode): this {
    const {term, leader} = node;
    this.leader = leader;
    this.termLeader = leader !== noMember || term !== this.term ? leader : this.termLeader;
    this.term = term;
    this.votedFor = node.votedFor;
    this.role = node.role;
    this.commitIndex = node.commitIndex;
    this.applying = node.applying;
    this.lastApplied = node.lastApplied;
    this.firstIndex = node.firstIndex;
    this.unstableFrom = node.unstableFrom;
    this.unstableWorkFrom = node.unstableWorkFrom;
    this.unstableSnapshot = node.unstableSnapshot;
    this.lastIndex = node.lastIndex;
    this.lastEntry = node.entryAt(this.lastIndex);
    this.committedEntry = node.entryAt(this.commitIndex);
    this.conf = node.confState;
    this.pendingConfIndex = node.pendingConfIndex;
    this.transferee = node.transferee;
    this.promotable = node.promotable;
    this.electionTimeout = node.electionTimeout;
    this.waits = waits(node);
    this.takeProgress(node.liveProgress());
    this.pendingMessages = node.pendingMessages();
    this.messageCount = this.pendingMessages.length;
    this.pendingAnswers = node.pendingAnswers();
    this.answerCount = this.pendingAnswers.length;
    return this;
  }

  /**
   * Whether `node` is as it was in all that is claimed of it, and about to say nothing new: no claim that held then fails now.
   * A timer that ran out is a change.
   */
  stillHold(node: RawNode): boolean {
    return (
      this.term === node.term &&
      this.role === node.role &&
      this.lastIndex === node.lastIndex &&
      this.commitIndex === node.commitIndex &&
      this.applying === node.applying &&
      this.lastApplied === node.lastApplied &&
      this.unstableFrom === node.unstableFrom &&
      this.unstableWorkFrom === node.unstableWorkFrom &&
      this.leader === node.leader &&
      this.votedFor === node.votedFor &&
      node.pendingMessages().length === this.messages(node) &&
      node.pendingAnswers().length === this.answers(node) &&
      this.waits === waits(node) &&
      this.firstIndex === node.firstIndex &&
      this.unstableSnapshot === node.unstableSnapshot &&
      this.conf === node.confState &&
      this.promotable === node.promotable &&
      this.electionTimeout === node.electionTimeout &&
      this.lastEntry === node.entryAt(this.lastIndex) &&
      this.committedEntry === node.entryAt(this.commitIndex) &&
      (this.role !== "leader" || this.stillLeads(node))
    );
  }

  /** How many of the messages that `node` is about to send were there before. */
  messages(node: RawNode): number {
    return node.pendingMessages() === this.pendingMessages ? this.messageCount : 0;
  }

  /** How many of those that wait for the disk were there before. */
  answers(node: RawNode): number {
    return node.pendingAnswers() === this.pendingAnswers ? this.answerCount : 0;
  }

  private stillLeads(node: RawNode): boolean {
    const progress = node.liveProgress();
    if (
      node.ticksElapsed >= node.config.electionTicks ||
      this.pendingConfIndex !== node.pendingConfIndex ||
      this.transferee !== node.transferee ||
      this.progress !== progress
    )
      return false;
    for (let i = 0; i < progress.length; i++) {
      const [one, mark] = [progress[i], this.marks[i]];
      if (one === undefined || mark === undefined) return false;
      if (one.matchIndex !== this.matchIndexes[i] || !isAt(one, mark)) return false;
    }
    return true;
  }

  private takeProgress(progress: readonly LiveProgress[]): void {
    this.progress = progress;
    const {matchIndexes, marks} = this;
    matchIndexes.length = progress.length;
    for (let i = 0; i < progress.length; i++) {
      const one = progress[i];
      if (one === undefined) continue;
      matchIndexes[i] = one.matchIndex;
      const mark = (marks[i] ??= {...unmarked});
      mark.state = one.state;
      mark.nextIndex = one.nextIndex;
      mark.sentCommit = one.sentCommit;
      mark.pendingSnapshot = one.pendingSnapshot;
      mark.flowPaused = one.flowPaused;
      mark.inflight = one.inflights.count;
    }
  }
}

/** What is claimed of a leader's view of one member, besides what it matched. The window follows from its length and the rest. */
interface Mark {
  state: LiveProgress["state"];
  nextIndex: Index;
  sentCommit: Index;
  pendingSnapshot: Index;
  flowPaused: boolean;
  inflight: number;
}

const unmarked: Mark = {
  state: "probe",
  nextIndex: 0,
  sentCommit: 0,
  pendingSnapshot: 0,
  flowPaused: false,
  inflight: 0,
};

function isAt(one: LiveProgress, mark: Mark): boolean {
  return (
    mark.nextIndex === one.nextIndex &&
    mark.state === one.state &&
    mark.sentCommit === one.sentCommit &&
    mark.pendingSnapshot === one.pendingSnapshot &&
    mark.flowPaused === one.flowPaused &&
    mark.inflight === one.inflights.count
  );
}

function waits({role, promotable, ticksElapsed, electionTimeout}: RawNode): boolean {
  return role !== "leader" && promotable && ticksElapsed < electionTimeout;
}

/** The facts of `node` as it is now. `reuse`: its facts before, which are forgotten but for who led the term. */
export function factsOf(node: RawNode, reuse: NodeFacts = new NodeFacts()): NodeFacts {
  return reuse.take(node);
}
