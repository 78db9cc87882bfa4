// One member's disk. Operations of a file are carried out in order; what they changed is durable once a sync that came
// after them is done, and a name once syncDir is. A crash keeps what is durable; of the rest it keeps what is drawn, sector
// by sector. What was not durable can be read back only after a crash: so nobody reads anything else.
//
// Faults (fault.ts) are in force until they have happened, or until the disk is mended.

import {unreachable} from "../../core/base/assert.ts";
import type {Hasher} from "../../core/base/hasher.ts";
import type {Micros} from "../../core/base/quantity.ts";
import type {DiskOp, DiskReader} from "../../core/storage/disk.ts";
import {sectorBytes} from "../../core/storage/disk.ts";
import type {CrashLoss, DiskView, FileView, QueuedView} from "../view.ts";
import {digestData} from "../world/chain.ts";
import {harmOf, isMeant, lasts} from "./fault.ts";
import type {DiskFault, Struck} from "./fault.ts";
import {File} from "./file.ts";
import {drawnSurvival} from "./luck.ts";
import type {CrashDraw} from "./luck.ts";
import {Names} from "./names.ts";
import type {FileNumber} from "./names.ts";
import {partsOf} from "./survival.ts";
import type {FileOp, Kept, Survival, Unsynced} from "./survival.ts";

/** What is known of an operation when it is asked for. */
type Noted = Pick<Underway, "error" | "sync">;

const nothingNoted: Noted = {error: undefined, sync: undefined};

/** How an operation ended. */
export type DiskOutcome = "done" | "io" | "full";

/** An operation that is on its way. */
interface Underway extends QueuedView {
  /** It will not be done. */
  readonly error: "io" | "full" | undefined;
  /** Of a sync: what it covers was asked for before it. `file` is absent for syncDir. */
  readonly sync: {readonly file?: FileNumber; readonly order: number} | undefined;
}

type Of<K extends DiskFault["kind"]> = Extract<DiskFault, {kind: K}>;

export class Disk implements DiskReader, DiskView {
  /** In force, in the order in which they came. Never written: replaced. */
  faults: readonly DiskFault[] = [];
  /** All that came and could harm the member, from the beginning. Never written: replaced. */
  harms: readonly Struck[] = [];
  /** Never written: replaced. */
  lastCrash: CrashLoss | undefined;
  /** Nothing is done before. */
  stalledUntil: Micros = 0;
  private readonly byNumber = new Map<FileNumber, File>();
  private names = new Names();
  private readonly underway = new Map<number, Underway>();
  private order = 0;
  private filesMade = 0;
  /** In bytes; undefined: no end. */
  private capacity: number | undefined;
  /** The copy put aside. Never written: a fork of it is put back. */
  private aside: Disk | undefined;

  /** The lane that an operation waits in: operations on one file stay in order. */
  static laneOf(op: DiskOp): string {
    return op.kind === "syncDir" ? "." : op.file;
  }

  // ---- what the member asks for

  /** An operation was asked for. It is done when {@link complete} is called. */
  submit(op: number, what: DiskOp): void {
    const {error, sync} = this.enter(what);
    this.underway.set(op, {op, file: Disk.laneOf(what), what: what.kind, error, sync});
  }

  /** The operation is done, or failed: what a sync covered is durable now. Undefined when it is not on its way. */
  complete(op: number): DiskOutcome | undefined {
    const done = this.underway.get(op);
    if (done === undefined) return undefined;
    this.underway.delete(op);
    if (done.error !== undefined) return done.error;
    return done.sync === undefined ? "done" : this.sync(done.file, done.sync);
  }

  /** How many times as long as usual everything takes. */
  get slowness(): number {
    return this.inForce("slow")?.factor ?? 1;
  }

  // ---- crashes

  /** The power goes: of what was not durable survives what is drawn; nothing is on its way any more. */
  crash(draw: CrashDraw): void {
    for (const fault of this.faults)
      if (fault.kind === "syncedLost") this.fileMeant(fault.file)?.takeBack(fault.syncs);
    this.leave(drawnSurvival(draw, this.faults));
    if (this.inForce("olderDisk") !== undefined) this.putBack();
    if (this.inForce("wipe") !== undefined) this.wipe();
    this.faults = this.faults.filter(({kind}) => lasts[kind] !== "untilCrash");
  }

  /** A twin after a crash that leaves exactly this. */
  crashed(survival: Survival): Disk {
    const twin = this.fork();
    twin.leave(survival);
    return twin;
  }

  /** Operations on files that no sync covers, in the order in which they were asked for. */
  unsynced(): readonly Unsynced[] {
    return [...this.byNumber.values()].flatMap(({unsynced}) => unsynced).sort((a, b) => a.order - b.order);
  }

  /** Changes of names that no syncDir covers. */
  get unsyncedNames(): number {
    return this.names.unsynced;
  }

  // ---- faults

  /** Why a fault cannot come now. `isDown`: the member is. */
  refuses(fault: DiskFault, isDown: boolean): "unknownFile" | "notNow" | undefined {
    switch (fault.kind) {
      case "rot":
      case "unreadable":
        return this.fileMeant(fault.file)?.sector(fault.sector) === undefined ? "unknownFile" : undefined;
      case "misdirect":
        return this.fileMeant(fault.into) === undefined ? "unknownFile" : undefined;
      case "syncedLost":
        if (isDown) return "notNow";
        return this.fileMeant(fault.file) === undefined ? "unknownFile" : undefined;
      case "loseUnsynced":
      case "tearUnsynced":
      case "loseNames":
        return isDown ? "notNow" : undefined;
      case "olderDisk":
        return this.aside === undefined ? "notNow" : undefined;
      case "mend":
        return this.faults.length === 0 ? "notNow" : undefined;
      default:
        return undefined;
    }
  }

  /** A fault comes that can. `isDown`: the member is, so what waits for a crash happens at once. */
  strike(fault: DiskFault, {now, isDown}: {readonly now: Micros; readonly isDown: boolean}): void {
    if (harmOf[fault.kind] !== "none") this.harms = [...this.harms, {...fault, at: now}];
    switch (fault.kind) {
      case "mend":
        return this.mend();
      case "rot":
        return this.rot(fault);
      case "backup":
        this.aside = this.crashed({of: () => "none", names: () => 0});
        this.aside.aside = undefined;
        return;
      case "stall":
        this.stalledUntil = Math.max(this.stalledUntil, now + fault.for);
        return;
      case "wipe":
        return isDown ? this.wipe() : this.force(fault);
      case "olderDisk":
        return isDown ? this.putBack() : this.force(fault);
      case "unreadable":
        this.spoilSector(fault);
        return this.force(fault);
      case "full":
        this.capacity = this.bytes + fault.room;
        return this.forceAnew(fault);
      case "slow":
      case "syncLies":
        return this.forceAnew(fault);
      case "loseUnsynced":
      case "tearUnsynced":
      case "loseNames":
      case "syncFails":
      case "misdirect":
      case "syncedLost":
        return this.force(fault);
      default:
        return unreachable(fault);
    }
  }

  /** The first fault that can lose or change what was durable; undefined: the disk can be trusted. */
  get damagedBy(): Struck | undefined {
    return this.harms.find(({kind}) => harmOf[kind] === "damages" || harmOf[kind] === "betrays");
  }

  // ---- what can be read

  list(): readonly string[] {
    return this.names.listDurable().map(([name]) => name);
  }

  size(file: string): number {
    return this.durableFile(file)?.durableSize ?? 0;
  }

  read(file: string, at: number, length: number): Uint8Array {
    return this.durableFile(file)?.read(at, length) ?? new Uint8Array(0);
  }

  get bytes(): number {
    return sum(this.names.list().map(([, number]) => this.byNumber.get(number)?.size ?? 0));
  }

  get durableBytes(): number {
    return sum(this.names.listDurable().map(([, number]) => this.byNumber.get(number)?.durableSize ?? 0));
  }

  get queue(): number {
    return this.underway.size;
  }

  files(): readonly FileView[] {
    return this.names.list().flatMap(([name, number]) => {
      const file = this.byNumber.get(number);
      if (file === undefined) return [];
      const {size, durableSize, dirtyBytes} = file;
      const isDurable = this.names.findDurable(name) === number;
      return [{name, bytes: size, durableBytes: durableSize, dirtyBytes, isDurable}];
    });
  }

  queued(): readonly QueuedView[] {
    return [...this.underway.values()].map(({op, file, what}) => ({op, file, what}));
  }

  fork(): Disk {
    const twin = new Disk();
    for (const [number, file] of this.byNumber) twin.byNumber.set(number, file.fork());
    for (const [op, one] of this.underway) twin.underway.set(op, one);
    twin.names = this.names.fork();
    twin.faults = this.faults;
    twin.harms = this.harms;
    twin.lastCrash = this.lastCrash;
    twin.stalledUntil = this.stalledUntil;
    twin.order = this.order;
    twin.filesMade = this.filesMade;
    twin.capacity = this.capacity;
    twin.aside = this.aside;
    return twin;
  }

  /** The end of a stall is a time, and so the world's to tell; when something happened decides nothing. */
  digest(into: Hasher): void {
    const places = new Map<FileNumber, number>();
    const place = (file: FileNumber): number => {
      const known = places.get(file) ?? places.size;
      places.set(file, known);
      return known;
    };
    this.names.digest(into, place);
    const withPast = this.inForce("syncedLost") !== undefined;
    for (const number of places.keys()) this.byNumber.get(number)?.digest(into, withPast);
    into.int(this.underway.size);
    for (const {op, file, error, sync} of this.underway.values()) {
      into.int(op);
      into.string(file);
      into.string(error ?? "");
      if (sync !== undefined) into.int(this.covered(sync));
    }
    const harms = this.harms.map((harm) => {
      const {at: _, ...fault} = harm;
      return fault;
    });
    digestData([this.faults, harms, this.capacity ?? -1], into);
    this.aside?.digest(into);
  }

  // ---- for this file: operations

  /** Notes what an operation will do; for a sync, what it covers. */
  private enter(what: DiskOp): Noted {
    const order = ++this.order;
    switch (what.kind) {
      case "write":
      case "allocate":
      case "truncate": {
        const file = this.fileOf(what.file);
        if (this.bytesFree < file.growth(what)) return {error: "full", sync: undefined};
        file.enter(order, what.kind === "write" ? this.directed(what) : what);
        return nothingNoted;
      }
      case "sync":
        this.fileOf(what.file);
        return {error: undefined, sync: {file: this.names.find(what.file) ?? 0, order}};
      case "unlink":
        this.names.unlink(order, what.file);
        return nothingNoted;
      case "rename": {
        const number = this.names.find(what.file);
        if (number === undefined) return {error: "io", sync: undefined};
        const file = this.byNumber.get(number);
        if (file !== undefined) file.name = what.to;
        this.names.rename(order, what.file, what.to);
        return nothingNoted;
      }
      case "syncDir":
        return {error: undefined, sync: {order}};
      default:
        return unreachable(what);
    }
  }

  /** The file of a name; one that was never heard of is created. */
  private fileOf(name: string): File {
    const known = this.byNumber.get(this.names.find(name) ?? 0);
    if (known !== undefined) return known;
    const made = new File(name);
    const number = ++this.filesMade;
    this.byNumber.set(number, made);
    this.names.create(this.order, name, number);
    return made;
  }

  /** What becomes of a sync. A journal's transaction that failed is tried again: names wait for the next syncDir. */
  private sync(lane: string, {file: number, order}: NonNullable<Underway["sync"]>): DiskOutcome {
    const file = number === undefined ? undefined : this.byNumber.get(number);
    const fails = this.faults.find((fault) => fault.kind === "syncFails" && isMeant(fault.file, lane));
    if (fails?.kind === "syncFails") {
      file?.settle(order, fails.keeps === "half" ? everyOther : () => "none");
      this.spend(fails);
      return "io";
    }
    if (this.inForce("syncLies") !== undefined) return "done";
    if (number !== undefined) file?.settle(order);
    else {
      this.names.settle(order);
      this.sweep();
    }
    return "done";
  }

  /** Operations that a sync would make durable. */
  private covered({file, order}: NonNullable<Underway["sync"]>): number {
    if (file === undefined) return this.names.covered(order);
    return this.byNumber.get(file)?.unsynced.filter((one) => one.order <= order).length ?? 0;
  }

  private leave(survival: Survival): void {
    const lost = [...this.byNumber].filter(([, {unsynced}]) => unsynced.length > 0);
    lost.sort(([a, {name: one}], [b, {name: other}]) => (one < other ? -1 : one > other ? 1 : a - b));
    const loss = {underway: this.underway.size, kept: 0, torn: 0, lost: 0, namesLost: 0};
    const fate = (file: string, one: Unsynced): Kept => {
      const kept = survival.of(file, one);
      loss[fateOf(kept)]++;
      return kept;
    };
    for (const [, file] of lost) file.settle(this.order, (one) => fate(file.name, one));
    const namesKept = this.unsyncedNames === 0 ? 0 : survival.names(this.unsyncedNames);
    loss.namesLost = this.unsyncedNames - namesKept;
    this.names.crash(namesKept);
    this.lastCrash = loss;
    this.underway.clear();
    this.sweep();
    for (const [name, number] of this.names.listDurable()) this.byNumber.get(number)?.restart(name);
  }

  /** Files that have no name any more, and will have none, are gone. */
  private sweep(): void {
    const named = this.names.files();
    for (const number of this.byNumber.keys()) if (!named.has(number)) this.byNumber.delete(number);
  }

  // ---- for this file: faults

  private inForce<K extends DiskFault["kind"]>(kind: K): Of<K> | undefined {
    return this.faults.find((fault): fault is Of<K> => fault.kind === kind);
  }

  private force(fault: DiskFault): void {
    this.faults = [...this.faults, fault];
  }

  /** Instead of one of its kind. */
  private forceAnew(fault: DiskFault): void {
    this.faults = [...this.faults.filter(({kind}) => kind !== fault.kind), fault];
  }

  /** It has happened. */
  private spend(fault: DiskFault): void {
    this.faults = this.faults.filter((one) => one !== fault);
  }

  private mend(): void {
    this.faults = [];
    this.capacity = undefined;
    for (const file of this.byNumber.values()) file.unreadable = [];
  }

  private get bytesFree(): number {
    return this.capacity === undefined ? Infinity : this.capacity - this.bytes;
  }

  private rot({file: name, sector, bit}: Of<"rot">): void {
    const file = this.fileMeant(name);
    const where = file?.sector(sector);
    if (file === undefined || where === undefined) return;
    file.flip(Math.min(where * sectorBytes + (bit >> 3), file.durableSize - 1), bit & 7);
  }

  private spoilSector({file: name, sector}: Of<"unreadable">): void {
    const file = this.fileMeant(name);
    const where = file?.sector(sector);
    if (file !== undefined && where !== undefined) file.unreadable = [...file.unreadable, where];
  }

  /** The write as it reaches its file: if it goes astray, only its size does. */
  private directed(what: Extract<FileOp, {kind: "write"}>): FileOp {
    const stray = this.faults.find((fault) => fault.kind === "misdirect" && isMeant(fault.file, what.file));
    if (stray?.kind !== "misdirect") return what;
    this.spend(stray);
    const into = this.fileMeant(stray.into);
    const where = into?.sector(stray.sector);
    if (where !== undefined) into?.engrave(where * sectorBytes + (what.at % sectorBytes), what.bytes);
    return {kind: "allocate", file: what.file, size: what.at + what.bytes.length};
  }

  private putBack(): void {
    const {aside} = this;
    if (aside === undefined) return;
    this.wipe();
    for (const [number, file] of aside.byNumber) this.byNumber.set(number, file.fork());
    this.names = aside.names.fork();
  }

  private wipe(): void {
    this.byNumber.clear();
    this.names = new Names();
    this.faults = this.faults.filter(({kind}) => kind !== "unreadable");
  }

  private durableFile(name: string): File | undefined {
    return this.byNumber.get(this.names.findDurable(name) ?? 0);
  }

  /** The durable file that a fault names: by its name, or the last whose name ends so. */
  private fileMeant(file: string): File | undefined {
    const name = this.list().findLast((one) => isMeant(file, one));
    return name === undefined ? undefined : this.durableFile(name);
  }
}

function fateOf(kept: Kept): "kept" | "torn" | "lost" {
  if (typeof kept === "string") return kept === "all" ? "kept" : "lost";
  const some = kept.includes(true);
  return !some ? "lost" : kept.includes(false) ? "torn" : "kept";
}

function everyOther(one: Unsynced): Kept {
  return Array.from({length: partsOf(one)}, (_, part) => part % 2 === 0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
