// One etcd member: joins raft, the log on disk, the store and its watchers as actors that append and apply apart from
// each other (law 4). It takes one input, lets everything go on as far as it can, and returns what should happen.
//
// The cycle is etcd's Ready loop (etcd server/etcdserver/raft.go), with the waiting inside: messages that claim nothing
// leave at once; votes and acknowledgements wait in the append actor for their sync; committed entries wait in the apply
// actor; answers wait for their entry (proposals.ts) or for the store to reach their index (reads.ts).

import {unreachable} from "../base/assert.ts";
import {Hasher} from "../base/hasher.ts";
import type {Hash} from "../base/hasher.ts";
import type {Machine} from "../base/machine.ts";
import type {MemberId, Micros} from "../base/quantity.ts";
import {noMember} from "../base/quantity.ts";
import type {Said} from "../base/said.ts";
import type {CompactRequest, RangeRequest, TxnRequest} from "../mvcc/kv.ts";
import {isReadOnly, validate} from "../mvcc/store.ts";
import type {Store, StoreError} from "../mvcc/store.ts";
import {digestMessage} from "../raft/digest.ts";
import type {Entry, Index} from "../raft/entry.ts";
import type {MemoryStorage} from "../raft/memoryStorage.ts";
import type {RawNode} from "../raft/rawNode.ts";
import type {AppendWork} from "../raft/ready.ts";
import type {Watchers} from "../watch/watchers.ts";
import {AppendActor} from "./appendActor.ts";
import {ApplyActor} from "./applyActor.ts";
import type {WriteRequest} from "./command.ts";
import {decodeCommand, encodeCommand} from "./command.ts";
import type {ServerConfig} from "./config.ts";
import {entryText} from "./describe.ts";
import type {Actor, Effect, Input} from "./io.ts";
import {Proposals} from "./proposals.ts";
import type {Asker} from "./proposals.ts";
import {Reads} from "./reads.ts";
import type {ApiErrorName, Header, Request, Response, Result} from "./request.ts";
import {apiErrors} from "./request.ts";
import {WatchStreams} from "./watchStreams.ts";
import {WatchSync} from "./watchSync.ts";
import {say} from "./words.ts";

/** What a server is made of. */
export interface ServerParts {
  readonly config: ServerConfig;
  readonly raft: RawNode;
  readonly storage: MemoryStorage;
  readonly store: Store;
  readonly watchers: Watchers;
  readonly append: AppendActor;
  readonly apply: ApplyActor;
  readonly proposals: Proposals;
  readonly reads: Reads;
  readonly streams: WatchStreams;
  readonly watchSync: WatchSync;
  /** Drawn once per boot: names this boot's proposals. */
  readonly nonce: number;
  readonly draw: (stream: string, bound: number) => number;
}

export class Server implements Machine<Input, Effect> {
  private readonly parts: ServerParts;
  private effects: Effect[] = [];
  private now: Micros = 0;
  private leader: MemberId = noMember;
  private applied: Index = 0;
  /** Of every entry applied so far, in order. */
  private appliedChain = new Hasher();
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
    return this.parts.store;
  }

  get watchers(): Watchers {
    return this.parts.watchers;
  }

  /** Index of the last entry in the store. Raft Figure 2: lastApplied. */
  get appliedIndex(): Index {
    return this.applied;
  }

  /** The last applied entry and a digest of all entries applied up to it: equal on members that applied the same. */
  get lastApplied(): {readonly index: Index; readonly digest: Hash} {
    return {index: this.applied, digest: this.appliedChain.hash()};
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

  /** The write-ahead log's sizes. */
  get wal(): {readonly bytes: number; readonly durableBytes: number} {
    return this.parts.append.wal;
  }

  /** Whether it refused to go on. It takes inputs still, and does nothing. */
  get exited(): boolean {
    return this.stopped;
  }

  /** Requests that wait for the log or for a read index. */
  waiting(): number {
    return this.parts.proposals.size + this.parts.reads.size;
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
    const {proposals, reads, watchSync} = this.parts;
    return earliest(proposals.deadline(), earliest(reads.deadline(), watchSync.deadline()));
  }

  /** An independent twin. `draw`: the twin's own luck, where the world keeps it outside. */
  fork(draw = this.parts.draw): this {
    const {config, nonce} = this.parts;
    const storage = this.parts.storage.fork();
    const store = this.parts.store.fork();
    const twin = new Server({
      config,
      nonce,
      draw,
      storage,
      store,
      raft: this.parts.raft.fork(storage, (bound) => draw("election", bound)),
      watchers: this.parts.watchers.fork(store),
      append: this.parts.append.fork(),
      apply: this.parts.apply.fork(),
      proposals: this.parts.proposals.fork(),
      reads: this.parts.reads.fork(),
      streams: this.parts.streams.fork(),
      watchSync: this.parts.watchSync.fork(),
    });
    twin.now = this.now;
    twin.leader = this.leader;
    twin.applied = this.applied;
    twin.appliedChain = this.appliedChain.fork();
    twin.stopped = this.stopped;
    return twin as this;
  }

  digest(into: Hasher): void {
    const {parts} = this;
    into.bool(this.stopped);
    into.int(parts.nonce);
    into.int(this.leader);
    into.int(this.applied);
    parts.raft.digest(into);
    parts.store.digest(into);
    parts.watchers.digest(into);
    parts.append.digest(into, (work) => digestWork(work, into));
    parts.apply.digest(into);
    parts.proposals.digest(into, this.now);
    parts.reads.digest(into, this.now);
    parts.streams.digest(into);
    parts.watchSync.digest(into, this.now);
  }

  /** Lets everything go on as far as it can; returns the effects since the last time. For boot.ts and `handle`. */
  goOn(): readonly Effect[] {
    while (!this.stopped) {
      this.offer();
      if (!this.takeReady() && !this.stepAppend() && !this.stepApply()) break;
    }
    if (!this.stopped) this.tendWatches();
    const {effects} = this;
    this.effects = [];
    return effects;
  }

  /** Refuses to go on: what stands on the disk or what the disk says cannot be trusted. */
  exit(reason: Said): void {
    this.stopped = true;
    this.effects.push({kind: "exit", reason});
  }

  private take(input: Input): void {
    const {raft} = this.parts;
    switch (input.kind) {
      case "tick":
        return raft.tick();
      case "timeout":
        return raft.campaign();
      case "wake":
        return this.expire();
      case "turn":
        return this.turn(input.actor);
      case "message":
        return raft.step(input.message);
      case "report":
        return raft.reportUnreachable(input.to);
      case "request":
        return this.request(input.stream, input.id, input.request);
      case "streamReady":
        return this.parts.streams.addCredit(input.stream);
      case "streamClosed":
        return this.closeStream(input.stream);
      case "diskDone":
        return this.diskDone(input.op, input.error);
      default:
        return unreachable(input);
    }
  }

  // ---- inputs

  private turn(actor: Actor): void {
    if (actor === "append") this.parts.append.turn();
    else if (actor === "apply") this.parts.apply.turn();
    else this.parts.watchSync.turn();
  }

  private diskDone(op: number, error: "io" | "full" | undefined): void {
    // A failed sync leaves unknown what is durable: going on would be a guess (fsyncgate; etcd panics too).
    if (error !== undefined) {
      const member = `n${this.config.id}`;
      return this.exit(say("server/diskFailed", {member, error}, [member]));
    }
    this.parts.append.wal.completed(op);
  }

  private closeStream(stream: number): void {
    this.parts.proposals.close(stream);
    this.parts.reads.close(stream);
    this.parts.streams.close(stream);
    this.watchers.close(stream);
  }

  private request(stream: number, id: number, request: Request): void {
    const asker = {stream, id};
    switch (request.kind) {
      case "range":
        return this.read(asker, request);
      case "txn":
        return isReadOnly(request) ? this.read(asker, request) : this.propose(asker, request);
      case "put":
      case "deleteRange":
      case "compact":
        return this.propose(asker, request);
      case "watchCreate":
        this.parts.streams.creating(stream, id);
        return this.watchers.create(stream, request);
      case "watchCancel":
        return this.watchers.cancel(stream, request.watchId);
      case "status":
        return this.respond(asker, {
          kind: "status",
          leader: this.raft.leader,
          raftIndex: this.raft.commitIndex,
          raftAppliedIndex: this.applied,
        });
      default:
        return this.respondError(asker, "unsupported");
    }
  }

  private propose(asker: Asker, request: WriteRequest): void {
    const {config, nonce, proposals} = this.parts;
    const error = request.kind === "compact" ? undefined : validate(request, config.txnOpsMax);
    if (error !== undefined) return this.respondError(asker, error);
    if (leases(request)) return this.respondError(asker, "unsupported");
    const first = encodeCommand({proposer: config.id, nonce, sequence: 0, request});
    if (first.length > config.requestBytesMax) return this.respondError(asker, "requestTooLarge");
    proposals.add(asker, this.now + config.requestTimeout, (sequence) =>
      encodeCommand({proposer: config.id, nonce, sequence, request}),
    );
  }

  private read(asker: Asker, request: RangeRequest | TxnRequest): void {
    const {config, reads} = this.parts;
    const error = validate(request, config.txnOpsMax);
    if (error !== undefined) return this.respondError(asker, error);
    if (isSerializable(request)) return this.answerRead(asker, request);
    reads.add({...asker, request, expires: this.now + config.requestTimeout});
  }

  /** Answers what waited too long, asks for read indexes again. */
  private expire(): void {
    const {config, proposals, reads, raft} = this.parts;
    for (const expired of proposals.expire(this.now)) {
      this.respondError(expired, expired.leaderLost ? "timeoutLeaderFail" : "timeout");
    }
    for (const read of reads.expire(this.now)) this.respondError(read, "timeout");
    const context = reads.retry(this.now, this.now + config.readIndexRetry);
    if (context !== undefined) raft.readIndex(context);
    this.parts.watchSync.wake(this.now);
  }

  // ---- the cycle

  /** Hands what waits to raft. */
  private offer(): void {
    const {raft, proposals, reads, config} = this.parts;
    if (proposals.held && raft.leader !== noMember) proposals.proposeHeld((data) => raft.propose([data]).ok);
    const context = reads.start(this.now + config.readIndexRetry);
    if (context !== undefined) raft.readIndex(context);
  }

  private takeReady(): boolean {
    const {raft, append, apply, reads} = this.parts;
    if (!raft.hasReady()) return false;
    const ready = raft.ready();
    if (ready.softState !== undefined) this.followLeader(ready.softState.leader);
    for (const message of ready.messages) this.effects.push({kind: "send", to: message.to, message});
    for (const state of ready.readStates) reads.confirm(state.context, state.index);
    if (ready.append !== undefined) append.submit(ready.append);
    if (ready.apply.length > 0) apply.submit(ready.apply);
    if (ready.readStates.length > 0) this.serveReads();
    return true;
  }

  private followLeader(leader: MemberId): void {
    if (leader === this.leader) return;
    const {proposals, reads} = this.parts;
    if (this.leader !== noMember) proposals.leaderLost();
    // etcd tells waiting reads of every newly known leader, the first one included (etcd server.go, leaderChanged).
    if (leader !== noMember) for (const read of reads.leaderChanged()) this.respondError(read, "leaderChanged");
    this.leader = leader;
  }

  private stepAppend(): boolean {
    const step = this.parts.append.step();
    switch (step.kind) {
      case "none":
        return false;
      case "pause":
        this.effects.push({kind: "pause", actor: "append", at: "raftBeforeSave"});
        return true;
      case "write":
        for (const command of step.commands) this.effects.push({kind: "disk", op: command.op, do: command.do});
        return true;
      case "released":
        for (const work of step.work) this.release(work);
        return true;
      default:
        return unreachable(step);
    }
  }

  /** The work is durable: raft may count it, and what it promises may be said. */
  private release(work: AppendWork): void {
    const {storage, raft} = this.parts;
    storage.append(work.entries);
    if (work.hardState !== undefined) storage.setHardState(work.hardState);
    for (const message of work.messages) this.effects.push({kind: "send", to: message.to, message});
    raft.appended(work.receipt);
  }

  private stepApply(): boolean {
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
    const {config, nonce, proposals, reads, raft} = this.parts;
    const command = decodeCommand(entry.data);
    this.applied = entry.index;
    this.appliedChain.int(entry.index);
    this.appliedChain.int(entry.term);
    this.appliedChain.bytes(entry.data);
    if (command === undefined) {
      // A leader can answer read indexes now that its term has a committed entry: ask again at once.
      const context = reads.retry(this.now, this.now + config.readIndexRetry, true);
      if (context !== undefined) raft.readIndex(context);
    } else {
      const result = this.execute(command.request);
      const mine = command.proposer === config.id && command.nonce === nonce;
      const asker = mine ? proposals.settle(command.sequence) : undefined;
      if (asker !== undefined) this.respond(asker, result);
    }
    raft.applied(entry.index);
    this.serveReads();
  }

  /** Errors are results here: every member must come to the same. */
  private execute(request: WriteRequest): Result {
    if (request.kind === "compact") return this.compact(request);
    const applied = this.store.apply(request);
    if (!applied.ok) return errorResult(applied.error);
    // Watchers are told before any reader can see the new revision.
    if (applied.value.events.length > 0) this.watchers.notify(applied.value.revision, applied.value.events);
    return applied.value.result;
  }

  private compact(request: CompactRequest): Result {
    const compacted = this.store.compact(request.revision);
    return compacted.ok ? {kind: "compact"} : errorResult(compacted.error);
  }

  // ---- answers

  private serveReads(): void {
    for (const read of this.parts.reads.ready(this.applied)) this.answerRead(read, read.request);
  }

  private answerRead(asker: Asker, request: RangeRequest | TxnRequest): void {
    const result = request.kind === "range" ? this.store.range(request) : this.store.readTxn(request);
    this.respond(asker, result.ok ? result.value : errorResult(result.error));
  }

  private tendWatches(): void {
    const {streams, watchers, watchSync, config} = this.parts;
    if (watchSync.takeTurn()) watchSync.done(watchers.sync());
    for (const stream of streams.open()) {
      while (streams.hasCredit(stream)) {
        const delivery = watchers.takeResponse(stream);
        if (delivery === undefined) break;
        const id = streams.spend(stream, delivery.result);
        const header = {memberId: config.id, revision: delivery.revision, raftTerm: this.raft.term};
        this.effects.push({kind: "respond", stream, id, response: {header, result: delivery.result}});
      }
    }
    if (watchSync.arm(streams.size > 0 && watchers.needsSync, this.now)) {
      this.effects.push({kind: "pause", actor: "watchSync", at: "beforeSyncWatchers"});
    }
  }

  private respond({stream, id}: Asker, result: Result): void {
    const response: Response = {header: this.header(), result};
    this.effects.push({kind: "respond", stream, id, response});
  }

  private respondError(asker: Asker, error: ApiErrorName): void {
    this.respond(asker, {kind: "error", error: apiErrors[error]});
  }

  private header(): Header {
    return {memberId: this.config.id, revision: this.store.currentRevision, raftTerm: this.raft.term};
  }
}

function errorResult(error: StoreError): Result {
  return {kind: "error", error: apiErrors[error]};
}

/** A transaction is served from this member's own state only if all of its ranges allow it (etcd, Txn). */
function isSerializable(request: RangeRequest | TxnRequest): boolean {
  if (request.kind === "range") return request.serializable === true;
  return [...request.success, ...request.failure].every((op) => op.kind === "range" && op.serializable === true);
}

/** Whether a lease is asked for, which this build does not know yet. */
function leases(request: WriteRequest | RangeRequest): boolean {
  if (request.kind === "put") return (request.lease ?? "") !== "";
  return request.kind === "txn" && [...request.success, ...request.failure].some(leases);
}

function earliest(a: Micros | undefined, b: Micros | undefined): Micros | undefined {
  return a === undefined ? b : b === undefined ? a : Math.min(a, b);
}

function digestWork(work: AppendWork, into: Hasher): void {
  into.bool(work.mustSync);
  into.int(work.hardState?.term ?? -1);
  into.int(work.hardState?.votedFor ?? -1);
  into.int(work.hardState?.commit ?? -1);
  into.int(work.entries.length);
  for (const entry of work.entries) {
    into.int(entry.index);
    into.int(entry.term);
    into.bytes(entry.data);
  }
  into.int(work.messages.length);
  for (const message of work.messages) digestMessage(message, into);
  into.int(work.receipt.term);
  into.int(work.receipt.last?.index ?? 0);
  into.int(work.receipt.last?.term ?? 0);
  for (const message of work.receipt.toSelf) digestMessage(message, into);
}
