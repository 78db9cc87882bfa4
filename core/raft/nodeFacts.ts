// What checkTransition needs to remember of a member's state before a step. Taken after every event, so an old one may be
// filled again instead of making another.

import type {MemberId} from "../base/quantity.ts";
import {noMember} from "../base/quantity.ts";
import type {ConfState} from "./confState.ts";
import {emptyConfState} from "./confState.ts";
import type {Entry, Index, RoleName, Term} from "./entry.ts";
import type {Message} from "./message.ts";
import type {LiveProgress} from "./progress.ts";
import type {RawNode} from "./rawNode.ts";

export class NodeFacts {
  term: Term = 0;
  votedFor: MemberId = noMember;
  role: RoleName = "follower";
  /** Who leads or led the term, as far as this member ever knew; it may have forgotten. */
  termLeader: MemberId = noMember;
  commitIndex: Index = 0;
  applying: Index = 0;
  lastApplied: Index = 0;
  lastIndex: Index = 0;
  lastEntry: Entry | undefined = undefined;
  committedEntry: Entry | undefined = undefined;
  conf: ConfState = emptyConfState;
  pendingConfIndex: Index = 0;
  transferee: MemberId = noMember;
  electionTimeout = 0;
  /** It may campaign, and its timer has not run out. */
  waits = false;
  /** A leader's, by ascending member; of each, what it matched. */
  progress: readonly LiveProgress[] = [];
  readonly matchIndexes: Index[] = [];
  private pendingMessages: readonly Message[] = [];
  private messageCount = 0;
  private pendingAnswers: readonly Message[] = [];
  private answerCount = 0;

  take(node: RawNode): this {
    const {term, leader, ticksElapsed, electionTimeout} = node;
    this.termLeader = leader !== noMember || term !== this.term ? leader : this.termLeader;
    this.term = term;
    this.votedFor = node.votedFor;
    this.role = node.role;
    this.commitIndex = node.commitIndex;
    this.applying = node.applying;
    this.lastApplied = node.lastApplied;
    this.lastIndex = node.lastIndex;
    this.lastEntry = node.entryAt(this.lastIndex);
    this.committedEntry = node.entryAt(this.commitIndex);
    this.conf = node.confState;
    this.pendingConfIndex = node.pendingConfIndex;
    this.transferee = node.transferee;
    this.electionTimeout = electionTimeout;
    this.waits = this.role !== "leader" && node.promotable && ticksElapsed < electionTimeout;
    this.takeProgress(node.liveProgress());
    this.pendingMessages = node.pendingMessages();
    this.messageCount = this.pendingMessages.length;
    this.pendingAnswers = node.pendingAnswers();
    this.answerCount = this.pendingAnswers.length;
    return this;
  }

  /** How many of the messages that `node` is about to send were there before. */
  messages(node: RawNode): number {
    return node.pendingMessages() === this.pendingMessages ? this.messageCount : 0;
  }

  /** How many of those that wait for the disk were there before. */
  answers(node: RawNode): number {
    return node.pendingAnswers() === this.pendingAnswers ? this.answerCount : 0;
  }

  private takeProgress(progress: readonly LiveProgress[]): void {
    this.progress = progress;
    const {matchIndexes} = this;
    matchIndexes.length = progress.length;
    for (let i = 0; i < progress.length; i++) matchIndexes[i] = progress[i]?.matchIndex ?? 0;
  }
}

/** The facts of `node` as it is now. `reuse`: its facts before, which are forgotten but for who led the term. */
export function factsOf(node: RawNode, reuse: NodeFacts = new NodeFacts()): NodeFacts {
  return reuse.take(node);
}
