// The actors that serve watches, around the watchers (core/watch): one lets unsynced watchers catch up, one moves victims
// on, one tells progress, one sends. And who ends watches that would rather have no answer than one of a member that
// knows no leader (etcd server/etcdserver/api/v3rpc/interceptor.go, monitorLeader).

import {unreachable} from "../base/assert.ts";
import type {Hasher} from "../base/hasher.ts";
import {noMember, sooner, type MemberId, type Micros} from "../base/quantity.ts";
import {responseOverhead} from "../watch/fragments.ts";
import type {WatchCreateRequest} from "../watch/watch.ts";
import type {WatchCreateWith, WatchLimits, Watchers} from "../watch/watchers.ts";
import type {ServerConfig} from "./config.ts";
import type {Actor, Point} from "./io.ts";
import type {Draw} from "./parts.ts";
import type {Asker} from "./proposals.ts";
import {Rounds} from "./rounds.ts";
import {WatchProgress} from "./watchProgress.ts";
import {WatchSend, type Delivered} from "./watchSend.ts";

/** The actors of this file, and where each may pause. */
const pauseOf = {
  watchSync: "beforeSyncWatchers",
  watchVictims: "beforeMoveVictims",
  watchProgress: "beforeProgressIfSync",
  watchSend: "beforeSendWatchResponse",
} as const satisfies Partial<Record<Actor, Point>>;

export type WatchActor = keyof typeof pauseOf;

export function isWatchActor(actor: Actor): actor is WatchActor {
  return Object.hasOwn(pauseOf, actor);
}

/** After a round in which some caught up the next one comes so much sooner. etcd waits for as long as the round took. */
const hurry = 10;

/** Election timeouts without a leader after which watches that require one are ended. etcd: maxNoLeaderCnt. */
const leaderlessMax = 3;

/** What watches come to at one time. */
export interface WatchStep {
  readonly delivered: readonly Delivered[];
  readonly pauses: readonly {readonly actor: WatchActor; readonly at: Point}[];
}

const nothing: WatchStep = {delivered: [], pauses: []};

export function watchLimitsOf(config: ServerConfig): WatchLimits {
  return {
    channelMax: config.watchChannelMax,
    syncWatchersMax: config.watchSyncWatchersMax,
    batchRevisionsMax: config.watchBatchRevisionsMax,
    responseBytesMax: config.requestBytesMax + responseOverhead,
  };
}

export class Watches {
  private readonly config: ServerConfig;
  private sync: Rounds;
  private victims: Rounds;
  private progress: WatchProgress;
  private send: WatchSend;
  /** Since when the member has known no leader. */
  private leaderlessSince: Micros | undefined;

  constructor(config: ServerConfig) {
    this.config = config;
    const loop = (actor: WatchActor): Rounds => new Rounds(this.pausesIn(actor));
    this.sync = loop("watchSync");
    this.victims = loop("watchVictims");
    this.progress = new WatchProgress(config.progressNotifyEvery, loop("watchProgress"));
    this.send = new WatchSend(this.pausesIn("watchSend"));
  }

  /** A client opens a watch. Draws from "progress" if it is the stream's first one that wants to be told. */
  create(
    watchers: Watchers,
    {stream, id}: Asker,
    request: WatchCreateRequest,
    asked: Omit<WatchCreateWith, "request">,
    {now, draw}: {readonly now: Micros; readonly draw: Draw},
  ): void {
    this.send.open(stream);
    const watchId = watchers.create(stream, request, {...asked, request: id});
    if (watchId !== undefined && request.progressNotify === true)
      this.progress.add(stream, watchId, now, draw);
  }

  /** A client asks how far the watches of its stream are. */
  askProgress(asker: Asker): void {
    this.progress.ask(asker);
  }

  addCredit(stream: number, room: number): void {
    this.send.addCredit(stream, room);
  }

  close(stream: number): void {
    this.send.close(stream);
    this.progress.close(stream);
  }

  deadline(watchers: Watchers): Micros | undefined {
    const rounds = sooner(sooner(this.sync.deadline(), this.victims.deadline()), this.progress.deadline());
    return sooner(rounds, this.leaderlessUntil(watchers));
  }

  wake(now: Micros): void {
    this.sync.wake(now);
    this.victims.wake(now);
    this.progress.wake(now);
  }

  turn(actor: WatchActor): void {
    switch (actor) {
      case "watchSync":
        return this.sync.turn();
      case "watchVictims":
        return this.victims.turn();
      case "watchProgress":
        return this.progress.turn();
      case "watchSend":
        return this.send.turn();
      default:
        return unreachable(actor);
    }
  }

  /** Makes the rounds whose time it is, sends what the clients have room for, and sees which rounds are needed next. */
  step(watchers: Watchers, leader: MemberId, now: Micros): WatchStep {
    this.lookForLeader(watchers, leader, now);
    // So it is after most inputs.
    if (watchers.isQuiet && this.rests) return nothing;
    const caughtUp = this.syncIfDue(watchers);
    if (this.victims.takeRound()) watchers.moveVictims();
    this.progress.runIfDue(watchers, now);
    const {delivered, pauses: pausesToSend} = this.send.step(watchers);
    for (const {stream, result} of delivered)
      if (result.events.length > 0) this.progress.sent(stream, result.watchId);
    const {watchSyncEvery, watchVictimEvery} = this.config;
    const syncEvery = caughtUp ? Math.ceil(watchSyncEvery / hurry) : watchSyncEvery;
    this.sync.armBy(watchers.needsSync ? now + syncEvery : undefined);
    this.victims.armBy(watchers.needsMoveVictims ? now + watchVictimEvery : undefined);
    const pausing: WatchActor[] = [];
    if (this.sync.takePause()) pausing.push("watchSync");
    if (this.victims.takePause()) pausing.push("watchVictims");
    if (this.progress.takePause()) pausing.push("watchProgress");
    if (pausesToSend) pausing.push("watchSend");
    return {delivered, pauses: pausing.map((actor) => ({actor, at: pauseOf[actor]}))};
  }

  fork(): Watches {
    const twin = new Watches(this.config);
    twin.sync = this.sync.fork();
    twin.victims = this.victims.fork();
    twin.progress = this.progress.fork();
    twin.send = this.send.fork();
    twin.leaderlessSince = this.leaderlessSince;
    return twin;
  }

  digest(into: Hasher, watchers: Watchers, now: Micros): void {
    this.sync.digest(into, now);
    this.victims.digest(into, now);
    this.progress.digest(into, now);
    this.send.digest(into);
    into.int((this.leaderlessUntil(watchers) ?? now - 1) - now);
  }

  /** Whether no round is due and nothing is being sent. */
  private get rests(): boolean {
    return this.sync.idle && this.victims.idle && this.progress.asleep && this.send.rests;
  }

  private pausesIn(actor: WatchActor): boolean {
    return this.config.pausePoints.includes(pauseOf[actor]);
  }

  /** Whether a round was made in which some caught up, and not all. */
  private syncIfDue(watchers: Watchers): boolean {
    if (!this.sync.takeRound()) return false;
    const before = watchers.unsynced;
    watchers.sync();
    return watchers.unsynced > 0 && watchers.unsynced < before;
  }

  private lookForLeader(watchers: Watchers, leader: MemberId, now: Micros): void {
    if (leader !== noMember) this.leaderlessSince = undefined;
    else this.leaderlessSince ??= now;
    const until = this.leaderlessUntil(watchers);
    if (until !== undefined && until <= now) watchers.cancelWithoutLeader();
  }

  /** When the watches that require a leader end, unless one is found. */
  private leaderlessUntil(watchers: Watchers): Micros | undefined {
    if (this.leaderlessSince === undefined || !watchers.requiresLeader) return undefined;
    const {tick, electionTicks} = this.config;
    return this.leaderlessSince + leaderlessMax * electionTicks * tick;
  }
}
