// Every crash at every moment of a recording, and every crash of the recovery from each of them. Disks with equal content
// are recovered from once; what was promised is compared at each moment.

import type {Hash} from "../../../core/base/hasher.ts";
import type {ServerConfig} from "../../../core/server/config.ts";
import type {Effect} from "../../../core/server/io.ts";
import {crashStates} from "../../../sim/disk/crashStates.ts";
import type {Disk} from "../../../sim/disk/disk.ts";
import type {DiskEvent} from "./contents.ts";
import {changesCrashes, Contents} from "./contents.ts";
import type {Kept} from "./promises.ts";
import {brokenPromise} from "./promises.ts";
import type {Moment} from "./recording.ts";
import {bootOn, recover, refuseExit} from "./recovery.ts";
import type {Truth} from "./truth.ts";

type DiskEffect = Extract<Effect, {kind: "disk"}>;

/** What a crash left, and what the crashes of the recovery from it leave, itself included. */
interface Left {
  readonly kept: Kept;
  readonly behind: Set<Left>;
}

/** Of so many disks that a crash left, and that hold the same files, one is taken to crash its recovery too. */
const recoveriesCrashed = 32;

export class CrashSearch {
  moments = 0;
  /** Moments together with what a crash may leave then. */
  cases = 0;
  /** The same of recoveries. */
  casesInRecovery = 0;
  private readonly truth: Truth;
  private readonly config: ServerConfig;
  private readonly contents = new Contents();
  private readonly known = new Map<Hash, Left>();
  /** How many disks held these files. */
  private readonly namesSeen = new Map<string, number>();
  private latest: readonly Left[] = [];

  constructor(truth: Truth, config: ServerConfig) {
    this.truth = truth;
    this.config = config;
  }

  /** Different disks that were recovered from. */
  get disks(): number {
    return this.known.size;
  }

  /** Throws what is wrong with any crash at this moment. */
  see({disk, promises, event}: Moment): void {
    this.moments++;
    try {
      if (event !== undefined) this.crash(event, disk);
      this.cases += this.latest.length;
      for (const {kept, behind} of this.latest) {
        this.compare(promises, kept, "");
        for (const one of behind) this.compare(promises, one.kept, " in its recovery");
      }
    } catch (error) {
      throw new Error(`moment ${this.moments}, ${inWords(event)}: ${String(error)}`);
    }
  }

  private compare(promises: Moment["promises"], kept: Kept, when: string): void {
    const broken = brokenPromise(promises, kept);
    if (broken !== undefined) throw new Error(`a crash${when}: ${broken}`);
  }

  private crash(event: DiskEvent, disk: Disk): void {
    this.contents.note(event, disk);
    if (!changesCrashes(event)) return;
    this.latest = [...crashStates(disk)].map((left) => {
      const before = this.known.size;
      const found = this.recovered(left, this.contents);
      if (this.known.size > before && this.isChosen(left)) this.crashRecovery(left, found);
      return found;
    });
  }

  private isChosen(disk: Disk): boolean {
    const names = disk.list().join();
    const seen = this.namesSeen.get(names) ?? 0;
    this.namesSeen.set(names, seen + 1);
    return seen % recoveriesCrashed === 0;
  }

  private recovered(disk: Disk, contents: Contents): Left {
    const name = contents.of(disk);
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const left: Left = {kept: recover(disk, this.config, this.truth), behind: new Set()};
    this.known.set(name, left);
    return left;
  }

  /** Crashes between all operations that a member asks for when it boots. */
  private crashRecovery(start: Disk, into: Left): void {
    const disk = start.fork();
    const contents = new Contents();
    const {server, effects} = bootOn(disk, this.config);
    const underway: DiskEffect[] = [];
    const crash = (event: DiskEvent): void => {
      contents.note(event, disk);
      if (!changesCrashes(event)) return;
      for (const left of crashStates(disk)) {
        this.casesInRecovery++;
        into.behind.add(this.recovered(left, contents));
      }
    };
    let wanted = effects;
    for (;;) {
      refuseExit(wanted);
      for (const effect of wanted) {
        if (effect.kind !== "disk") continue;
        underway.push(effect);
        disk.submit(effect.op, effect.do);
        crash({kind: "asked", op: effect.do});
      }
      const done = underway.shift();
      if (done === undefined) return;
      disk.complete(done.op);
      crash({kind: "done", op: done.do});
      wanted = server.handle({kind: "diskDone", op: done.op}, 0);
    }
  }
}

function inWords(event: DiskEvent | undefined): string {
  if (event === undefined) return "something was promised";
  const {kind, op} = event;
  return `${op.kind}${op.kind === "syncDir" ? "" : ` ${op.file}`} ${kind === "asked" ? "asked for" : "done"}`;
}
