// One etcd member: joins raft, the log on disk, the store with its backend file, and the watchers, as actors that go on
// apart from each other (law 4). It takes one input, lets everything go on as far as it can, and returns what should happen.
//
// The cycle is etcd's Ready loop (etcd server/etcdserver/raft.go), with the waiting inside: messages that claim nothing
// leave at once; votes and acknowledgements wait in the append actor for their sync; committed entries wait in the apply
// actor; answers wait for their entry, or for the store to reach their index (requests.ts).

import type {AuthState} from "../auth/authState.ts";
import {assert, present, unreachable} from "../base/assert.ts";
import type {Hash, Hasher} from "../base/hasher.ts";
import type {Machine} from "../base/machine.ts";
import {noMember, second, sooner} from "../base/quantity.ts";
import type {MemberId, Micros} from "../base/quantity.ts";
import type {Said} from "../base/said.ts";
import type {Lessor} from "../lease/lessor.ts";
import type {KvHash, Store} from "../mvcc/store.ts";
import {noData} from "../raft/entry.ts";
import type {Entry, Index} from "../raft/entry.ts";
import type {RawNode} from "../raft/rawNode.ts";
import type {Message} from "../raft/message.ts";
import type {Snapshot} from "../raft/snapshot.ts";
import type {Backend} from "../storage/backend.ts";
import type {SnapshotMark} from "../storage/snapshotMark.ts";
import type {Wal} from "../storage/wal.ts";
import type {Watchers} from "../watch/watchers.ts";
import type {Alarm} from "./alarm.ts";
import type {AppendItem} from "./appendActor.ts";
import {errorResult, stateOfImage} from "./applier.ts";
import type {ServerConfig} from "./config.ts";
import {entryText} from "./describe.ts";
import type {WorkTurn} from "./diskWork.ts";
import type {Actor, Effect, Input, Point} from "./io.ts";
import {InitialCheck} from "./initialCheck.ts";
import type {Membership} from "./memberRecord.ts";
import {peerAsker, peerOf} from "./forwards.ts";
import type {ForwardAsker} from "./forwards.ts";
import {applyChange, isForLeader} from "./membership.ts";
import {digestEachPart, digestParts, forkParts} from "./parts.ts";
import type {ServerParts} from "./parts.ts";
import {isRaftMessage} from "./peer.ts";
import type {Asker} from "./proposals.ts";
import type {ForwardedMessage, ForwardMessage, PeerMessage} from "./peer.ts";
import type {MembershipRequest, Metadata, Result} from "./request.ts";
import type {Answer} from "./requests.ts";
import {othersOf, stepUpkeep, tellUpkeep, upkeepDeadline, wakeUpkeep} from "./upkeep.ts";
import {isWatchActor} from "./watches.ts";
import {say} from "./words.ts";

/** How long a member goes on after it has applied its removal. etcd: 1 s. */
const lingers: Micros = second;

type InputOf<K extends Input["kind"]> = Input & {readonly kind: K};

export class Server implements Machine<Input, Effect> {
  private readonly parts: ServerParts;
  private effects: Effect[] = [];
  private now: Micros = 0;
  private stopped = false;
  /** While its store is compared with the others', at boot. */
  private initial: InitialCheck | undefined;
  /** When it stops because it was removed. */
  private leavesAt: Micros | undefined;

  /** See boot.ts. */
  constructor(parts: ServerParts) {
    this.parts = parts;
  }

  get config(): ServerConfig {
    return this.parts.config;
  }

  get raft(): RawNode {
    return this.parts.raft;
  }

  get store(): Store {
    return this.parts.applier.store;
  }

  get watchers(): Watchers {
    return this.parts.applier.watchers;
  }

  /** Index of the last entry in the store. Raft Figure 2: lastApplied. */
  get appliedIndex(): Index {
    return this.parts.applier.index;
  }

  /** The last applied entry and a digest of all entries applied up to it: equal on members that applied the same. */
  get lastApplied(): {readonly index: Index; readonly digest: Hash} {
    return {index: this.parts.applier.index, digest: this.parts.applier.digestOfEntries};
  }

  /** Index of the last entry that survives a crash, as this member knows. */
  get durableIndex(): Index {
    return this.parts.storage.lastIndex;
  }

  /** Pieces of append work that are not durable yet. */
  get appendQueue(): number {
    return this.parts.append.length;
  }

  /** Committed entries that wait for the apply actor. */
  get applyQueue(): number {
    return this.parts.apply.length;
  }

  /** The write-ahead log's segments and sizes. */
  get wal(): Pick<Wal, "bytes" | "durableBytes" | "segments"> {
    return this.parts.append.wal;
  }

  /** Hashes of what the newest compactions went through, ascending by revision. */
  get compactionHashes(): readonly KvHash[] {
    return this.parts.applier.compactionHashes.all;
  }

  /** The backend file's content and pages. */
  get backend(): Backend {
    return this.parts.applier.backend;
  }

  /** The leases, as it has applied them; the primary knows when they end. */
  get lessor(): Lessor {
    return this.parts.applier.lessor;
  }

  /** The alarms that stand, as it has applied them. */
  get alarms(): readonly Alarm[] {
    return this.parts.applier.alarms;
  }

  /** Who there is and what they may do, as it has applied it. */
  get auth(): AuthState {
    return this.parts.applier.auth.view;
  }

  /** Who is in the cluster, as it has applied it. */
  get membership(): Membership {
    return this.parts.applier.membership;
  }

  /** Index of the last entry that is in the backend file, durably. etcd: the consistent index. */
  get committedToBackend(): Index {
    return this.parts.commit.committedIndex;
  }

  /** Records that wait to be deleted from the backend file. */
  get compactQueue(): number {
    return this.parts.compact.length;
  }

  /** Whether it refused to go on. It takes inputs still, and does nothing. */
  get exited(): boolean {
    return this.stopped;
  }

  /** Requests that are not answered. */
  waiting(): number {
    const {authorizer, requests, lease, defragment} = this.parts;
    return authorizer.waits.size + requests.waiting + lease.waiting + defragment.asked;
  }

  /** What an entry holds, in a few words for people. */
  entryText(entry: Entry): string {
    return entryText(entry);
  }

  handle(input: Input, now: Micros): readonly Effect[] {
    if (this.stopped) return [];
    this.now = now;
    this.parts.authorizer.at(now);
    if (this.initial === undefined) this.take(input);
    else this.takeBefore(input, this.initial);
    return this.goOn();
  }

  deadline(): Micros | undefined {
    if (this.stopped) return undefined;
    const {requests, forwards, watches, append, commit, compact} = this.parts;
    const commits = this.fileBusy || !append.isOpen ? undefined : commit.deadline();
    // Asked after every input: no list is made.
    let least = sooner(requests.deadline(), forwards.deadline());
    least = sooner(least, watches.deadline(this.watchers));
    least = sooner(least, commits);
    least = sooner(least, compact.deadline());
    least = sooner(least, this.parts.lease.deadline(this.parts));
    least = sooner(least, this.parts.authorizer.waits.deadline());
    least = sooner(least, upkeepDeadline(this.parts));
    return sooner(least, this.leavesAt);
  }

  /** An independent twin. `draw`: the twin's own luck, where the world keeps it outside. */
  fork(draw = this.parts.draw): this {
    const twin = new Server(forkParts(this.parts, draw));
    twin.now = this.now;
    twin.stopped = this.stopped;
    twin.leavesAt = this.leavesAt;
    twin.initial = this.initial?.fork();
    return twin as this;
  }

  /** A digest of every part by its name, to say where two servers differ. */
  digestEachPart(): readonly (readonly [string, Hash])[] {
    return digestEachPart(this.parts, this.now);
  }

  digest(into: Hasher): void {
    into.bool(this.stopped);
    into.int(this.leavesAt === undefined ? -1 : this.leavesAt - this.now);
    into.bool(this.initial !== undefined);
    this.initial?.digest(into);
    digestParts(this.parts, into, this.now);
  }

  /** The first effects, of boot.ts only. */
  start(now: Micros): readonly Effect[] {
    this.now = now;
    this.parts.authorizer.at(now);
    // Its life ended in another one.
    if (!this.stopped && this.isRemoved) this.leave();
    if (!this.stopped && this.config.initialCorruptCheck) this.beginInitial();
    return this.goOn();
  }

  /** Lets everything go on as far as it can; returns the effects since the last time. */
  private goOn(): readonly Effect[] {
    while (!this.stopped) {
      this.parts.lease.followRole(this.parts);
      this.parts.requests.offer(this.now);
      if (this.takeReady() || this.stepAppend() || this.stepApply() || this.stepFiles()) continue;
      if (!this.parts.lease.step(this.parts, this.now) && !this.stepUpkeep()) break;
    }
    this.respond();
    if (!this.stopped) this.tendWatches();
    // The others may still be told what it has to tell (etcd server.go, stopWithDelay).
    if (this.isRemoved) this.leavesAt ??= this.now + lingers;
    const {effects} = this;
    this.effects = [];
    return effects;
  }

  /** Refuses to go on: what stands on the disk or what the disk says cannot be trusted. */
  exit(reason: Said): void {
    this.stopped = true;
    this.watchers.closeAll();
    this.effects.push({kind: "exit", reason});
  }

  private beginInitial(): void {
    const {forwards, config} = this.parts;
    const own = this.store.hashKv(0);
    const others = othersOf(this.parts);
    if (!own.ok || others.length === 0) return;
    this.initial = new InitialCheck(own.value, others);
    for (const member of others) {
      const asker = {for: "corruptCheck", ticket: 0, member} as const;
      forwards.ask(member, this.initial.question, asker, this.now + config.requestTimeout);
    }
  }

  private stepUpkeep(): boolean {
    if (this.initial !== undefined) return false;
    const step = stepUpkeep(this.parts, this.now);
    if (typeof step === "boolean") return step;
    this.effects.push({kind: "pause", ...step});
    return true;
  }

  /** Until its store was compared with the others' nobody is served, and raft hears nothing. */
  private takeBefore(input: Input, initial: InitialCheck): void {
    if (input.kind === "request" || input.kind === "streamReady" || input.kind === "streamClosed")
      initial.keep(input);
    else if (input.kind === "message") {
      const {message} = input;
      const isQuestion = message.kind === "Forward" && message.request.kind === "hashKv";
      if (isQuestion || message.kind === "Forwarded") this.converse(message);
    } else if (input.kind !== "tick" && input.kind !== "timeout" && input.kind !== "report") this.take(input);
    if (initial.isDone) this.endInitial(initial);
  }

  private endInitial(initial: InitialCheck): void {
    this.initial = undefined;
    const found = initial.foundDifferent;
    if (found === undefined) return initial.waiting.forEach((input) => this.take(input));
    const [member, other] = [`n${this.config.id}`, `n${found}`];
    const revision = this.store.currentRevision;
    this.exit(say("server/storesDiffer", {member, other, revision}, [member, other]));
  }

  private get isRemoved(): boolean {
    const {removed} = this.parts.applier.membership;
    return removed.length > 0 && removed.includes(this.config.id);
  }

  private leave(): void {
    const member = `n${this.config.id}`;
    this.exit(say("server/removed", {member}, [member]));
  }

  private take(input: Input): void {
    const {raft} = this.parts;
    switch (input.kind) {
      case "tick":
        this.parts.requests.tick();
        this.parts.lease.ticked(this.now);
        return raft.tick();
      case "timeout":
        return raft.campaign();
      case "wake":
        if (this.leavesAt !== undefined && this.leavesAt <= this.now) return this.leave();
        this.parts.requests.expire(this.now);
        for (const early of this.parts.authorizer.waits.expire(this.now))
          this.parts.requests.forwarded(early, errorResult("invalidAuthToken"));
        for (const asker of this.parts.forwards.expire(this.now))
          this.hearFrom(asker, errorResult("timeout"));
        this.parts.lease.wake(this.parts, this.now);
        wakeUpkeep(this.parts, this.now);
        return this.parts.watches.wake(this.now);
      case "turn":
        return this.turn(input.actor);
      case "message":
        return this.hear(input.from, input.message);
      case "report":
        return this.report(input.to, input.what);
      case "request":
        return this.request(input);
      case "streamReady":
        return this.parts.watches.addCredit(input.stream, input.room);
      case "streamClosed":
        return this.closeStream(input.stream);
      case "diskDone":
        return this.diskDone(input.op, input.error);
      default:
        return unreachable(input);
    }
  }

  /** Who was removed is not listened to (etcd server.go, Process: "cannot process message from removed member"). */
  private hear(from: MemberId, message: PeerMessage): void {
    if (this.parts.applier.membership.removed.includes(from)) return;
    this.parts.requests.heard(from, this.now);
    if (isRaftMessage(message)) this.receive(message);
    else this.converse(message);
  }

  private report(to: MemberId, what: "unreachable" | "snapshotDone" | "snapshotFailed"): void {
    const {raft} = this.parts;
    if (what === "unreachable") raft.reportUnreachable(to);
    else raft.reportSnapshot(to, what === "snapshotDone" ? "arrived" : "failed");
  }

  private turn(actor: Actor): void {
    if (isWatchActor(actor)) this.parts.watches.turn(actor);
    else if (actor === "reads") this.parts.requests.turnReads();
    else this.parts[actor].turn();
  }

  /** A watch is created on the member asked, whatever it knows of the others; the rest is requests.ts's. */
  private request({stream, id, request, metadata}: InputOf<"request">): void {
    const {requests, authorizer} = this.parts;
    if (request.kind === "watchCancel") return this.watchers.cancel(stream, request.watchId);
    if (request.kind === "watchProgress") return this.parts.watches.askProgress({stream, id});
    if (requests.refusesWithoutLeader({stream, id}, metadata)) return;
    if (metadata !== undefined) {
      const early = {stream, id, request, metadata};
      if (authorizer.keeps(early, this.config.requestTimeout)) return;
    }
    if (request.kind === "watchCreate") {
      if (requests.refuses({stream, id}, request, metadata)) return;
      const requireLeader = metadata?.requireLeader === true;
      const refusal = authorizer.refusalOfWatch(request, metadata);
      const {draw, watches} = this.parts;
      watches.create(this.watchers, {stream, id}, request, {requireLeader, refusal}, {now: this.now, draw});
    } else if (request.kind === "defragment") {
      if (requests.refuses({stream, id}, request, metadata)) return;
      this.parts.defragment.submit({stream, id});
    } else if (request.kind === "leaseKeepAlive" || request.kind === "leaseTimeToLive") {
      if (requests.refuses({stream, id}, request, metadata)) return;
      this.parts.lease.take({stream, id}, request, this.parts, this.now);
    } else if (request.kind === "memberPromote" && this.asksLeader({stream, id}, request, metadata)) {
      // Its leader answers.
    } else {
      requests.take({stream, id}, request, this.now, metadata);
    }
  }

  /** The store went on: tokens may be known now that were not. */
  private retakeEarly(): void {
    const {authorizer, applier} = this.parts;
    for (const {stream, id, request, metadata} of authorizer.waits.ready(applier.index))
      this.request({kind: "request", stream, id, request, metadata});
  }

  /** Hands a request on to the leader, if that is another member and it was a client that asked. */
  private asksLeader(asker: Asker, request: MembershipRequest, metadata: Metadata | undefined): boolean {
    const {raft, forwards, config, requests} = this.parts;
    if (!isForLeader(request, raft) || raft.leader === noMember || peerOf(asker) !== undefined) return false;
    if (requests.refuses(asker, request, metadata)) return true;
    forwards.ask(raft.leader, request, {for: "client", ...asker}, this.now + config.requestTimeout);
    return true;
  }

  private closeStream(stream: number): void {
    this.parts.authorizer.waits.close(stream);
    this.parts.requests.close(stream);
    this.parts.forwards.close(stream);
    this.parts.lease.close(stream);
    this.parts.defragment.close(stream);
    this.parts.watches.close(stream);
    this.watchers.close(stream);
  }

  private diskDone(op: number, error: "io" | "full" | undefined): void {
    const {append, commit, snapshot, install, defragment} = this.parts;
    const isKnown =
      append.completed(op) ||
      commit.completed(op) ||
      snapshot.completed(op) ||
      install.completed(op) ||
      defragment.completed(op);
    if (!isKnown) assert(false, `disk operation ${op} completed, which is not on its way`);
    if (error === undefined) return;
    // A failed sync leaves unknown what is durable: going on would be a guess (fsyncgate; etcd panics too).
    const member = `n${this.config.id}`;
    this.exit(say("server/diskFailed", {member, error}, [member]));
  }

  private takeReady(): boolean {
    const {raft, append, apply, requests} = this.parts;
    if (!raft.hasReady()) return false;
    const ready = raft.ready();
    if (ready.softState !== undefined) requests.followLeader(ready.softState.leader);
    for (const message of ready.messages) this.send(message);
    requests.confirm(ready.readStates);
    this.parts.lease.confirm(ready.readStates);
    if (ready.append !== undefined) append.submit({kind: "work", work: ready.append});
    if (ready.apply.length > 0) apply.submit(ready.apply);
    return true;
  }

  /**
   * A snapshot is made when it is sent: who was added since the last one that was kept would refuse that, as not being in
   * its configuration (etcd server/etcdserver/snapshot_merge.go).
   */
  private send(message: Message): void {
    const sent =
      message.kind === "InstallSnapshot" ? {...message, snapshot: this.currentSnapshot()} : message;
    this.effects.push({kind: "send", to: sent.to, message: sent});
  }

  private stepAppend(): boolean {
    const turn = this.parts.append.next();
    if (turn.kind !== "released") return this.perform("append", turn);
    for (const item of turn.items) this.release(item);
    return true;
  }

  /** Carries out what an actor wants; false when it has to wait. */
  private perform(actor: Actor, turn: WorkTurn): boolean {
    if (turn.kind === "pause") this.effects.push({kind: "pause", actor, at: turn.at});
    else if (turn.kind === "disk")
      for (const {op, do: what} of turn.commands) this.effects.push({kind: "disk", op, do: what});
    return turn.kind !== "none";
  }

  /** Whether the file that has the backend's name is being replaced, so that nothing may be committed to it. */
  private get fileBusy(): boolean {
    return this.parts.install.busy || this.parts.defragment.busy;
  }

  /** Lets the actors of the backend file and of snapshots go on by a step. */
  private stepFiles(): boolean {
    const {append, applier, commit} = this.parts;
    if (!append.isOpen) return false;
    return (
      this.perform("commit", commit.next(applier, this.now, this.fileBusy)) ||
      this.stepCompact() ||
      this.stepSnapshot() ||
      this.stepInstall() ||
      this.stepDefragment()
    );
  }

  private stepCompact(): boolean {
    const {compact, applier, commit, requests} = this.parts;
    const goesOn = this.perform(
      "compact",
      compact.next(applier, commit, this.now, requests.awaitedCompaction),
    );
    if (goesOn) requests.compacted(compact.settled);
    return goesOn;
  }

  private stepSnapshot(): boolean {
    const {snapshot, commit, append} = this.parts;
    const turn = snapshot.next(commit);
    if (turn.kind !== "done") return this.perform("snapshot", turn);
    const mark = snapshot.takeMark();
    if (mark !== undefined) append.submit({kind: "mark", mark});
    return true;
  }

  private stepInstall(): boolean {
    const {install, commit, defragment, snapshot, append} = this.parts;
    const turn = install.next(commit.idle && defragment.idle);
    if (turn.kind !== "done") return this.perform("install", turn);
    commit.landed(install.fileIndex);
    if (snapshot.idle) snapshot.purge(append.wal);
    return true;
  }

  private stepDefragment(): boolean {
    const {defragment, applier, commit, install, requests} = this.parts;
    const turn = defragment.next(applier, commit.idle && !install.busy);
    if (turn.kind !== "done") return this.perform("defragment", turn);
    for (const asker of defragment.takeServed()) requests.defragmented(asker);
    return true;
  }

  /** It is durable: raft may count it, and what it promises may be said. */
  private release(item: AppendItem): void {
    if (item.kind === "mark") return this.keepMark(item.mark);
    const {storage, raft} = this.parts;
    const {work} = item;
    if (work.snapshot !== undefined) this.keepReceived(work.snapshot);
    storage.append(work.entries);
    if (work.hardState !== undefined) storage.setHardState(work.hardState);
    for (const message of work.messages) {
      if (message.to === raft.id) raft.step(message);
      else this.effects.push({kind: "send", to: message.to, message});
    }
    if (work.receipt !== undefined) raft.appended(work.receipt);
  }

  /** A snapshot of its own stands for a part of the log. */
  private keepMark(mark: SnapshotMark): void {
    const {storage, snapshot, append} = this.parts;
    const compactTo = snapshot.logged(mark, append.wal);
    storage.createSnapshot(mark.index, mark.confState, noData);
    if (compactTo >= storage.firstIndex) storage.compact(compactTo);
  }

  /** Another member's snapshot takes the place of everything. Its state was looked at when it came (`receive`). */
  private keepReceived(received: Snapshot): void {
    const {storage, raft, applier, apply, commit, compact, snapshot, install, defragment, requests} =
      this.parts;
    const {config} = this;
    if (!storage.applySnapshot({...received, data: noData})) return;
    const state = present(
      stateOfImage(received.data, config.pageBytes),
      `the state of the snapshot at ${received.index}`,
    );
    applier.restore(state);
    commit.replaced();
    compact.clear();
    if (state.unfinished !== undefined) compact.submit(state.unfinished);
    snapshot.received(received);
    defragment.abandon();
    install.submit(received.index);
    raft.applied(apply.clear());
    requests.restored();
    if (state.unfinished === undefined) requests.compacted(state.store.compactRevision);
    this.retakeEarly();
  }

  /** A snapshot whose state is damaged is as good as lost: the leader sends another one when this one is not answered. */
  private receive(message: Message): void {
    const isDamaged =
      message.kind === "InstallSnapshot" &&
      stateOfImage(message.snapshot.data, this.config.pageBytes) === undefined;
    if (!isDamaged) this.parts.raft.step(message);
  }

  /** Another member asks, or answers. */
  private converse(message: ForwardMessage | ForwardedMessage): void {
    if (message.kind === "Forward") {
      const {stream, id} = peerAsker(message);
      return this.request({kind: "request", stream, id, request: message.request});
    }
    const asker = this.parts.forwards.answered(message);
    if (asker !== undefined) this.hearFrom(asker, message.response.result);
  }

  /** What came of a question to another member. */
  private hearFrom(asker: ForwardAsker, result: Result): void {
    switch (asker.for) {
      case "client":
        return this.parts.requests.forwarded(asker, result);
      case "lease":
        return this.parts.lease.heard(asker.ticket, result, this.parts, this.now);
      case "corruptCheck":
        if (asker.ticket === 0) return this.initial?.heard(asker.member, result);
        return this.parts.corruptCheck.heard(asker.ticket, asker.member, result);
      default:
        return unreachable(asker);
    }
  }

  /** Makes a snapshot when enough was applied since the last one. */
  private offerSnapshot(): void {
    const {applier, raft, snapshot, commit} = this.parts;
    // While the log is replayed at boot raft's configuration is of an earlier entry than the store.
    if (raft.lastApplied < applier.index || !snapshot.isDue(applier.index)) return;
    const {index, term, confState} = this.currentMark();
    snapshot.begin({index, term, confState}, commit);
  }

  private currentMark(): SnapshotMark {
    const {raft, applier} = this.parts;
    const {index} = applier;
    const term = present(raft.termAt(index), "the term of applied entry", index);
    return {index, term, confState: raft.confState};
  }

  /** All that was applied, and who was in the cluster then. */
  private currentSnapshot(): Snapshot {
    return {...this.currentMark(), data: this.parts.applier.image()};
  }

  private stepApply(): boolean {
    // What was handed out before a snapshot came is in it, and the configuration is the snapshot's already.
    if (this.parts.raft.unstableSnapshot !== undefined) return false;
    const step = this.parts.apply.step();
    switch (step.kind) {
      case "none":
        return false;
      case "pause":
        this.effects.push({kind: "pause", actor: "apply", at: "beforeApplyOneEntryNormal"});
        return true;
      case "apply":
        this.applyEntry(step.entry);
        return true;
      default:
        return unreachable(step);
    }
  }

  private applyEntry(entry: Entry): void {
    const {applier, raft, requests, compact} = this.parts;
    const isHeld = entry.index <= applier.index;
    const applied = applier.apply(entry, this.now);
    if (applied?.compaction !== undefined) compact.submit(applied.compaction);
    this.parts.lease.applied(entry, this.parts, this.now);
    if (applied !== undefined) tellUpkeep(this.parts, applied, this.now);
    if (entry.type === "normal") {
      raft.applied([entry]);
      requests.applied(applied, this.now);
    } else {
      // The configuration first: whether to leave a joint one is seen when the entry is reported as applied.
      const changed = isHeld ? undefined : applyChange(entry, raft, applier);
      raft.applied([entry]);
      if (changed !== undefined) requests.changed(changed);
    }
    this.retakeEarly();
    this.offerSnapshot();
  }

  private respond(): void {
    const {requests, forwards, lease} = this.parts;
    this.pauseAt("lease", lease.pause());
    this.pauseAt("reads", requests.pauseOfReads());
    this.deliver(requests.takeAnswers());
    this.deliver(lease.takeAnswers());
    for (const message of forwards.take()) this.effects.push({kind: "send", to: message.to, message});
  }

  private pauseAt(actor: Actor, at: Point | undefined): void {
    if (at !== undefined) this.effects.push({kind: "pause", actor, at});
  }

  /** To the client, or to the member that asked. */
  private deliver(answers: readonly Answer[]): void {
    for (const {stream, id, response} of answers) {
      const to = peerOf({stream, id});
      if (to === undefined) this.effects.push({kind: "respond", stream, id, response});
      else {
        const message = {kind: "Forwarded", from: this.config.id, to, id, response} as const;
        this.effects.push({kind: "send", to, message});
      }
    }
  }

  /** Lets watches go on, and sends what their clients have room for. */
  private tendWatches(): void {
    const {watches, requests, raft} = this.parts;
    const {delivered, pauses} = watches.step(this.watchers, raft.leader, this.now);
    for (const {stream, request: id, result, revision} of delivered) {
      const response = {header: {...requests.header(), revision}, result};
      this.effects.push({kind: "respond", stream, id, response});
    }
    for (const {actor, at} of pauses) this.effects.push({kind: "pause", actor, at});
  }
}
