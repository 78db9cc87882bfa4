// What a run made happen, counted from outside: a soak in which something never happened says nothing about it.

import {serverWords} from "../../../core/server/words.ts";
import {actors, points} from "../../../core/server/io.ts";
import type {Point} from "../../../core/server/io.ts";
import {damageKinds} from "../../../sim/fault/damage.ts";
import type {Action} from "../../../sim/action.ts";
import type {Checker} from "../../../sim/check/checker.ts";
import type {EventRecord} from "../../../sim/event.ts";
import type {MemberView, WorldView} from "../../../sim/view.ts";
import {Counters} from "../features.ts";

/** Why a member refuses to go on, in a survivable run. */
const refusals = [
  "storage/walCorrupt",
  "storage/backendDamaged",
  "server/diskFailed",
  "storage/unreadable",
] as const;

/** All else that a member may say when it refuses: with a rotten disk, and seldom. */
const rareRefusals = Object.keys(serverWords).filter((id) => !refusals.some((one) => one === id));

const crashes = [
  "blackout",
  "crash",
  "crash/withinWork",
  "crash/kept",
  "crash/tore",
  "crash/lost",
  "crash/undidNames",
] as const;

const files = [
  "segmentCut",
  "segmentPurged",
  "tailCleared",
  "snapshotMade",
  "snapshotPurged",
  "snapshotReceived",
  "snapshotInstalled",
  "backendCommit",
  "compactionBatch",
  "defragmented",
] as const;

/** Of faults, what is told apart. */
const struckBy = [
  "cut",
  "oneWay",
  "split",
  "loss",
  "crash",
  "pause",
  "timeout",
  "loseUnsynced",
  "tearUnsynced",
  "loseNames",
  "slow",
  "stall",
] as const;

const operations = ["operation/ok", "operation/unknown", "operation/failed"] as const;

/** What is counted, and need not happen. */
export const rareFeatures: readonly string[] = rareRefusals.map((id) => `refused/${id}`);

/** Everything that is counted. */
export const diskFeatures: readonly string[] = [
  ...operations,
  ...[...struckBy, ...damageKinds, "mend"].map((kind) => `fault/${kind}`),
  ...crashes,
  ...refusals.map((id) => `refused/${id}`),
  ...files,
  ...actors.map((actor) => `turn/${actor}`),
  ...points.map((point) => `pausedAt/${point}`),
  ...rareFeatures,
];

/** What was seen of a member's backend last. */
interface Seen {
  readonly incarnation: number;
  readonly version: number;
  readonly compactQueue: number;
}

/** Looks on as a check does, and never fails. */
export class Tally implements Checker {
  readonly name = "Tally";
  readonly counters = new Counters<string>(diskFeatures);
  private readonly alone: Point | undefined;
  private readonly seen = new Map<number, Seen>();
  private readonly refused = new Set<string>();

  /** With one point to pause at, every turn is that point's. */
  constructor(pausePoints: readonly Point[]) {
    this.alone = pausePoints.length === 1 ? pausePoints[0] : undefined;
  }

  exercised(): number {
    return 1;
  }

  fork(): this {
    return this;
  }

  after(view: WorldView, {payload, changes}: EventRecord): undefined {
    for (const change of changes) {
      if (change.kind === "fault") this.struck(view, change.action);
      else if (change.kind === "died") this.died(view, change.member, change.said?.id);
    }
    if (payload.kind === "turn") {
      this.counters.count(`turn/${payload.actor}`);
      if (this.alone !== undefined) this.counters.count(`pausedAt/${this.alone}`);
    } else if (payload.kind === "diskDone") {
      const name = fileWork(payload.what, payload.file);
      if (name !== undefined) this.counters.count(name);
      const member = view.members[payload.member - 1];
      if (payload.file === "db" && member !== undefined) this.lookAt(member);
    }
  }

  /** Of the whole history. */
  history({operations: asked}: WorldView): void {
    for (const {request, outcome} of asked) {
      if (request.kind === "watchCreate" || outcome === undefined) continue;
      if (outcome.kind === "ok" && request.kind === "defragment") this.counters.count("defragmented");
      this.counters.count(
        `operation/${outcome.kind === "ok" || outcome.kind === "unknown" ? outcome.kind : "failed"}`,
      );
    }
  }

  private struck(view: WorldView, action: Action): void {
    if (action.kind === "disk") return this.counters.count(`fault/${action.fault.kind}`);
    if (action.kind === "cut")
      return this.counters.count(action.oneWay === true ? "fault/oneWay" : "fault/cut");
    if (action.kind === "crash") {
      this.counters.count("fault/crash");
      if (view.members.every(({server}) => server === undefined)) this.counters.count("blackout");
      return this.crashed(memberNamed(view, action.member));
    }
    if (
      action.kind === "split" ||
      action.kind === "loss" ||
      action.kind === "pause" ||
      action.kind === "timeout"
    )
      this.counters.count(`fault/${action.kind}`);
  }

  /** `why`: undefined for a failed assertion. */
  private died(view: WorldView, id: number, why: string | undefined): void {
    this.crashed(view.members[id - 1]);
    const who = `${id} ${why}`;
    if (why === undefined || this.refused.has(who)) return;
    this.counters.count(`refused/${why}`);
    this.refused.add(who);
  }

  private crashed(member: MemberView | undefined): void {
    const loss = member?.disk.lastCrash;
    if (loss === undefined) return;
    this.counters.count("crash");
    if (loss.underway > 0) this.counters.count("crash/withinWork");
    if (loss.kept > 0) this.counters.count("crash/kept");
    if (loss.torn > 0) this.counters.count("crash/tore");
    if (loss.lost > 0) this.counters.count("crash/lost");
    if (loss.namesLost > 0) this.counters.count("crash/undidNames");
  }

  /** Looks at a member's backend after an operation on its file was done. */
  private lookAt({id, incarnation, server}: MemberView): void {
    if (server === undefined) return;
    const {compactQueue} = server;
    const {version} = server.backend;
    const before = this.seen.get(id);
    this.seen.set(id, {incarnation, version, compactQueue});
    if (before?.incarnation !== incarnation) return;
    if (version > before.version) this.counters.count("backendCommit");
    if (compactQueue < before.compactQueue) this.counters.count("compactionBatch");
  }
}

function memberNamed(view: WorldView, name: string): MemberView | undefined {
  return view.members[Number(name.slice(1)) - 1];
}

/** What the completion of an operation on a file is, if anything that is counted. A rename is told by the old name. */
function fileWork(what: string, file: string): string | undefined {
  if (what === "truncate" && file.endsWith(".wal")) return "tailCleared";
  if (what === "unlink" && file.endsWith(".wal")) return "segmentPurged";
  if (what === "unlink" && file.endsWith(".snap")) return "snapshotPurged";
  if (what !== "rename") return undefined;
  if (file === "next.wal.tmp") return "segmentCut";
  if (file.endsWith(".snap.db.tmp")) return "snapshotReceived";
  if (file.endsWith(".snap.tmp")) return "snapshotMade";
  return file.endsWith(".snap.db") ? "snapshotInstalled" : undefined;
}
