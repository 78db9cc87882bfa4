// The append actor: brings append work to the disk and says what it allows once that is durable (law 3: what must wait
// is held inside). Work arrives in order; all that waits goes out as one batch, and only when it is durable are the
// storage, the receipts and the messages of that work released, in order.
//
//   submit ──▶ queue ──▶ (files of a snapshot) ──▶ (pause at raftBeforeSave) log ──diskDone──▶ released
//
// A snapshot from another member comes as two files before it comes into the log: its state and what it stands for
// (etcd rafthttp/snapshot handler, etcdserver/storage.go SaveSnap). Without them the log's record means nothing.

import type {Hasher} from "../base/hasher.ts";
import {digestEntry, digestMessage, digestSnapshot} from "../raft/digest.ts";
import type {AppendWork} from "../raft/ready.ts";
import type {Snapshot} from "../raft/snapshot.ts";
import type {DiskStep} from "../storage/disk.ts";
import {saveSnapDbSteps, saveSnapSteps} from "../storage/snapFile.ts";
import type {SnapshotMark} from "../storage/snapshotMark.ts";
import type {Wal, WalBatch} from "../storage/wal.ts";
import type {WorkStep, WorkTurn} from "./diskWork.ts";
import {DiskWork} from "./diskWork.ts";
import type {Point} from "./io.ts";
import {serverRules, type ServerRules} from "./rules.ts";

/** What goes into the log: raft's work, or the mark of a snapshot that this member made itself. */
export type AppendItem =
  | {readonly kind: "work"; readonly work: AppendWork}
  | {readonly kind: "mark"; readonly mark: SnapshotMark};

/** A turn of the actor; `released`: durable now, in order. */
export type AppendTurn =
  | Exclude<WorkTurn, {kind: "done"}>
  | {readonly kind: "released"; readonly items: readonly AppendItem[]};

export class AppendActor {
  readonly wal: Wal;
  private readonly work: DiskWork;
  private readonly rules: ServerRules;
  private queue: readonly AppendItem[] = [];
  private inFlight: readonly AppendItem[] = [];
  private opened = false;

  constructor(wal: Wal, work: DiskWork, rules: ServerRules) {
    this.wal = wal;
    this.work = work;
    this.rules = rules;
  }

  /** Opens the log; `tidy`: what goes before anything new is written. */
  static opening(
    wal: Wal,
    tidy: readonly DiskStep[],
    pausePoints: readonly Point[],
    rules = serverRules,
  ): AppendActor {
    const actor = new AppendActor(wal, new DiskWork("append", pausePoints), rules);
    actor.work.start([...wal.open(), ...tidy]);
    return actor;
  }

  /**
   * Whether all that was read from the log at boot is durable. If only the process was down it need not have been, and
   * nothing may rest on it before: no commit, no file that takes the backend's place, no purge.
   */
  get isOpen(): boolean {
    return this.opened;
  }

  /** Items that are not durable yet. */
  get length(): number {
    return this.queue.length + this.inFlight.length;
  }

  submit(item: AppendItem): void {
    this.queue = [...this.queue, item];
  }

  /** Goes on as far as it can without the disk. To be called until it answers "none". */
  next(): AppendTurn {
    if (this.work.idle) {
      if (this.queue.length === 0) return {kind: "none"};
      this.inFlight = this.queue;
      this.queue = [];
      this.work.start(this.stepsOf(this.inFlight));
    }
    const turn = this.work.next();
    if (turn.kind !== "done") return turn;
    this.wal.settled();
    this.opened = true;
    const items = this.inFlight;
    this.inFlight = [];
    return {kind: "released", items};
  }

  turn(): void {
    this.work.turn();
  }

  completed(op: number): boolean {
    return this.work.completed(op);
  }

  fork(): AppendActor {
    const twin = new AppendActor(this.wal.fork(), this.work.fork(), this.rules);
    twin.queue = this.queue;
    twin.inFlight = this.inFlight;
    twin.opened = this.opened;
    return twin;
  }

  digest(into: Hasher): void {
    into.bool(this.opened);
    this.wal.digest(into);
    this.work.digest(into);
    for (const list of [this.inFlight, this.queue]) {
      into.int(list.length);
      for (const item of list) digestItem(item, into);
    }
  }

  private stepsOf(items: readonly AppendItem[]): readonly WorkStep[] {
    const files: WorkStep[] = [];
    for (const item of items) if (item.kind === "work") files.push(...filesOf(item.work.snapshot));
    const written = this.wal.append(items.map(batchOf));
    const log: WorkStep[] = written.length > 0 ? ["raftBeforeSave", ...written, "raftAfterSave"] : [];
    return this.rules.mustSaveFilesFirst() ? [...files, ...log] : [...log, ...files];
  }
}

function filesOf(snapshot: Snapshot | undefined): readonly WorkStep[] {
  if (snapshot === undefined) return [];
  const files: readonly DiskStep[] = [
    ...saveSnapDbSteps(snapshot.index, snapshot.data),
    ...saveSnapSteps(snapshot),
  ];
  return ["raftBeforeSaveSnap", ...files, "raftAfterSaveSnap"];
}

function batchOf(item: AppendItem): WalBatch {
  if (item.kind === "mark") return {snapshot: item.mark, entries: [], hardState: undefined, mustSync: true};
  const {snapshot, entries, hardState, mustSync} = item.work;
  return {snapshot, entries, hardState, mustSync};
}

function digestItem(item: AppendItem, into: Hasher): void {
  into.bool(item.kind === "mark");
  if (item.kind === "work") return digestWork(item.work, into);
  into.int(item.mark.index);
  into.int(item.mark.term);
}

function digestWork(work: AppendWork, into: Hasher): void {
  into.bool(work.mustSync);
  into.int(work.hardState?.term ?? -1);
  into.int(work.hardState?.votedFor ?? -1);
  into.int(work.hardState?.commit ?? -1);
  into.bool(work.snapshot !== undefined);
  if (work.snapshot !== undefined) digestSnapshot(work.snapshot, into);
  into.int(work.entries.length);
  for (const entry of work.entries) digestEntry(entry, into);
  into.int(work.messages.length);
  for (const message of work.messages) digestMessage(message, into);
  into.int(work.receipt?.term ?? -1);
  into.int(work.receipt?.last?.index ?? 0);
  into.int(work.receipt?.last?.term ?? 0);
}
