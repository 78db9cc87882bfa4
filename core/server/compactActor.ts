// The compaction actor: deletes from the backend file what compaction has made unreadable, batch by batch, with a rest
// between two of them (etcd server/storage/mvcc/kvstore_compaction.go). The store itself forgets at once.
//
//   asked for ──▶ commit "scheduled" ──▶ batch ──▶ commit ──▶ rest ──▶ batch … last batch with "finished" ──▶ asleep
//                                                                      and, where a client waits for it: ──▶ commit ──▶ asleep
//
// A crash in between leaves records that nobody can read, and a scheduled revision above the finished one: at the next
// boot the rest is done again.

import type {Hasher} from "../base/hasher.ts";
import type {Micros, Revision} from "../base/quantity.ts";
import type {Applier} from "./applier.ts";
import type {Compaction} from "./backendState.ts";
import type {CommitActor} from "./commitActor.ts";
import type {WorkTurn} from "./diskWork.ts";
import {DiskWork, noWork, workDone} from "./diskWork.ts";
import type {Point} from "./io.ts";

export interface CompactLimits {
  readonly batch: number;
  readonly sleep: Micros;
}

/** What it does when the work on its way, a point to pause at, is done. */
type Stage =
  | {readonly kind: "asleep"}
  /** The commit of the scheduled revision may be asked for. */
  | {readonly kind: "scheduled"}
  /** A commit is waited for; `next` is the point behind it. */
  | {readonly kind: "waiting"; readonly ticket: number; readonly next: Point}
  /** The next batch may be deleted, at `at`. */
  | {readonly kind: "batch"; readonly at: Micros}
  /** A batch is deleted and may be committed. */
  | {readonly kind: "deleted"}
  /** The last batch is deleted, and may be marked as such. */
  | {readonly kind: "finishing"}
  | {readonly kind: "finished"}
  /** Somebody waits until that is committed. */
  | {readonly kind: "settling"; readonly ticket: number};

const asleep: Stage = {kind: "asleep"};

export class CompactActor {
  private readonly limits: CompactLimits;
  private readonly work: DiskWork;
  private queue: readonly Compaction[] = [];
  private stage: Stage = asleep;
  private newest: Revision = -1;

  constructor(limits: CompactLimits, work: DiskWork) {
    this.limits = limits;
    this.work = work;
  }

  static resting(limits: CompactLimits, pausePoints: readonly Point[]): CompactActor {
    return new CompactActor(limits, new DiskWork("compact", pausePoints));
  }

  /** Records that wait to be deleted. */
  get length(): number {
    return this.queue.reduce((sum, {dropped}) => sum + dropped.length, 0);
  }

  /** The newest compaction that has deleted all, and durably if somebody waited for it; −1: none since the boot. */
  get settled(): Revision {
    return this.newest;
  }

  submit(compaction: Compaction): void {
    this.queue = [...this.queue, compaction];
  }

  /** The backend file is another one: what was to be deleted from the old one is no matter. */
  clear(): void {
    this.queue = [];
    this.stage = asleep;
    this.work.abandon();
  }

  deadline(): Micros | undefined {
    return this.stage.kind === "batch" && this.work.idle ? this.stage.at : undefined;
  }

  /**
   * Goes on as far as it can. "done": something went on, ask again. `awaited`: the least revision of which somebody waits
   * until its compaction is done and committed.
   */
  next(applier: Applier, commit: CommitActor, now: Micros, awaited: Revision): WorkTurn {
    if (!this.work.idle) {
      const turn = this.work.next();
      if (turn.kind !== "done") return turn;
    }
    return this.advance(applier, commit, now, awaited) ? workDone : noWork;
  }

  turn(): void {
    this.work.turn();
  }

  fork(): CompactActor {
    const twin = new CompactActor(this.limits, this.work.fork());
    twin.queue = this.queue;
    twin.stage = this.stage;
    twin.newest = this.newest;
    return twin;
  }

  digest(into: Hasher, now: Micros, commit: CommitActor): void {
    const {stage} = this;
    this.work.digest(into);
    into.string(stage.kind);
    if (stage.kind === "batch") into.int(stage.at - now);
    if (stage.kind === "waiting") {
      into.int(commit.commitsUntil(stage.ticket));
      into.string(stage.next);
    }
    if (stage.kind === "settling") into.int(commit.commitsUntil(stage.ticket));
    into.int(this.newest);
    into.int(this.queue.length);
    for (const {revision, dropped, hash} of this.queue) {
      into.int(revision);
      into.int(dropped.length);
      into.word(hash?.hash ?? 0);
    }
  }

  /** From where it stands to the next point; false if it has to wait. */
  private advance(applier: Applier, commit: CommitActor, now: Micros, awaited: Revision): boolean {
    const {stage} = this;
    const job = this.queue[0];
    if (job === undefined) return false;
    switch (stage.kind) {
      case "asleep":
        return this.pauseAt("compactBeforeCommitScheduledCompact", {kind: "scheduled"});
      case "scheduled":
        return this.wait(commit.force(), "compactAfterCommitScheduledCompact");
      case "waiting":
        return commit.isDone(stage.ticket) && this.pauseAt(stage.next, this.batchAfter(stage.next, now));
      case "batch":
        return stage.at <= now && this.deleteBatch(job, applier);
      case "deleted":
        return this.wait(commit.force(), "compactAfterCommitBatch");
      case "finishing":
        applier.markCompacted(job);
        return this.pauseAt("compactAfterSetFinishedCompact", {kind: "finished"});
      case "finished":
        if (job.revision < awaited) return this.settle(job);
        this.stage = {kind: "settling", ticket: commit.force()};
        return true;
      case "settling":
        return commit.isDone(stage.ticket) && this.settle(job);
    }
  }

  private settle({revision}: Compaction): boolean {
    this.newest = revision;
    this.queue = this.queue.slice(1);
    this.stage = asleep;
    return true;
  }

  private deleteBatch(job: Compaction, applier: Applier): boolean {
    const {batch} = this.limits;
    const {dropped} = job;
    for (const record of dropped.slice(0, batch)) applier.forget(record);
    const left = dropped.slice(batch);
    this.queue = [{...job, dropped: left}, ...this.queue.slice(1)];
    if (left.length > 0) return this.pauseAt("compactBeforeCommitBatch", {kind: "deleted"});
    return this.pauseAt("compactBeforeSetFinishedCompact", {kind: "finishing"});
  }

  private pauseAt(point: Point, stage: Stage): boolean {
    this.stage = stage;
    this.work.start([point]);
    return true;
  }

  private wait(ticket: number, next: Point): boolean {
    this.stage = {kind: "waiting", ticket, next};
    return true;
  }

  /** Behind the commit of a batch the actor rests. */
  private batchAfter(point: Point, now: Micros): Stage {
    return {kind: "batch", at: point === "compactAfterCommitBatch" ? now + this.limits.sleep : now};
  }
}
