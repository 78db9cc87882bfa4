// One etcd member: joins raft, the log on disk, the store with its backend file, and the watchers, as actors that go on
// apart from each other (law 4). It takes one input, lets everything go on as far as it can, and returns what should happen.
//
// The cycle is etcd's Ready loop (etcd server/etcdserver/raft.go), with the waiting inside: messages that claim nothing
// leave at once; votes and acknowledgements wait in the append actor for their sync; committed entries wait in the apply
// actor; answers wait for their entry, or for the store to reach their index (requests.ts).

import {assert, present, unreachable} from "../base/assert.ts";
import type {Hash, Hasher} from "../base/hasher.ts";
import type {Machine} from "../base/machine.ts";
import {noMember, second, sooner} from "../base/quantity.ts";
import type {MemberId, Micros} from "../base/quantity.ts";
import type {Said} from "../base/said.ts";
import {noData} from "../raft/entry.ts";
import type {Entry} from "../raft/entry.ts";
import type {Message} from "../raft/message.ts";
import type {Snapshot} from "../raft/snapshot.ts";
import type {AppendItem} from "./appendActor.ts";
import {errorResult} from "./applier.ts";
import {
  carryOut,
  completedOfFiles,
  currentSnapshot,
  filesDeadline,
  keepMark,
  offerSnapshot,
  stepFiles,
} from "./fileActors.ts";
import type {Actor, Effect, Input, Point} from "./io.ts";
import {beginInitial} from "./initialCheck.ts";
import type {InitialCheck} from "./initialCheck.ts";
import {peerAsker, peerOf} from "./forwards.ts";
import type {ForwardAsker} from "./forwards.ts";
import {applyChange, isForLeader} from "./membership.ts";
import {digestEachPart, digestParts, forkParts} from "./parts.ts";
import {isRaftMessage} from "./peer.ts";
import type {Asker} from "./proposals.ts";
import type {ForwardedMessage, ForwardMessage, PeerMessage} from "./peer.ts";
import type {MembershipRequest, Metadata, Result} from "./request.ts";
import type {Answer} from "./requests.ts";
import type {ReportKind} from "./rules.ts";
import {ServerView} from "./serverView.ts";
import {stepUpkeep, tellUpkeep, upkeepDeadline, wakeUpkeep} from "./upkeep.ts";
import {isWatchActor} from "./watches.ts";
import {say} from "./words.ts";

/** How long a member goes on after it has applied its removal. etcd: 1 s. */
const lingers: Micros = second;

type InputOf<K extends Input["kind"]> = Input & {readonly kind: K};

export class Server extends ServerView implements Machine<Input, Effect> {
  private effects: Effect[] = [];
  private now: Micros = 0;
  private stopped = false;
  /** While its store is compared with the others', at boot. */
  private initial: InitialCheck | undefined;
  /** When it stops because it was removed. */
  private leavesAt: Micros | undefined;

  /** Whether it refused to go on. It takes inputs still, and does nothing. */
  get exited(): boolean {
    return this.stopped;
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
    const {requests, forwards, watches} = this.parts;
    // Asked after every input: no list is made.
    let least = sooner(requests.deadline(), forwards.deadline());
    least = sooner(least, watches.deadline(this.watchers));
    least = sooner(least, filesDeadline(this.parts));
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
    if (!this.stopped && this.mustLeave) this.leave();
    if (!this.stopped && this.config.initialCorruptCheck) this.initial = beginInitial(this.parts, now);
    return this.goOn();
  }

  /** Lets everything go on as far as it can; returns the effects since the last time. */
  private goOn(): readonly Effect[] {
    while (!this.stopped) {
      this.parts.lease.followRole(this.parts);
      this.parts.requests.offer(this.now);
      if (
        this.takeReady() ||
        this.stepAppend() ||
        this.stepApply() ||
        stepFiles(this.parts, this.now, this.effects)
      )
        continue;
      if (!this.parts.lease.step(this.parts, this.now) && !this.stepUpkeep()) break;
    }
    this.respond();
    if (!this.stopped) this.tendWatches();
    // The others may still be told what it has to tell (etcd server.go, stopWithDelay).
    if (this.mustLeave) this.leavesAt ??= this.now + lingers;
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

  private get mustLeave(): boolean {
    const {removed} = this.parts.applier.membership;
    return removed.length > 0 && removed.includes(this.config.id) && this.parts.rules.stopsWhenRemoved();
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
    const isRemoved = this.parts.applier.membership.removed.includes(from);
    if (!this.parts.rules.listensTo({isRemoved})) return;
    this.parts.requests.heard(from, this.now);
    if (isRaftMessage(message)) this.receive(message);
    else this.converse(message);
  }

  private report(to: MemberId, what: ReportKind): void {
    const {raft, rules} = this.parts;
    if (!rules.tellsRaft(what)) return;
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
    const isKnown = this.parts.append.completed(op) || completedOfFiles(this.parts, op);
    if (!isKnown) assert(false, `disk operation ${op} completed, which is not on its way`);
    if (error === undefined || !this.parts.rules.mustStopOnDiskError()) return;
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
      message.kind === "InstallSnapshot" ? {...message, snapshot: currentSnapshot(this.parts)} : message;
    this.effects.push({kind: "send", to: sent.to, message: sent});
  }

  private stepAppend(): boolean {
    const turn = this.parts.append.next();
    if (turn.kind !== "released") return carryOut("append", turn, this.effects);
    for (const item of turn.items) this.release(item);
    return true;
  }

  /** It is durable: raft may count it, and what it promises may be said. */
  private release(item: AppendItem): void {
    if (item.kind === "mark") return keepMark(this.parts, item.mark);
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

  /** Another member's snapshot takes the place of everything. Its state was looked at when it came (`receive`). */
  private keepReceived(received: Snapshot): void {
    const {storage, raft, applier, append, apply, commit, compact, requests} = this.parts;
    const {snapshot, install, defragment, config, rules} = this.parts;
    if (!storage.applySnapshot({...received, data: noData})) return;
    const state = present(
      applier.stateOfImage(received.data, config.pageBytes),
      `the state of the snapshot at ${received.index}`,
    );
    applier.restore(state);
    commit.replaced();
    compact.clear();
    if (state.unfinished !== undefined) compact.submit(state.unfinished);
    snapshot.received(received);
    if (rules.mustYieldToInstall()) defragment.abandon();
    if (rules.mayPurgeBeforeInstall() && snapshot.idle) snapshot.purge(append.wal, install.pending);
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
      this.parts.applier.stateOfImage(message.snapshot.data, this.config.pageBytes) === undefined;
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
    const {applier, raft, requests, compact, rules} = this.parts;
    const isHeld = entry.index <= applier.index;
    const isDone = entry.type !== "normal" || rules.mustApply(raft.role);
    const applied = isDone ? applier.apply(entry, this.now) : undefined;
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
    offerSnapshot(this.parts);
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
