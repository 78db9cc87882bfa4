// The only door to a Raft: five things to tell it (tick, propose, readIndex, step, report), one thing to take from it
// (Ready), two receipts to hand back (appended, applied). It does no I/O; what it wants done is in the Ready, and what
// must wait for the disk is inside of the append work (DESIGN.md, law 3). etcd: rawnode.go with AsyncStorageWrites.
//
//   tick · propose · readIndex · step ──▶ RawNode ──ready()──▶ messages      sent at once
//                                            ▲                 append        written; then its messages sent,
//                                            ├──appended(receipt)────┘       then the receipt handed back
//                                            └──applied(index)── apply       applied in order
//
// Several Readys may be under way at once; append works are done in order, so are apply works.

import {assert} from "../base/assert.ts";
import type {Hasher} from "../base/hasher.ts";
import type {MemberId} from "../base/quantity.ts";
import {noMember} from "../base/quantity.ts";
import type {Result} from "../base/result.ts";
import type {RaftConfig} from "./config.ts";
import {validateConfig} from "./config.ts";
import {digestRaft} from "./digest.ts";
import type {Entry, HardState, Index, RoleName, SoftState, Term} from "./entry.ts";
import {reportUnreachable} from "./leader.ts";
import {openLog} from "./log.ts";
import type {MemoryStorage} from "./memoryStorage.ts";
import type {Message} from "./message.ts";
import type {NotesOutlet} from "./notes.ts";
import {Raft} from "./raft.ts";
import type {AppendReceipt, AppendWork, ProgressView, Ready} from "./ready.ts";
import type {RaftRules} from "./rules.ts";

export interface RawNodeOptions {
  readonly config: RaftConfig;
  readonly rules: RaftRules;
  /** What the member has durable; filled before the node is made. */
  readonly storage: MemoryStorage;
  /** An integer in [0, bound). Called only to draw an election timeout. */
  readonly draw: (bound: number) => number;
  readonly notes?: NotesOutlet | undefined;
  /** The last entry that the store holds already; 0 if it starts empty. */
  readonly applied?: Index;
}

export class RawNode {
  private readonly options: RawNodeOptions;
  private readonly raft: Raft;
  /** What the last Ready said, to say it again only when it changed. */
  private saidHard: HardState;
  private saidSoft: SoftState = {leader: noMember, role: "follower"};

  /** Starts as a follower of the term that was persisted (§5.2). Fails if the configuration or the storage is broken. */
  constructor(options: RawNodeOptions, twinOf?: RawNode) {
    const {config, rules, storage, draw, notes, applied = 0} = options;
    this.options = options;
    if (twinOf === undefined) {
      validateConfig(config);
      const hard = storage.initialState();
      this.raft = new Raft(
        {config, rules, log: openLog(storage, {commit: hard.commit, applied}), draw, notes},
        hard,
      );
      this.raft.becomeFollower(hard.term, noMember);
      this.saidHard = hard;
    } else {
      const original = twinOf.raft;
      this.raft = new Raft(
        {config, rules, log: original.log.fork(storage), draw, notes},
        original.hardState(),
      );
      original.copyTo(this.raft);
      this.saidHard = twinOf.saidHard;
      this.saidSoft = twinOf.saidSoft;
    }
  }

  get id(): MemberId {
    return this.raft.id;
  }

  get config(): RaftConfig {
    return this.raft.config;
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

  /** Who leads `term`, as far as this member knows; else {@link noMember}. */
  get leader(): MemberId {
    return this.raft.leader;
  }

  /** Highest entry known to be committed. Invariant: lastApplied ≤ commitIndex ≤ lastIndex. */
  get commitIndex(): Index {
    return this.raft.log.commitIndex;
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

  /** For the timer's arc. `elapsed` stays 0 in a leader. */
  get ticksToElection(): {readonly elapsed: number; readonly timeout: number} {
    return {elapsed: this.raft.electionElapsed, timeout: this.raft.electionTimeout};
  }

  /** The same object until the index is overwritten. */
  entryAt(index: Index): Entry | undefined {
    return this.raft.log.entryAt(index);
  }

  /** Term at `index`, which is 0 at index 0; undefined beyond the log. */
  termAt(index: Index): Term | undefined {
    return this.raft.log.termAt(index);
  }

  /** A candidate's answers so far, by ascending id; empty in other roles. */
  votes(): readonly {readonly member: MemberId; readonly granted: boolean}[] {
    const {role} = this.raft;
    if (role.kind !== "candidate") return [];
    const votes: {member: MemberId; granted: boolean}[] = [];
    for (const member of this.config.voters) {
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

  hardState(): HardState {
    return this.raft.hardState();
  }

  /** One tick of this member's clock went by. */
  tick(): void {
    this.raft.tick();
  }

  /** Starts an election now. Nothing happens in a leader. */
  campaign(): void {
    this.raft.campaign();
  }

  /** Proposes commands, at least one. `ok` promises nothing but that they were appended here, or handed on to a leader. */
  propose(data: readonly Uint8Array[]): Result<undefined, "proposalDropped"> {
    assert(data.length > 0, "a proposal has at least one command");
    return this.raft.propose(data);
  }

  /** Asks where a linearizable read must stand. The answer comes as a ReadState in a Ready, or never: the caller asks again. */
  readIndex(context: number): void {
    this.raft.readIndex(context);
  }

  /** Takes a message from another member. Stale and unknown ones are dropped. */
  step(message: Message): void {
    if (message.to !== this.id || message.from === this.id) return this.raft.drop(message, "notForMe");
    if (!this.config.voters.includes(message.from)) return this.raft.drop(message, "unknownSender");
    this.raft.step(message);
  }

  /** The last message to `member` could not be delivered. */
  reportUnreachable(member: MemberId): void {
    const {role} = this.raft;
    if (role.kind === "leader") reportUnreachable(this.raft, role, member);
  }

  /** Whether {@link ready} would hold anything. */
  hasReady(): boolean {
    const {raft} = this;
    return (
      raft.messages.length > 0 ||
      raft.messagesAfterAppend.length > 0 ||
      raft.readStates.length > 0 ||
      raft.log.hasAppendWork() ||
      raft.log.hasApplyWork() ||
      this.hardStateChanged() ||
      this.softStateChanged()
    );
  }

  /** Takes what there is to be done. May be called again before receipts of earlier ones are back. */
  ready(): Ready {
    const {raft} = this;
    const softState = this.softStateChanged() ? {leader: raft.leader, role: raft.roleName} : undefined;
    if (softState !== undefined) this.saidSoft = softState;
    const append = this.takeAppendWork();
    const {messages, readStates} = raft;
    raft.messages = [];
    raft.readStates = [];
    return {softState, readStates, messages, append, apply: raft.log.takeApplyWork()};
  }

  /**
   * The append work that came with `receipt` is durable, and in storage (`storage.append`, `storage.setHardState`); so
   * is all work before it.
   */
  appended(receipt: AppendReceipt): void {
    const {raft} = this;
    if (raft.rules.mayTrustReceipt({receiptTerm: receipt.term, currentTerm: raft.term})) {
      if (receipt.last !== undefined) raft.log.stableTo(receipt.last);
    } else {
      raft.notes?.note({kind: "receiptIgnored", member: raft.id, receiptTerm: receipt.term});
    }
    for (const message of receipt.toSelf) raft.step(message);
  }

  /** The store has applied everything up to `index`. */
  applied(index: Index): void {
    this.raft.log.applied(index);
  }

  /** An independent twin over `storage`, a fork of this node's. It has no outlet for notes unless one is given. */
  fork(storage: MemoryStorage, draw: (bound: number) => number, notes?: NotesOutlet): RawNode {
    return new RawNode({...this.options, storage, draw, notes}, this);
  }

  /** Canonical: equal behaviour, equal bytes. */
  digest(into: Hasher): void {
    digestRaft(this.raft, {hard: this.saidHard, soft: this.saidSoft}, into);
  }

  private takeAppendWork(): AppendWork | undefined {
    const {raft} = this;
    const before = this.saidHard;
    const hardState = this.hardStateChanged() ? raft.hardState() : undefined;
    const entries = raft.log.takeAppendWork();
    const held = raft.messagesAfterAppend;
    if (hardState === undefined && entries.length === 0 && held.length === 0) return undefined;
    raft.messagesAfterAppend = [];
    if (hardState !== undefined) this.saidHard = hardState;
    const mustSync = raft.rules.mustSync(before, this.saidHard, entries);
    const messages = held.filter((message) => message.to !== raft.id);
    const toSelf = held.filter((message) => message.to === raft.id);
    // All of the unstable log, not only these entries: an earlier receipt may have been ignored for its term.
    const receipt = {term: raft.term, last: raft.log.lastUnstable(), toSelf};
    return {hardState, entries, mustSync, messages, receipt};
  }

  private hardStateChanged(): boolean {
    const {term, votedFor, commit} = this.saidHard;
    const {raft} = this;
    return term !== raft.term || votedFor !== raft.votedFor || commit !== raft.log.commitIndex;
  }

  private softStateChanged(): boolean {
    const {leader, role} = this.saidSoft;
    return leader !== this.raft.leader || role !== this.raft.roleName;
  }
}
