// A cluster with one member on a simulated disk that takes its time; the other members' disks take none. Everything that
// a crash of that member could find is seen from outside: after each operation that was asked for, and after each that is
// done, the disk as it is then, and what the member had promised by then.

import type {MemberId, Micros} from "../../../core/base/quantity.ts";
import type {EntryId, Index, Term} from "../../../core/raft/entry.ts";
import {isRaftMessage} from "../../../core/server/peer.ts";
import type {PeerMessage} from "../../../core/server/peer.ts";
import {boot} from "../../../core/server/boot.ts";
import type {ServerConfig} from "../../../core/server/config.ts";
import {soundVersion} from "../../../core/server/config.ts";
import type {Effect, Input} from "../../../core/server/io.ts";
import {actors} from "../../../core/server/io.ts";
import type {Response} from "../../../core/server/request.ts";
import type {Request} from "../../../core/server/request.ts";
import type {Server} from "../../../core/server/server.ts";
import type {DiskOp} from "../../../core/storage/disk.ts";
import {Disk} from "../../../sim/disk/disk.ts";
import {Draws} from "../../../sim/random.ts";
import {request, serverConfig} from "./cluster.ts";
import type {DiskEvent} from "./contents.ts";
import type {Promises} from "./promises.ts";
import {answered, holds, inTerm, nothingPromised, voted} from "./promises.ts";
import type {Truth} from "./truth.ts";

/** A point between two operations of the recorded member's disk. */
export interface Moment {
  readonly disk: Disk;
  readonly promises: Promises;
  /** What happened last; undefined: something was promised. */
  readonly event: DiskEvent | undefined;
}

/** Where a member comes from that has lived before. */
export interface EarlierLives {
  readonly count: number;
  /** What the last crash left. */
  readonly disk: Disk;
  readonly promises: Promises;
}

export interface RecordingOptions {
  /** Whose disk is recorded. */
  readonly member: MemberId;
  readonly config: Partial<ServerConfig>;
  /** Is told of every entry. */
  readonly truth: Truth;
  readonly see: (moment: Moment) => void;
  /** Of the recorded member. */
  readonly before?: EarlierLives;
  /** Operations of which its disk says that they are done, without having done anything; `before`: its actor's last one. */
  readonly forgets?: ((op: DiskOp, before: DiskOp | undefined) => boolean) | undefined;
}

type DiskEffect = Extract<Effect, {kind: "disk"}>;

export class Recording {
  /** Members that nobody reaches. */
  readonly cut = new Set<MemberId>();
  /** Which messages are lost besides. */
  loses: (message: PeerMessage) => boolean = () => false;
  /** Operations of the recorded disk by kind and file. */
  readonly asked: DiskOp[] = [];
  /** Which operations take longer than anything else. */
  holds: (op: DiskOp) => boolean = () => false;
  now: Micros = 0;
  private readonly options: RecordingOptions;
  private readonly disk: Disk;
  private readonly servers = new Map<MemberId, Server>();
  private readonly wire: {readonly to: MemberId; readonly input: Input}[] = [];
  private underway: DiskEffect[] = [];
  private readonly forgotten = new Set<number>();
  /** What each actor asked for last. */
  private readonly last = new Map<number, DiskOp>();
  private promises: Promises;
  /** What the leader of a term said that its log holds. */
  private readonly told = new Map<Term, Map<Index, Term>>();
  private readonly draws = new Draws("recording");
  private readonly luck = this.draws.stream("order");
  /** The answer to each request. */
  private readonly responses = new Map<number, Response>();

  constructor(options: RecordingOptions) {
    this.options = options;
    this.disk = options.before?.disk ?? new Disk();
    this.promises = options.before?.promises ?? nothingPromised;
    for (const id of options.config.members ?? []) this.boot(id);
  }

  server(id: MemberId = this.options.member): Server {
    const server = this.servers.get(id);
    if (server === undefined) throw new Error(`there is no n${id}`);
    return server;
  }

  /** Anybody's input; messages and operations that come of it wait. */
  input(id: MemberId, input: Input): void {
    this.take(id, this.server(id).handle(input, this.now));
  }

  /** A client asks, and goes on before it is answered one time in four. */
  ask(id: MemberId, line: string | Request, place: number): void {
    this.input(id, {kind: "request", stream: 0, id: place, request: request(line)});
    const isPatient = this.below(4) > 0;
    for (
      let turns = 0;
      this.below(3) > 0 || (isPatient && !this.responses.has(place) && turns < 200);
      turns++
    )
      this.goOn();
  }

  /** Time passes, and who waits for it wakes. */
  pass(by: Micros): void {
    this.now += by;
    for (const [id, server] of this.servers)
      if ((server.deadline() ?? Infinity) <= this.now) this.input(id, {kind: "wake"});
  }

  /** Lets everything go on until all is quiet. */
  settle(): void {
    while (this.goOn());
  }

  /** Answers that were no errors. */
  get successes(): number {
    return [...this.responses.values()].filter(({result}) => result.kind !== "error").length;
  }

  private boot(id: MemberId): void {
    const isRecorded = id === this.options.member;
    const disk = isRecorded ? this.disk : new Disk();
    const booted = boot({
      config: serverConfig(id, this.options.config),
      version: soundVersion,
      disk,
      draw: (stream) => (stream === "nonce" ? id + 10 * (this.options.before?.count ?? 0) : 0),
    });
    this.servers.set(id, booted.server);
    this.take(id, booted.effects);
  }

  /** The next message, or one of the operations whose turn it may be: by luck. False when there is nothing. */
  private goOn(): boolean {
    const first = new Map<string, DiskEffect>();
    for (const one of this.underway) {
      const lane = Disk.laneOf(one.do);
      if (!first.has(lane)) first.set(lane, one);
    }
    const choices = [...first.values()].filter((one) => !this.holds(one.do));
    const place = this.below(Math.max(1, choices.length + Math.min(1, this.wire.length)));
    const chosen = choices[place];
    if (chosen !== undefined) this.complete(chosen);
    else return this.deliver();
    return true;
  }

  private deliver(): boolean {
    const delivery = this.wire.shift();
    if (delivery === undefined) return false;
    const {to, input} = delivery;
    const isLost =
      input.kind === "message" && (this.cut.has(to) || this.cut.has(input.from) || this.loses(input.message));
    if (!isLost) {
      if (to === this.options.member && input.kind === "message") this.listen(input.message);
      this.input(to, input);
    }
    if (input.kind === "message" && input.message.kind === "InstallSnapshot") {
      const what = isLost ? "snapshotFailed" : "snapshotDone";
      this.wire.push({to: input.from, input: {kind: "report", to, what}});
    }
    return true;
  }

  private complete(done: DiskEffect): void {
    const {op, do: what} = done;
    this.underway = this.underway.filter((one) => one !== done);
    if (!this.forgotten.delete(op)) {
      if (this.disk.complete(op) !== "done") throw new Error("the disk failed");
      this.see({kind: "done", op: what});
    }
    this.input(this.options.member, {kind: "diskDone", op});
  }

  private take(from: MemberId, effects: readonly Effect[]): void {
    const isRecorded = from === this.options.member;
    this.options.truth.note(this.server(from));
    if (isRecorded) this.notePromises(effects);
    for (const effect of effects) {
      if (effect.kind === "exit") throw new Error(effect.reason.id);
      if (effect.kind === "send")
        this.wire.push({to: effect.to, input: {kind: "message", from, message: effect.message}});
      if (effect.kind === "respond") this.responses.set(effect.id, effect.response);
      if (effect.kind !== "disk") continue;
      if (isRecorded) this.submit(effect);
      else this.wire.push({to: from, input: {kind: "diskDone", op: effect.op}});
    }
  }

  private submit(effect: DiskEffect): void {
    const {op, do: what} = effect;
    this.underway.push(effect);
    this.asked.push(what);
    const actor = op % actors.length;
    const before = this.last.get(actor);
    this.last.set(actor, what);
    if (this.options.forgets?.(what, before) === true) {
      this.forgotten.add(op);
      return;
    }
    this.disk.submit(op, what);
    this.see({kind: "asked", op: what});
  }

  private see(event: DiskEvent | undefined): void {
    const {disk, promises} = this;
    this.options.see({disk, promises, event});
  }

  /** What leaves in one go is promised before any operation that is asked for along with it. */
  private notePromises(effects: readonly Effect[]): void {
    const before = this.promises;
    for (const effect of effects) {
      if (effect.kind === "send") this.notePromise(effect.message);
      if (effect.kind !== "respond" || effect.response.result.kind === "error") continue;
      this.promises = inTerm(answered(this.promises, this.lastApplied()), effect.response.header.raftTerm);
    }
    if (this.promises !== before) this.see(undefined);
  }

  private lastApplied(): EntryId {
    const {raft, appliedIndex: index} = this.server();
    return {index, term: raft.termAt(index) ?? -1};
  }

  private notePromise(message: PeerMessage): void {
    if (!isRaftMessage(message)) return;
    const {kind, to, term} = message;
    // Who asks for votes will not ask again in that term with another log, nor vote for another.
    if (kind === "RequestVote") this.promises = voted(this.promises, term, message.from);
    if (kind === "RequestVoteResponse" && message.voteGranted) this.promises = voted(this.promises, term, to);
    if (kind !== "AppendEntriesResponse" || !message.success) return;
    const {index} = message;
    const entryTerm = this.told.get(term)?.get(index);
    if (entryTerm === undefined) throw new Error(`nobody told of entry ${index} in term ${term}`);
    this.promises = holds(this.promises, term, {index, term: entryTerm});
  }

  private listen(message: PeerMessage): void {
    if (!isRaftMessage(message)) return;
    const {term} = message;
    const told = this.told.get(term) ?? new Map<Index, Term>();
    this.told.set(term, told);
    if (message.kind === "InstallSnapshot") told.set(message.snapshot.index, message.snapshot.term);
    if (message.kind !== "AppendEntries") return;
    told.set(message.prevLogIndex, message.prevLogTerm);
    for (const entry of message.entries) told.set(entry.index, entry.term);
  }

  private below(bound: number): number {
    return this.draws.next(this.luck, bound);
  }
}
