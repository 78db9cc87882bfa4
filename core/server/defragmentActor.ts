// The defragment actor: copies the content of the backend file into a new one without free pages, which then takes its
// name (etcd server/storage/backend/backend.go, defrag). Commits wait meanwhile; reads and writes go on.
//
//   (defragBeforeCopy) ──last commit is done──▶ copy ──▶ db.tmp, sync ──(defragBeforeRename)──▶ db ──syncDir──▶ answered

import type {Hasher} from "../base/hasher.ts";
import type {DiskStep} from "../storage/disk.ts";
import {writeWhole} from "../storage/aside.ts";
import {dbFile, nextDbFile} from "../storage/files.ts";
import type {Applier} from "./applier.ts";
import type {WorkTurn} from "./diskWork.ts";
import {DiskWork} from "./diskWork.ts";
import type {Point} from "./io.ts";
import type {Asker} from "./proposals.ts";

export class DefragmentActor {
  private readonly work: DiskWork;
  private stage: "asleep" | "before" | "ready" | "replacing" | "abandoned" = "asleep";
  /** Who asked for what goes on now, and who asked since. */
  private serving: readonly Asker[] = [];
  private waiting: readonly Asker[] = [];

  constructor(work: DiskWork) {
    this.work = work;
  }

  static resting(pausePoints: readonly Point[]): DefragmentActor {
    return new DefragmentActor(new DiskWork("defragment", pausePoints));
  }

  /** Whether commits must wait. */
  get busy(): boolean {
    return this.stage !== "asleep";
  }

  /** Whether it has no operations of the disk on their way. */
  get idle(): boolean {
    return this.work.idle;
  }

  submit(asker: Asker): void {
    this.waiting = [...this.waiting, {stream: asker.stream, id: asker.id}];
  }

  /** Who waits for an answer. */
  get asked(): number {
    return this.serving.length + this.waiting.length;
  }

  /** The client is gone. What goes on goes on. */
  close(stream: number): void {
    this.serving = this.serving.filter((asker) => asker.stream !== stream);
    this.waiting = this.waiting.filter((asker) => asker.stream !== stream);
  }

  /** Another file takes the backend's place. Whoever asked is answered with what is then: it has no free pages either. */
  abandon(): void {
    if (this.stage === "asleep") return;
    if (this.stage === "ready") this.work.start([]);
    else this.work.abandon();
    this.stage = "abandoned";
  }

  /**
   * Goes on as far as it can. `quiet`: nobody else has operations of the backend file on their way. "done": those that
   * {@link takeServed} answers may be answered.
   */
  next(applier: Applier, quiet: boolean): WorkTurn {
    if (this.stage === "asleep" && this.waiting.length > 0) {
      this.serving = this.waiting;
      this.waiting = [];
      this.stage = "before";
      this.work.start(["defragBeforeCopy"]);
    }
    if (this.stage === "ready" && quiet) {
      this.stage = "replacing";
      this.work.start(stepsOf(applier.defragment()));
    }
    const turn = this.work.next();
    if (turn.kind !== "done") return turn;
    this.stage = this.stage === "before" ? "ready" : "asleep";
    return turn;
  }

  /** Who asked for what is done now. */
  takeServed(): readonly Asker[] {
    if (this.stage !== "asleep") return [];
    const {serving} = this;
    this.serving = [];
    return serving;
  }

  turn(): void {
    this.work.turn();
  }

  completed(op: number): boolean {
    return this.work.completed(op);
  }

  fork(): DefragmentActor {
    const twin = new DefragmentActor(this.work.fork());
    twin.stage = this.stage;
    twin.serving = this.serving;
    twin.waiting = this.waiting;
    return twin;
  }

  digest(into: Hasher): void {
    this.work.digest(into);
    into.string(this.stage);
    for (const list of [this.serving, this.waiting]) {
      into.int(list.length);
      for (const {stream, id} of list) {
        into.int(stream);
        into.int(id);
      }
    }
  }
}

function stepsOf(image: Uint8Array): readonly (DiskStep | Point)[] {
  const [write, rename, syncName] = writeWhole(dbFile, image, nextDbFile);
  return [write, "defragBeforeRename", rename, syncName];
}
