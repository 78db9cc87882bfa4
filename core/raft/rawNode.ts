// The only door to a Raft: what it can be told, one thing to take from it (Ready), and receipts to hand back. It does no
// I/O; what it wants done is in the Ready, and what must wait for the disk is inside of the append work (DESIGN.md, law 3).
//
//   tick · propose · readIndex · step ──▶ RawNode ──ready()──▶ messages      sent at once
//                                            ▲                 append        written; then its messages sent (its own
//                                            ├──appended(receipt)────┘       stepped), then the receipt handed back
//                                            └──applied(entries)─ apply      applied in order
//
// With asyncStorageWrites several Readys may be under way at once; append works are done in order, so are apply works.
// Without, all of a Ready is done before the next, and `advance` stands for all receipts. etcd: rawnode.go.

import {assert} from "../base/assert.ts";
import type {Hasher} from "../base/hasher.ts";
import type {MemberId} from "../base/quantity.ts";
import {noMember} from "../base/quantity.ts";
import {failed} from "../base/result.ts";
import {reportSnapshot, reportUnreachable} from "./acknowledge.ts";
import {campaign} from "./campaign.ts";
import type {RaftConfig} from "./config.ts";
import {validateConfig} from "./config.ts";
import type {ConfChange} from "./confChange.ts";
import {proposalOf} from "./confChange.ts";
import type {ConfState} from "./confState.ts";
import {isMember, votersOf} from "./confState.ts";
import {digestRaft} from "./digest.ts";
import {noData} from "./entry.ts";
import type {Entry, HardState, Index, Proposal, SoftState, Term} from "./entry.ts";
import {
  forgetLeader,
  forwardProposal,
  forwardReadIndex,
  forwardTransfer,
  refuseProposal,
} from "./follower.ts";
import {proposeAsLeader} from "./leader.ts";
import {readIndexAsLeader} from "./leaderReads.ts";
import type {Log} from "./log.ts";
import {openLog} from "./log.ts";
import {appliedTo, entriesApplied} from "./applied.ts";
import {applyConfChange, followLog, switchTo} from "./membership.ts";
import type {Message, MessageKind} from "./message.ts";
import {NodeView} from "./nodeView.ts";
import type {NotesOutlet} from "./notes.ts";
import {Raft} from "./raft.ts";
import type {AppendReceipt, AppendWork, Ready} from "./ready.ts";
import type {RaftRules} from "./rules.ts";
import type {Snapshot} from "./snapshot.ts";
import type {StepResult} from "./stepResult.ts";
import type {Storage} from "./storage.ts";
import {transferLeader} from "./transfer.ts";
import {trace} from "./traced.ts";

export interface RawNodeOptions {
  readonly config: RaftConfig;
  readonly rules: RaftRules;
  /** What the member has durable; filled before the node is made. */
  readonly storage: Storage;
  /** An integer in [0, bound). Called only to draw an election timeout. */
  readonly draw: (bound: number) => number;
  readonly notes?: NotesOutlet | undefined;
  /** The last entry that the state machine holds already; 0 if it stands where the storage begins. */
  readonly applied?: Index;
}

/** What waits for `advance`. */
interface Undone {
  readonly append: AppendWork | undefined;
  readonly apply: readonly Entry[];
}

/** Answers: refused from whoever has no place in the configuration. */
const responses: ReadonlySet<MessageKind> = new Set<MessageKind>([
  "RequestVoteResponse",
  "PreVoteResponse",
  "AppendEntriesResponse",
  "HeartbeatResponse",
  "ReadIndexResponse",
]);

export class RawNode extends NodeView {
  private readonly options: RawNodeOptions;
  /** What the last Ready said, to say it again only when it changed. */
  private saidHard: HardState;
  private saidSoft: SoftState;
  private undone: Undone | undefined;

  /** Starts as a follower of the term that was persisted (§5.2). Fails if the configuration or the storage is broken. */
  constructor(options: RawNodeOptions, twinOf?: RawNode) {
    super(twinOf === undefined ? start(options) : twin(options, twinOf.raft));
    this.options = options;
    this.saidHard = twinOf?.saidHard ?? this.raft.hardState();
    this.saidSoft = twinOf?.saidSoft ?? {leader: noMember, role: "follower"};
    this.undone = twinOf?.undone;
  }

  /**
   * Begins a cluster of `members` in a log that is empty, as etcd's servers do: one change of membership for each stands in
   * the log, committed, in term 1, equal on all. They decide at once, and are handed out to be applied (again, which
   * changes nothing). A storage that begins with a `genesis` needs none of this.
   */
  bootstrap(members: readonly MemberId[]): void {
    const {raft} = this;
    assert(members.length > 0, "a cluster begins with at least one member");
    assert(raft.log.lastIndex === 0, `n${raft.id} has a log already, up to ${raft.log.lastIndex}`);
    this.saidHard = raft.hardState();
    raft.becomeFollower(1, noMember);
    const changes = members.map((member) => addVoter(member));
    raft.log.append(changes.map((one, i) => ({index: i + 1, term: 1, ...proposalOf(one)})));
    raft.log.commitTo(members.length);
    for (const one of changes) applyConfChange(raft, one);
  }

  /** One tick of this member's clock went by. */
  tick(): void {
    this.raft.tick();
  }

  /** Starts an election now, or asks for pre-votes. Nothing happens in a leader, a learner, or before a committed change of membership is applied. */
  campaign(): void {
    campaign(this.raft, this.config.preVote ? "preVote" : "election");
  }

  /** Proposes commands, at least one. `ok` promises nothing but that they were appended here, or handed on to a leader. */
  propose(data: readonly Uint8Array[]): StepResult {
    assert(data.length > 0, "a proposal has at least one command");
    return this.offer(data.map((one): Proposal => ({type: "normal", data: one})));
  }

  /**
   * Proposes a change of membership. `ok` as for `propose`; a leader to which the change looks impossible appends an empty
   * entry in its place. Once the entry is applied, hand the change to `applyConfChange`.
   */
  proposeConfChange(change: ConfChange): StepResult {
    return this.offer([proposalOf(change)]);
  }

  /** Proposes entries of any type, at least one; as `propose` and `proposeConfChange` do. */
  offer(proposals: readonly Proposal[]): StepResult {
    const {role} = this.raft;
    if (role.kind === "leader") return proposeAsLeader(this.raft, role, proposals);
    return role.kind === "follower" ? forwardProposal(this.raft, role, proposals) : refuseProposal(this.raft);
  }

  /**
   * A committed change of membership is applied here: decides by the new configuration from now on, and returns it. Not to
   * be called for an entry that a received snapshot stands for, though it was handed out before: the configuration is the
   * snapshot's already.
   */
  applyConfChange(change: ConfChange): ConfState {
    assert(
      this.unstableSnapshot === undefined,
      `n${this.id} applies a change of membership older than its snapshot`,
    );
    return applyConfChange(this.raft, change);
  }

  /** Asks where a linearizable read must stand. The answer comes as a ReadState in a Ready, or never: the caller asks again. */
  readIndex(context: number): void {
    const {raft} = this;
    const {role} = raft;
    if (role.kind === "leader") readIndexAsLeader(raft, role, {from: raft.id, context});
    else if (role.kind === "follower") forwardReadIndex(raft, role, context);
    else raft.notes?.note({kind: "readDropped", member: raft.id, term: raft.term, context});
  }

  /** Asks that `member` should lead. Nothing promises that it will; a candidate knows nobody to ask. thesis §3.10. */
  transferLeader(member: MemberId): void {
    const {role} = this.raft;
    if (role.kind === "leader") transferLeader(this.raft, role, member);
    else if (role.kind === "follower") forwardTransfer(this.raft, role, member);
  }

  /** A follower takes its leader for unknown, and so votes for whoever asks. */
  forgetLeader(): void {
    const {role} = this.raft;
    if (role.kind === "follower") forgetLeader(this.raft, role);
  }

  /** Takes a message from another member, or its own that waited for the disk. Stale ones are dropped. */
  step(message: Message): StepResult {
    if (message.to !== this.id) return this.raft.drop(message, "notForMe");
    if (responses.has(message.kind) && !isMember(this.raft.conf, message.from)) {
      this.raft.drop(message, "unknownSender");
      return failed("peerNotFound");
    }
    return this.raft.step(message);
  }

  /** The last message to `member` could not be delivered. */
  reportUnreachable(member: MemberId): void {
    const {role} = this.raft;
    if (role.kind === "leader") reportUnreachable(this.raft, role, member);
  }

  /** Whether the snapshot that was sent to `member` arrived. Must be called, or the member stays in state snapshot until it answers. */
  reportSnapshot(member: MemberId, outcome: "arrived" | "failed"): void {
    const {role} = this.raft;
    if (role.kind === "leader") reportSnapshot(this.raft, role, {to: member, ok: outcome === "arrived"});
  }

  /** Whether {@link ready} would hold anything. */
  hasReady(): boolean {
    const {raft} = this;
    return (
      raft.messages.length > 0 ||
      raft.messagesAfterAppend.length > 0 ||
      raft.readStates.length > 0 ||
      raft.log.hasAppendWork() ||
      raft.log.hasApplyWork(this.mayApplyUnsynced()) ||
      this.hardStateChanged() ||
      this.softStateChanged()
    );
  }

  /**
   * Takes what there is to be done. With asyncStorageWrites it may be called again before receipts of earlier ones are
   * back; without, only after `advance`.
   */
  ready(): Ready {
    const {raft} = this;
    const {asyncStorageWrites} = this.config;
    if (this.undone !== undefined)
      assert(false, `n${this.id} was asked for a Ready before it advanced past the last one`);
    const softState = this.softStateChanged() ? {leader: raft.leader, role: raft.roleName} : undefined;
    if (softState !== undefined) this.saidSoft = softState;
    const append = this.takeAppendWork();
    // The lists go out and are raft's no more: what comes up while the work is done belongs to the next Ready.
    const {messages, readStates} = raft;
    raft.messages = [];
    raft.readStates = [];
    const apply = raft.log.takeApplyWork(this.mayApplyUnsynced());
    if (!asyncStorageWrites) this.undone = {append, apply};
    if (raft.notes !== undefined) trace(raft, "Ready");
    return {softState, readStates, messages, append, apply};
  }

  /** Everything in the last Ready is done: written, synced, sent, applied. Only without asyncStorageWrites. */
  advance(): void {
    if (this.config.asyncStorageWrites) assert(false, `n${this.id} advances by receipts`);
    const {undone} = this;
    if (undone === undefined) return;
    this.undone = undefined;
    for (const message of undone.append?.messages ?? []) if (message.to === this.id) this.raft.step(message);
    if (undone.append?.receipt !== undefined) this.takeReceipt(undone.append.receipt);
    entriesApplied(this.raft, undone.apply);
  }

  /**
   * The append work that came with `receipt` is durable, and in storage; so is all work before it. Its messages to this
   * member were handed to `step`.
   */
  appended(receipt: AppendReceipt): void {
    if (!this.config.asyncStorageWrites) assert(false, `n${this.id} advances by advance()`);
    this.takeReceipt(receipt);
  }

  /** The state machine has applied `entries`, the next of those handed out. */
  applied(entries: readonly Entry[]): void {
    if (!this.config.asyncStorageWrites) assert(false, `n${this.id} advances by advance()`);
    entriesApplied(this.raft, entries);
  }

  /** An independent twin over `storage`, a fork of this node's. It has no outlet for notes unless one is given. */
  fork(storage: Storage, draw: (bound: number) => number, notes?: NotesOutlet): RawNode {
    return new RawNode({...this.options, storage, draw, notes}, this);
  }

  /** Canonical: equal behaviour, equal bytes. */
  digest(into: Hasher): void {
    digestRaft(this.raft, {hard: this.saidHard, soft: this.saidSoft}, into);
    into.bool(this.undone !== undefined);
  }

  /** The next election comes after `ticks`, until the timeout is drawn again. For tests and scripts that place it by hand. */
  setElectionTimeout(ticks: number): void {
    this.raft.electionTimeout = ticks;
  }

  /** As if no tick had gone by since the timers were set. For searches that are untimed: there a timeout comes when it is chosen. */
  forgetTicks(): void {
    this.raft.electionElapsed = 0;
    this.raft.heartbeatElapsed = 0;
  }

  private mayApplyUnsynced(): boolean {
    const {rules, quorum, config} = this.raft;
    return rules.mayApplyUnsynced(config.asyncStorageWrites, quorum.incoming.voters.length);
  }

  private takeAppendWork(): AppendWork | undefined {
    const {raft} = this;
    const before = this.saidHard;
    const hardState = this.hardStateChanged() ? raft.hardState() : undefined;
    const {snapshot, entries} = raft.log.appendWork();
    const messages = raft.messagesAfterAppend;
    if (hardState === undefined && snapshot === undefined && entries.length === 0 && messages.length === 0) {
      return undefined;
    }
    raft.messagesAfterAppend = [];
    if (hardState !== undefined) this.saidHard = hardState;
    const mustSync = raft.rules.mustSync(before, this.saidHard, entries);
    const receipt = this.receiptFor(snapshot);
    raft.log.appendWorkTaken();
    return {hardState, snapshot, entries, mustSync, messages, receipt};
  }

  /** Speaks of all of the unstable log, not only of this work's entries: an earlier receipt may have been ignored for its term. */
  private receiptFor(snapshot: Snapshot | undefined): AppendReceipt | undefined {
    const last = this.raft.log.lastUnstable();
    if (last === undefined && snapshot === undefined) return undefined;
    return {term: this.raft.term, last, snapshotIndex: snapshot?.index ?? 0};
  }

  private takeReceipt({term: receiptTerm, last, snapshotIndex}: AppendReceipt): void {
    const {raft} = this;
    if (last !== undefined) {
      if (raft.rules.mayTrustReceipt({receiptTerm, currentTerm: raft.term})) noteStable(raft, last);
      else raft.notes?.note({kind: "receiptIgnored", member: raft.id, term: raft.term, receiptTerm});
    }
    if (snapshotIndex === 0) return;
    raft.log.snapshotStable(snapshotIndex);
    appliedTo(raft, snapshotIndex, 0);
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

function addVoter(member: MemberId): ConfChange {
  return {version: 1, transition: "auto", changes: [{type: "addVoter", member}], context: noData};
}

function noteStable(raft: Raft, id: {readonly index: Index; readonly term: Term}): void {
  const why = raft.log.stableTo(id);
  if (why === "stable" || raft.notes === undefined) return;
  const found = raft.log.termAt(id.index) ?? 0;
  raft.notes.note({kind: "receiptObsolete", member: raft.id, term: raft.term, id, why, found});
}

/** A follower that knows what its storage knows. */
function start(options: RawNodeOptions): Raft {
  const {config, storage, applied = 0} = options;
  validateConfig(config);
  const {hardState, confState} = storage.initialState();
  // At least 1: with 0, as in etcd for messages of one entry each, nothing would be handed out after the first entry.
  const {messageBytesMax} = config;
  const applyingBytesMax =
    config.applyingBytesMax === 0 ? Math.max(1, messageBytesMax) : config.applyingBytesMax;
  const log = openLog(storage, {commit: hardState.commit, applied, applyingBytesMax});
  const raft = assemble(options, log, hardState);
  if (raft.notes !== undefined) trace(raft, "InitState");
  switchTo(raft, {conf: confState, renewed: new Set()});
  followLog(raft);
  raft.becomeFollower(hardState.term, noMember);
  const {id, term, notes} = raft;
  const {commitIndex: commit, lastApplied, last} = log;
  notes?.note({
    kind: "booted",
    member: id,
    term,
    voters: votersOf(confState),
    commit,
    applied: lastApplied,
    last,
  });
  return raft;
}

function twin(options: RawNodeOptions, original: Raft): Raft {
  const made = assemble(options, original.log.fork(options.storage), original.hardState());
  original.copyTo(made);
  return made;
}

function assemble(
  {config, rules, draw, notes, storage}: RawNodeOptions,
  log: Log,
  hardState: HardState,
): Raft {
  return new Raft({config, rules, log, draw, notes}, hardState, storage.initialState().confState);
}
