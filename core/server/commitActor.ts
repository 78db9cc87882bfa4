// The commit actor: brings what the store wrote to the backend file, in transactions of a time and a size (etcd
// server/storage/backend/backend.go, run: every 100 ms, or 10,000 operations), or when another actor cannot wait.
//
//   asleep ──first write──▶ due ──▶ (commitBeforePreCommitHook) take the buffer, with the consistent index in it
//                                   ──▶ (beforeCommit) pages, sync ──▶ meta page, sync ──▶ (afterCommit) committed
//
// What is written while a commit is on its way is the next one's. Until a commit is durable the log behind its consistent
// index has all that is in it.

import type {Hasher} from "../base/hasher.ts";
import type {Micros} from "../base/quantity.ts";
import type {Entry, Index} from "../raft/entry.ts";
import type {Applier} from "./applier.ts";
import type {WorkTurn} from "./diskWork.ts";
import {DiskWork, noWork, workDone} from "./diskWork.ts";
import type {Point} from "./io.ts";
import {serverRules, type ServerRules} from "./rules.ts";

export interface CommitLimits {
  /** Since the first write that is not committed. */
  readonly every: Micros;
  readonly opsMax: number;
}

export class CommitActor {
  private readonly limits: CommitLimits;
  private readonly rules: ServerRules;
  private readonly work: DiskWork;
  private stage: "asleep" | "before" | "committing" | "abandoned" = "asleep";
  /** When the timed commit is due. */
  private due: Micros | undefined;
  /** Somebody waits for all that is buffered now. */
  private forced = false;
  /** Commits taken, and those of them that are durable. */
  private taken = 0;
  private durable = 0;
  /** The consistent index of the commit on its way, and of the newest durable one. */
  private takenIndex: Index;
  private durableIndex: Index;

  constructor(limits: CommitLimits, work: DiskWork, index: Index, rules: ServerRules) {
    this.limits = limits;
    this.rules = rules;
    this.work = work;
    this.takenIndex = index;
    this.durableIndex = index;
  }

  static at(
    index: Index,
    limits: CommitLimits,
    pausePoints: readonly Point[],
    rules = serverRules,
  ): CommitActor {
    return new CommitActor(limits, new DiskWork("commit", pausePoints), index, rules);
  }

  /** Whether no commit is on its way. */
  get idle(): boolean {
    return this.work.idle;
  }

  /** The index of the last entry that is in the backend file, durably. */
  get committedIndex(): Index {
    return this.durableIndex;
  }

  /** Asks for a commit of what is buffered now; {@link isDone} of the answer says when it is durable. */
  force(): number {
    this.forced = true;
    return this.taken + 1;
  }

  isDone(ticket: number): boolean {
    return this.commitsUntil(ticket) === 0;
  }

  /** How many commits must become durable before that one is. */
  commitsUntil(ticket: number): number {
    return Math.max(0, ticket - this.durable);
  }

  deadline(): Micros | undefined {
    return this.stage === "asleep" ? this.due : undefined;
  }

  /**
   * Goes on as far as it can without the disk; begins no commit while `blocked`, because the file is being replaced. `next`:
   * the entry that waits for its turn to be applied.
   */
  next(applier: Applier, now: Micros, blocked: boolean, next?: Entry): WorkTurn {
    const {backend} = applier;
    if (this.stage === "asleep") {
      if (backend.buffered > 0) this.due ??= now + this.limits.every;
      if (blocked || !this.isDue(backend.buffered, now)) return noWork;
      this.stage = "before";
      this.work.start(["commitBeforePreCommitHook"]);
    }
    const turn = this.work.next();
    if (turn.kind !== "done") return turn;
    if (this.stage === "before") this.take(applier, next);
    else this.settle(applier);
    return workDone;
  }

  /** Another file takes the place of this one: what is on its way to it means nothing any more, and what was buffered is gone. */
  replaced(): void {
    this.forced = false;
    this.due = undefined;
    // Whoever waits for a commit waits for no other one.
    this.taken++;
    if (this.stage === "asleep") this.durable = this.taken;
    else this.stage = "abandoned";
    this.work.abandon();
  }

  /** The file that took its place is there, durably, and holds everything up to `index`. */
  landed(index: Index): void {
    this.durableIndex = index;
  }

  turn(): void {
    this.work.turn();
  }

  completed(op: number): boolean {
    return this.work.completed(op);
  }

  fork(): CommitActor {
    const twin = new CommitActor(this.limits, this.work.fork(), this.takenIndex, this.rules);
    twin.stage = this.stage;
    twin.due = this.due;
    twin.forced = this.forced;
    twin.taken = this.taken;
    twin.durable = this.durable;
    twin.durableIndex = this.durableIndex;
    return twin;
  }

  digest(into: Hasher, now: Micros): void {
    this.work.digest(into);
    into.string(this.stage);
    into.int(this.due === undefined ? -1 : this.due - now);
    into.bool(this.forced);
    into.int(this.taken - this.durable);
    into.int(this.takenIndex);
    into.int(this.durableIndex);
  }

  private isDue(buffered: number, now: Micros): boolean {
    if (this.forced || buffered >= this.limits.opsMax) return true;
    return this.due !== undefined && this.due <= now;
  }

  private take(applier: Applier, next: Entry | undefined): void {
    this.stage = "committing";
    this.due = undefined;
    this.forced = false;
    this.taken++;
    const counted = this.rules.countsBeforeApplied() ? next : undefined;
    this.takenIndex = counted?.index ?? applier.index;
    if (this.rules.mustSayIndex("commit")) applier.markConsistent(counted);
    const steps = applier.backend.commit();
    this.work.start(["commitAfterPreCommitHook", "beforeCommit", ...steps, "afterCommit"]);
  }

  private settle(applier: Applier): void {
    if (this.stage === "committing") {
      // A commit that changed nothing has no steps, and is settled already.
      if (applier.backend.committing) applier.backend.settled();
      this.durableIndex = this.takenIndex;
    }
    this.stage = "asleep";
    this.durable = this.taken;
  }
}
