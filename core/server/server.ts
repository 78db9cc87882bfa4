// One etcd member: joins raft, the log on disk, the store with its backend file, and the watchers, as actors that go on
// apart from each other (law 4). It takes one input, lets everything go on as far as it can, and returns what should happen.
//
// The cycle is etcd's Ready loop (etcd server/etcdserver/raft.go), with the waiting inside: messages that claim nothing
// leave at once; votes and acknowledgements wait in the append actor for their sync; committed entries wait in the apply
// actor; answers wait for their entry, or for the store to reach their index (requests.ts).

import {assert, present, unreachable} from "../base/assert.ts";
import type {Hash, Hasher} from "../base/hasher.ts";
import type {Machine} from "../base/machine.ts";
import {earliest} from "../base/quantity.ts";
import type {MemberId, Micros} from "../base/quantity.ts";
import type {Said} from "../base/said.ts";
import type {Lessor} from "../lease/lessor.ts";
import type {Store} from "../mvcc/store.ts";
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
import type {Actor, Effect, Input} from "./io.ts";
import {peerAsker, peerOf} from "./forwards.ts";
import type {ForwardAsker} from "./forwards.ts";
import {applyChange} from "./membership.ts";
import {digestParts, forkParts} from "./parts.ts";
import type {ServerParts} from "./parts.ts";
import {isRaftMessage} from "./peer.ts";
import type {ForwardedMessage, ForwardMessage} from "./peer.ts";
import type {Result} from "./request.ts";
import type {Answer} from "./requests.ts";
import {isWatchActor} from "./watches.ts";
import {say} from "./words.ts";

type InputOf<K extends Input["kind"]> = Input & {readonly kind: K};

export class Server implements Machine<Input, Effect> {
  private readonly parts: ServerParts;
  private effects: Effect[] = [];
  private now: Micros = 0;
  private stopped = false;

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

  /** Requests that wait for the log or for a read index. */
  waiting(): number {
    return this.parts.requests.waiting + this.parts.lease.waiting;
  }

  /** What an entry holds, in a few words for people. */
  entryText(entry: Entry): string {
    return entryText(entry);
  }

  handle(input: Input, now: Micros): readonly Effect[] {
    if (this.stopped) return [];
    this.now = now;
    this.take(input);
    return this.goOn();
  }

  deadline(): Micros | undefined {
    if (this.stopped) return undefined;
    const {requests, forwards, watches, append, commit, compact} = this.parts;
    const commits = this.fileBusy || !append.isOpen ? undefined : commit.deadline();
    return earliest(
      requests.deadline(),
      forwards.deadline(),
      watches.deadline(this.watchers),
      commits,
      compact.deadline(),
      this.parts.lease.deadline(this.parts),
    );
  }

  /** An independent twin. `draw`: the twin's own luck, where the world keeps it outside. */
  fork(draw = this.parts.draw): this {
    const twin = new Server(forkParts(this.parts, draw));
    twin.now = this.now;
    twin.stopped = this.stopped;
    return twin as this;
  }

  digest(into: Hasher): void {
    into.bool(this.stopped);
    digestParts(this.parts, into, this.now);
  }

  /** The first effects, of boot.ts only. */
  start(now: Micros): readonly Effect[] {
    this.now = now;
    return this.goOn();
  }

  /** Lets everything go on as far as it can; returns the effects since the last time. */
  private goOn(): readonly Effect[] {
    while (!this.stopped) {
      this.parts.lease.followRole(this.parts);
      this.parts.requests.offer(this.now);
      if (this.takeReady() || this.stepAppend() || this.stepApply() || this.stepFiles()) continue;
      if (!this.parts.lease.step(this.parts, this.now)) break;
    }
    this.respond();
    if (!this.stopped) this.tendWatches();
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

  private take(input: Input): void {
    const {raft} = this.parts;
    switch (input.kind) {
      case "tick":
        this.parts.lease.ticked(this.now);
        return raft.tick();
      case "timeout":
        return raft.campaign();
      case "wake":
        this.parts.requests.expire(this.now);
        for (const asker of this.parts.forwards.expire(this.now))
          this.hearFrom(asker, errorResult("timeout"));
        this.parts.lease.wake(this.parts, this.now);
        return this.parts.watches.wake(this.now);
      case "turn":
        return this.turn(input.actor);
      case "message":
        return isRaftMessage(input.message) ? this.receive(input.message) : this.converse(input.message);
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

  private report(to: MemberId, what: "unreachable" | "snapshotDone" | "snapshotFailed"): void {
    const {raft} = this.parts;
    if (what === "unreachable") raft.reportUnreachable(to);
    else raft.reportSnapshot(to, what === "snapshotDone" ? "arrived" : "failed");
  }

  private turn(actor: Actor): void {
    if (isWatchActor(actor)) this.parts.watches.turn(actor);
    else this.parts[actor].turn();
  }

  /** A watch is created on the member asked, whatever it knows of the others; the rest is requests.ts's. */
  private request({stream, id, request, metadata}: InputOf<"request">): void {
    if (request.kind === "watchCancel") return this.watchers.cancel(stream, request.watchId);
    if (request.kind === "watchProgress") return this.parts.watches.askProgress({stream, id});
    if (this.parts.requests.refusesWithoutLeader({stream, id}, metadata)) return;
    if (request.kind === "watchCreate") {
      if (this.parts.requests.refusesAsLearner({stream, id}, request)) return;
      const requireLeader = metadata?.requireLeader === true;
      const {draw, watches} = this.parts;
      watches.create(this.watchers, {stream, id}, request, {requireLeader}, {now: this.now, draw});
    } else if (request.kind === "defragment") {
      if (this.parts.requests.refusesAsLearner({stream, id}, request)) return;
      this.parts.defragment.submit({stream, id});
    } else if (request.kind === "leaseKeepAlive" || request.kind === "leaseTimeToLive") {
      if (this.parts.requests.refusesAsLearner({stream, id}, request)) return;
      this.parts.lease.take({stream, id}, request, this.parts, this.now);
    } else {
      this.parts.requests.take({stream, id}, request, this.now);
    }
  }

  private closeStream(stream: number): void {
    this.parts.requests.close(stream);
    this.parts.forwards.close(stream);
    this.parts.lease.close(stream);
    this.parts.watches.close(stream);
    this.watchers.close(stream);
  }

  private diskDone(op: number, error: "io" | "full" | undefined): void {
    const {append, commit, snapshot, install, defragment} = this.parts;
    const isKnown = [append, commit, snapshot, install, defragment].some((actor) => actor.completed(op));
    assert(isKnown, `disk operation ${op} completed, which is not on its way`);
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
    const {append, applier, commit, compact} = this.parts;
    if (!append.isOpen) return false;
    return (
      this.perform("commit", commit.next(applier, this.now, this.fileBusy)) ||
      this.perform("compact", compact.next(applier, commit, this.now)) ||
      this.stepSnapshot() ||
      this.stepInstall() ||
      this.stepDefragment()
    );
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
    const term = present(raft.termAt(index), `the term of applied entry ${index}`);
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
    const applied = applier.apply(entry, this.now);
    if (applied?.compaction !== undefined) compact.submit(applied.compaction);
    this.parts.lease.applied(entry, this.parts, this.now);
    if (entry.type === "normal") {
      raft.applied([entry]);
      requests.applied(applied, this.now);
    } else {
      // The configuration first: whether to leave a joint one is seen when the entry is reported as applied.
      const changed = applyChange(entry, raft);
      raft.applied([entry]);
      requests.changed(changed);
    }
    this.offerSnapshot();
  }

  private respond(): void {
    const {requests, forwards, lease} = this.parts;
    const at = lease.pause();
    if (at !== undefined) this.effects.push({kind: "pause", actor: "lease", at});
    this.deliver(requests.takeAnswers());
    this.deliver(lease.takeAnswers());
    for (const message of forwards.take()) this.effects.push({kind: "send", to: message.to, message});
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
