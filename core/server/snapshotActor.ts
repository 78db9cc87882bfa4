// The snapshot actor: now and then a member notes up to where its log is in the backend file, so that the log before it
// may go (etcd server/etcdserver/server.go, snapshot; storage.go, SaveSnap and Release).
//
//   enough applied ──▶ commit ──▶ (snapshotBeforeSave) snapshot file ──▶ mark in the log ──▶ the log in memory is compacted
//                                    ──▶ (raftBeforeWALRelease) old snapshot files and segments go (raftAfterWALRelease)
//
// The order is what recovery relies on: a snapshot file stands for nothing that is not committed, a mark in the log means a
// file that is there, and nothing is thrown away that the oldest snapshot kept still needs.

import type {Hasher} from "../base/hasher.ts";
import {digestSnapshot} from "../raft/digest.ts";
import {noData} from "../raft/entry.ts";
import type {Index} from "../raft/entry.ts";
import type {DiskOp} from "../storage/disk.ts";
import {snapDbFileName, snapFileName} from "../storage/files.ts";
import {saveSnapSteps} from "../storage/snapFile.ts";
import type {SnapshotMark} from "../storage/snapshotMark.ts";
import type {Wal} from "../storage/wal.ts";
import type {CommitActor} from "./commitActor.ts";
import type {WorkTurn} from "./diskWork.ts";
import {DiskWork} from "./diskWork.ts";
import type {Point} from "./io.ts";
import {serverRules, type ServerRules} from "./rules.ts";

export interface SnapshotLimits {
  /** Applied entries between two snapshots; 0: none is made. */
  readonly every: number;
  /** Entries kept in memory behind one, so that a follower that is only a little late need not take all of the state. */
  readonly keep: number;
  /** Snapshot files that are kept. */
  readonly filesMax: number;
}

/** A snapshot file that is there. */
export type SnapshotFile = Pick<SnapshotMark, "index" | "term">;

type Stage =
  | {readonly kind: "asleep"}
  | {readonly kind: "committing"; readonly mark: SnapshotMark; readonly ticket: number}
  | {readonly kind: "saving"; readonly mark: SnapshotMark}
  /** The mark is on its way into the log. */
  | {readonly kind: "logging"}
  | {readonly kind: "purging"}
  /** What was being made is of no use; operations of it are still on their way. */
  | {readonly kind: "abandoned"};

const asleep: Stage = {kind: "asleep"};

/** Of no commit: it is done. */
const noTicket = 0;

export class SnapshotActor {
  private readonly limits: SnapshotLimits;
  private readonly rules: ServerRules;
  private readonly work: DiskWork;
  private stage: Stage = asleep;
  private latest: Index;
  /** Those on the disk, oldest first. */
  private files: readonly SnapshotFile[];

  constructor(limits: SnapshotLimits, work: DiskWork, files: readonly SnapshotFile[], rules: ServerRules) {
    this.limits = limits;
    this.rules = rules;
    this.work = work;
    this.files = files;
    this.latest = files.at(-1)?.index ?? 0;
  }

  static resting(
    limits: SnapshotLimits,
    pausePoints: readonly Point[],
    files: readonly SnapshotFile[],
    rules = serverRules,
  ): SnapshotActor {
    return new SnapshotActor(limits, new DiskWork("snapshot", pausePoints), files, rules);
  }

  isDue(applied: Index): boolean {
    const {every} = this.limits;
    return this.stage.kind === "asleep" && every > 0 && applied - this.latest >= every;
  }

  /** Begins one of what was applied: what it stands for is committed first. */
  begin(mark: SnapshotMark, commit: CommitActor): void {
    const ticket = this.rules.mustCommitSnapshot() ? commit.force() : noTicket;
    this.stage = {kind: "committing", mark, ticket};
  }

  /** Its mark is in the log, durably. Up to where the log in memory may be forgotten. */
  logged({index, term}: SnapshotFile, wal: Wal): Index {
    this.keep({index, term});
    if (this.stage.kind === "logging") this.purge(wal);
    return Math.max(0, index - this.limits.keep);
  }

  /** One that was received took the place of everything: what was being made stands for nothing that is needed. */
  received({index, term}: SnapshotFile): void {
    this.keep({index, term});
    // A purge goes on: its segments are not counted any more, and half of them would be a gap.
    if (this.stage.kind === "purging") return;
    this.work.abandon();
    this.stage = this.work.idle ? asleep : {kind: "abandoned"};
  }

  /** Throws away what the newest snapshots do not need, and these received states. Nothing may be on its way. */
  purge(wal: Wal, states: readonly Index[] = []): void {
    const gone = this.files.slice(0, Math.max(0, this.files.length - this.limits.filesMax));
    this.files = this.files.slice(gone.length);
    const ops = gone.map(({term, index}): DiskOp => ({kind: "unlink", file: snapFileName(term, index)}));
    for (const index of states) ops.push({kind: "unlink", file: snapDbFileName(index)});
    const segments = wal.purge(this.files[0]?.index ?? 0);
    this.stage = {kind: "purging"};
    this.work.start(["raftBeforeWALRelease", ops, ...segments, "raftAfterWALRelease"]);
  }

  get idle(): boolean {
    return this.stage.kind === "asleep";
  }

  /** Goes on as far as it can. With "done" there may be a mark for the log: {@link takeMark}. */
  next(commit: CommitActor): WorkTurn {
    const {stage} = this;
    if (stage.kind === "committing" && commit.isDone(stage.ticket)) {
      this.stage = {kind: "saving", mark: stage.mark};
      this.work.start(["snapshotBeforeSave", ...saveSnapSteps(stage.mark)]);
    }
    return this.work.next();
  }

  /** To be asked after "done": the mark of a file that is durable now, to be written to the log. */
  takeMark(): SnapshotMark | undefined {
    const {stage} = this;
    this.stage = stage.kind === "saving" ? {kind: "logging"} : asleep;
    return stage.kind === "saving" ? stage.mark : undefined;
  }

  turn(): void {
    this.work.turn();
  }

  completed(op: number): boolean {
    return this.work.completed(op);
  }

  fork(): SnapshotActor {
    const twin = new SnapshotActor(this.limits, this.work.fork(), this.files, this.rules);
    twin.stage = this.stage;
    twin.latest = this.latest;
    return twin;
  }

  digest(into: Hasher, commit: CommitActor): void {
    const {stage} = this;
    this.work.digest(into);
    into.string(stage.kind);
    if (stage.kind === "committing") into.int(commit.commitsUntil(stage.ticket));
    if (stage.kind === "committing" || stage.kind === "saving") {
      digestSnapshot({...stage.mark, data: noData}, into);
    }
    into.int(this.latest);
    into.int(this.files.length);
    for (const {index, term} of this.files) {
      into.int(index);
      into.int(term);
    }
  }

  private keep(file: SnapshotFile): void {
    this.latest = Math.max(this.latest, file.index);
    this.files = [...this.files, file].sort((a, b) => a.index - b.index);
  }
}
