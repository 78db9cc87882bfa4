// The install actor: gives the backend file its place. A member that is new writes an empty one; one that took a snapshot
// lets the state that came with it take the file's name (etcd server/etcdserver/api/snap, OpenSnapshotBackend). Until then
// nothing is committed: what the store does meanwhile waits in the new backend's buffer.
//
//   0000000000000041.snap.db ──(applyBeforeOpenSnapshot) rename──▶ db ──syncDir──▶ (applyAfterOpenSnapshot)
//
// A crash before the rename is durable leaves a snapshot file newer than `db`: recovery goes on from there.

import type {Hasher} from "../base/hasher.ts";
import type {Index} from "../raft/entry.ts";
import type {DiskStep} from "../storage/disk.ts";
import {dbFile, snapDbFileName} from "../storage/files.ts";
import type {WorkTurn} from "./diskWork.ts";
import {DiskWork} from "./diskWork.ts";
import type {Point} from "./io.ts";

export class InstallActor {
  private readonly work: DiskWork;
  /** The received state that is to become the backend file next. */
  private waiting: Index | undefined;
  private index: Index;

  constructor(work: DiskWork, index: Index) {
    this.work = work;
    this.index = index;
  }

  /** `steps`: what recovery found to do before the backend file, which holds everything up to `index`, may be written. */
  static opening(steps: readonly DiskStep[], index: Index, pausePoints: readonly Point[]): InstallActor {
    const actor = new InstallActor(new DiskWork("install", pausePoints), index);
    if (steps.length > 0) actor.work.start(steps);
    return actor;
  }

  /** Of the file that is getting its place, or that got it last: up to where it holds everything. */
  get fileIndex(): Index {
    return this.index;
  }

  /** Whether the file that has the backend's name is not this backend's, or not yet. */
  get busy(): boolean {
    return !this.work.idle || this.waiting !== undefined;
  }

  /** Received states whose files may not have taken the backend's name yet, oldest first. */
  get pending(): readonly Index[] {
    const taking = this.work.idle ? [] : [this.index];
    return this.waiting === undefined ? taking : [...taking, this.waiting];
  }

  /** The state that was received at `index` takes the backend's place. One that waited still is not needed any more. */
  submit(index: Index): void {
    this.waiting = index;
  }

  /** Goes on as far as it can; `quiet`: nobody else has operations of the backend file on their way. */
  next(quiet: boolean): WorkTurn {
    if (this.work.idle && this.waiting !== undefined && quiet) {
      const rename = {kind: "rename", file: snapDbFileName(this.waiting), to: dbFile} as const;
      this.work.start(["applyBeforeOpenSnapshot", [rename], [{kind: "syncDir"}], "applyAfterOpenSnapshot"]);
      this.index = this.waiting;
      this.waiting = undefined;
    }
    return this.work.next();
  }

  turn(): void {
    this.work.turn();
  }

  completed(op: number): boolean {
    return this.work.completed(op);
  }

  fork(): InstallActor {
    const twin = new InstallActor(this.work.fork(), this.index);
    twin.waiting = this.waiting;
    return twin;
  }

  digest(into: Hasher): void {
    this.work.digest(into);
    into.int(this.waiting ?? -1);
    into.int(this.index);
  }
}
