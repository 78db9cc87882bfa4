// The append actor: brings append work to the disk and says what it allows once that is durable (law 3: what must wait
// is held inside). Work arrives in order; all that waits goes out as one write and one sync, and only when they are done
// are the storage, the receipts and the messages of that work released, in order.
//
//   submit ──▶ queue ──(pause at raftBeforeSave)──▶ inFlight ──diskDone──▶ released

import type {Hasher} from "../base/hasher.ts";
import {digestEntry, digestMessage, digestSnapshot} from "../raft/digest.ts";
import type {AppendWork} from "../raft/ready.ts";
import type {DiskCommand, Wal} from "../storage/wal.ts";

/** What a step of the actor asks for. */
export type AppendStep =
  | {readonly kind: "none"}
  | {readonly kind: "pause"}
  | {readonly kind: "write"; readonly commands: readonly DiskCommand[]}
  /** Durable now, in order. */
  | {readonly kind: "released"; readonly work: readonly AppendWork[]};

export class AppendActor {
  readonly wal: Wal;
  private readonly pauses: boolean;
  private queue: readonly AppendWork[] = [];
  private inFlight: readonly AppendWork[] = [];
  private paused = false;
  /** A turn was given for what waits now. */
  private granted = false;

  constructor(wal: Wal, pauses: boolean) {
    this.wal = wal;
    this.pauses = pauses;
  }

  /** Pieces of work that are not durable yet. */
  get length(): number {
    return this.queue.length + this.inFlight.length;
  }

  submit(work: AppendWork): void {
    this.queue = [...this.queue, work];
  }

  /** Goes on as far as it can without the disk. To be called until it answers "none". */
  step(): AppendStep {
    if (this.paused || !this.wal.idle) return {kind: "none"};
    if (this.inFlight.length > 0) {
      const work = this.inFlight;
      this.inFlight = [];
      return {kind: "released", work};
    }
    if (this.queue.length === 0) return {kind: "none"};
    if (this.pauses && !this.granted && this.queue.some(touchesDisk)) {
      this.paused = true;
      return {kind: "pause"};
    }
    this.granted = false;
    this.inFlight = this.queue;
    this.queue = [];
    return {kind: "write", commands: this.wal.append(this.inFlight)};
  }

  /** It may go on from where it paused. */
  turn(): void {
    if (!this.paused) return;
    this.paused = false;
    this.granted = true;
  }

  fork(): AppendActor {
    const twin = new AppendActor(this.wal.fork(), this.pauses);
    twin.queue = this.queue;
    twin.inFlight = this.inFlight;
    twin.paused = this.paused;
    twin.granted = this.granted;
    return twin;
  }

  digest(into: Hasher): void {
    this.wal.digest(into);
    into.bool(this.paused);
    into.bool(this.granted);
    into.int(this.inFlight.length);
    for (const work of this.inFlight) digestWork(work, into);
    into.int(this.queue.length);
    for (const work of this.queue) digestWork(work, into);
  }
}

function touchesDisk(work: AppendWork): boolean {
  return (
    work.entries.length > 0 || work.hardState !== undefined || work.mustSync || work.snapshot !== undefined
  );
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
