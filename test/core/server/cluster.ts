// A tiny world for the server's tests: three members, messages and disk operations first in, first out, time that
// stands until a test moves it. Who sent a snapshot is told what became of it. No luck: election timeouts are the least,
// plus the member's id.

import {boot} from "../../../core/server/boot.ts";
import type {ServerConfig} from "../../../core/server/config.ts";
import {soundVersion} from "../../../core/server/config.ts";
import type {Effect, Input} from "../../../core/server/io.ts";
import type {PeerMessage} from "../../../core/server/peer.ts";
import type {Request, Response} from "../../../core/server/request.ts";
import type {Server} from "../../../core/server/server.ts";
import type {DiskOp} from "../../../core/storage/disk.ts";
import {parseCommand} from "../../../core/client/command.ts";
import {MemoryDisk, nothingKept} from "../storage/memoryDisk.ts";

export const ms = 1000;
export const requestTimeout = 5000 * ms;
export const readIndexRetry = 500 * ms;
export const watchSyncEvery = 100 * ms;

type Delivery = {readonly to: number; readonly input: Input};
type DiskWork = Effect & {readonly kind: "disk"};

export class Cluster {
  readonly servers = new Map<number, Server>();
  readonly disks = new Map<number, MemoryDisk>();
  /** In order of arrival at the clients. */
  readonly responses: {
    readonly from: number;
    readonly stream: number;
    readonly id: number;
    readonly response: Response;
  }[] = [];
  readonly effects: {readonly from: number; readonly effect: Effect}[] = [];
  /** Members whose messages reach nobody, and who get none. */
  readonly isolated = new Set<number>();
  /** Which messages are lost besides. */
  loses: (message: PeerMessage) => boolean = () => false;
  /** Members whose disk does nothing for now. */
  readonly stalled = new Set<number>();
  /** Which operations of a member's disk are held back, and those that are. */
  private readonly holding = new Map<number, {readonly which: (op: DiskOp) => boolean; ops: DiskWork[]}>();
  /** Streams that take their responses as they come; others take one and stop. */
  readonly eager = new Set<number>();
  now = 0;
  private readonly config: Partial<ServerConfig>;
  private readonly wire: Delivery[] = [];
  private readonly diskWork = new Map<number, DiskWork[]>();
  private nonce = 0;

  constructor(config: Partial<ServerConfig> = {}, members: readonly number[] = [1, 2, 3]) {
    this.config = {members, ...config};
    for (const id of [...members, ...(config.learners ?? [])]) this.start(id);
  }

  /** Operations that were asked for, or will be, wait until {@link release}. */
  hold(id: number, which: (op: DiskOp) => boolean): void {
    const waiting = this.diskWork.get(id)?.splice(0) ?? [];
    this.holding.set(id, {which, ops: []});
    for (const work of waiting) this.submit(id, work);
  }

  release(id: number): void {
    const ops = this.holding.get(id)?.ops ?? [];
    this.holding.delete(id);
    for (const work of ops) this.submit(id, work);
  }

  /** The process is down at once, and the power is not: what was not synced can still be read, and still be lost. */
  kill(id: number): void {
    this.servers.delete(id);
    this.diskWork.set(id, []);
    this.holding.delete(id);
  }

  /** A server that was not there before, with an empty disk. */
  start(id: number): void {
    this.disks.set(id, new MemoryDisk());
    this.boot(id);
  }

  server(id: number): Server {
    const server = this.servers.get(id);
    if (server === undefined) throw new Error(`n${id} is down`);
    return server;
  }

  disk(id: number): MemoryDisk {
    const disk = this.disks.get(id);
    if (disk === undefined) throw new Error(`there is no n${id}`);
    return disk;
  }

  boot(id: number): void {
    const booted = boot({
      config: serverConfig(id, this.config),
      version: soundVersion,
      disk: this.disk(id),
      draw: (stream) => (stream === "nonce" || stream === "lease" ? ++this.nonce : id),
    });
    this.servers.set(id, booted.server);
    this.diskWork.set(id, []);
    this.take(id, booted.effects);
  }

  /** Down at once; of what was not synced, `kept` stays. */
  crash(id: number, kept = nothingKept): void {
    this.servers.delete(id);
    this.disks.set(id, this.disk(id).crash(kept));
    this.diskWork.set(id, []);
    this.holding.delete(id);
  }

  input(id: number, input: Input): void {
    const server = this.servers.get(id);
    if (server !== undefined) this.take(id, server.handle(input, this.now));
  }

  /** Lets messages and disks go on until all is quiet. */
  run(): void {
    for (let turns = 0; turns < 10_000; turns++) if (!this.next()) return;
    throw new Error("the cluster does not come to rest");
  }

  /** The next message, or the next disk operation; false when all is quiet. */
  next(): boolean {
    return this.deliver() || this.completeDisks();
  }

  /** Makes n1 (or another) leader of a new term. */
  elect(id = 1): void {
    this.input(id, {kind: "timeout"});
    this.run();
  }

  /** A client asks; returns once all is quiet. */
  ask(
    id: number,
    line: string | Request,
    at: {readonly stream?: number; readonly id?: number; readonly token?: string} = {},
  ): Response | undefined {
    const before = this.responses.length;
    const metadata = at.token === undefined ? {} : {metadata: {token: at.token}};
    const asked = {stream: at.stream ?? 0, id: at.id ?? 0, request: request(line), ...metadata};
    this.input(id, {kind: "request", ...asked});
    this.run();
    return this.responses[before]?.response;
  }

  /** Time passes, without ticks; members wake when they want to. */
  pass(by: number): void {
    const until = this.now + by;
    for (;;) {
      const due = [...this.servers].map(([id, server]) => ({id, at: server.deadline() ?? Infinity}));
      const next = due.sort((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > until) break;
      this.now = Math.max(this.now, next.at);
      this.input(next.id, {kind: "wake"});
      this.run();
    }
    this.now = until;
  }

  tick(times = 1): void {
    for (let i = 0; i < times; i++) {
      for (const id of [...this.servers.keys()].sort((a, b) => a - b)) this.input(id, {kind: "tick"});
      this.run();
    }
  }

  /** Responses on a stream. */
  on(stream: number): readonly Response[] {
    return this.responses.filter((one) => one.stream === stream).map((one) => one.response);
  }

  private deliver(): boolean {
    const delivery = this.wire.shift();
    if (delivery === undefined) return false;
    const {to, input} = delivery;
    const isCut =
      input.kind === "message" &&
      (this.isolated.has(to) || this.isolated.has(input.from) || this.loses(input.message));
    if (!isCut) this.input(to, input);
    if (input.kind === "message" && input.message.kind === "InstallSnapshot") {
      const arrived = !isCut && this.servers.has(to);
      const what = arrived ? "snapshotDone" : "snapshotFailed";
      this.wire.push({to: input.from, input: {kind: "report", to, what}});
    }
    return true;
  }

  private submit(id: number, work: DiskWork): void {
    const holding = this.holding.get(id);
    if (holding?.which(work.do) === true) holding.ops.push(work);
    else this.diskWork.get(id)?.push(work);
  }

  private completeDisks(): boolean {
    for (const [id, work] of this.diskWork) {
      const next = this.stalled.has(id) ? undefined : work.shift();
      if (next === undefined) continue;
      this.disk(id).do(next.do);
      this.input(id, {kind: "diskDone", op: next.op});
      return true;
    }
    return false;
  }

  private take(from: number, effects: readonly Effect[]): void {
    for (const effect of effects) {
      this.effects.push({from, effect});
      if (effect.kind === "send")
        this.wire.push({to: effect.to, input: {kind: "message", from, message: effect.message}});
      if (effect.kind === "disk") this.submit(from, effect);
      if (effect.kind !== "respond") continue;
      this.responses.push({from, stream: effect.stream, id: effect.id, response: effect.response});
      if (this.eager.has(effect.stream))
        this.wire.push({to: from, input: {kind: "streamReady", stream: effect.stream, room: 1}});
    }
  }
}

export function serverConfig(id: number, given: Partial<ServerConfig> = {}): ServerConfig {
  return {
    id,
    members: [1, 2, 3],
    learners: [],
    preVote: false,
    checkQuorum: false,
    snapshotEvery: 0,
    snapshotKeep: 5,
    electionTicks: 10,
    heartbeatTicks: 1,
    inflightMax: 64,
    messageBytesMax: 65536,
    pausePoints: [],
    watchChannelMax: 128,
    watchSyncEvery,
    requestTimeout,
    readIndexRetry,
    txnOpsMax: 128,
    requestBytesMax: 1572864,
    walSegmentBytes: 4096,
    snapshotFilesMax: 2,
    pageBytes: 512,
    quotaBytes: 0,
    commitEvery: 100 * ms,
    commitOpsMax: 10_000,
    compactionBatch: 1000,
    compactionSleep: 10 * ms,
    applyGapMax: 5000,
    watchVictimEvery: 10 * ms,
    watchSyncWatchersMax: 512,
    watchBatchRevisionsMax: 1000,
    progressNotifyEvery: 600_000 * ms,
    leaseCheckEvery: 500 * ms,
    leaseRevokesMax: 500,
    leaseRevokesPending: 16,
    leaseCheckpointEvery: 0,
    strictReconfig: true,
    healthInterval: 0,
    autoCompactEvery: 0,
    autoCompactRevisions: 0,
    corruptCheckEvery: 0,
    compactHashCheckEvery: 0,
    initialCorruptCheck: false,
    authTokenTtl: 300_000 * ms,
    tick: 10 * ms,
    ...given,
  };
}

/** A cluster that n1 leads. */
export function led(
  config: ConstructorParameters<typeof Cluster>[0] = {},
  members?: readonly number[],
): Cluster {
  const cluster = new Cluster(config, members);
  cluster.run();
  cluster.elect();
  return cluster;
}

export function request(line: string | Request): Request {
  if (typeof line !== "string") return line;
  const parsed = parseCommand(line);
  if (!parsed.ok || parsed.value.kind !== "request") throw new Error(`${line}: not a request`);
  return parsed.value.request;
}

/** The error's text of a response, if it is one. */
export function errorOf(response: Response | undefined): string | undefined {
  return response?.result.kind === "error" ? response.result.error.message : undefined;
}

/** `x=1@2` for every pair of a range's answer. */
export function pairsOf(response: Response | undefined): string | undefined {
  if (response?.result.kind !== "range") return undefined;
  return response.result.kvs
    .map((kv) => `${kv.key}=${String.fromCharCode(...kv.value)}@${kv.modRevision}`)
    .join(" ");
}

/** `put x@2` for every event of a watch response. */
export function eventsOf(response: Response | undefined): readonly string[] {
  if (response?.result.kind !== "watch") return [];
  return response.result.events.map((event) => `${event.kind} ${event.kv.key}@${event.kv.modRevision}`);
}
