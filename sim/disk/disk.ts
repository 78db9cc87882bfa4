// One member's disk. Operations of a file are carried out in order; what they changed is durable once a sync that came
// after them is done, and a name once syncDir is. A crash keeps what is durable; of the rest, each operation on a file
// survives or not by a draw, and of operations on names a drawn number of the first (a journal keeps their order).
// What was not durable can be read back only after a crash, when it has been settled: so only durable bytes are kept,
// and the list of what came after.

import {unreachable} from "../../core/base/assert.ts";
import type {Hasher} from "../../core/base/hasher.ts";
import type {DiskOp, DiskReader} from "../../core/storage/disk.ts";
import {Pages} from "./pages.ts";

/** Operations that change what is in a file. */
type FileOp = Extract<DiskOp, {kind: "write" | "allocate" | "truncate"}>;
/** Operations that change the names; "create" is what the first write to an unknown name does. */
type NameOp =
  | {readonly kind: "create" | "unlink"; readonly file: string}
  | {readonly kind: "rename"; readonly file: string; readonly to: string};

/** Which draws a crash makes: an integer in [0, bound) of the stream for one file, or for the names (""). */
export type CrashDraw = (file: string, bound: number) => number;

/** The bytes behind a name, whatever it is called later. */
interface Inode {
  durable: Pages;
  /** In order; not covered by a sync that is done. */
  unsynced: readonly FileOp[];
}

/** What an operation that is on its way does when it is done. */
interface Underway {
  readonly op: number;
  readonly file: string;
  /** A sync's file, and how many of its operations it covers; or the number of name operations. */
  readonly covers?: {readonly inode: number | undefined; readonly count: number};
}

export class Disk implements DiskReader {
  private inodes: (Inode | undefined)[] = [];
  private durableNames = new Map<string, number>();
  /** With all that was asked for. */
  private names = new Map<string, number>();
  private nameOps: readonly {readonly op: NameOp; readonly inode: number}[] = [];
  private underway: readonly Underway[] = [];

  /** The lane that an operation waits in: operations on one file stay in order. */
  static laneOf(op: DiskOp): string {
    return op.kind === "syncDir" ? "." : op.file;
  }

  /** An operation was asked for. It is done when {@link complete} is called. */
  submit(op: number, what: DiskOp): void {
    const covers = this.enter(what);
    this.underway = [
      ...this.underway,
      {op, file: Disk.laneOf(what), ...(covers === undefined ? {} : {covers})},
    ];
  }

  /** The operation is done: what a sync covered is durable now. False when no such operation is on its way. */
  complete(op: number): boolean {
    const done = this.underway.find((one) => one.op === op);
    if (done === undefined) return false;
    this.underway = this.underway.filter((one) => one !== done);
    if (done.covers === undefined) return true;
    const {inode, count} = done.covers;
    if (inode === undefined) this.settleNames(count);
    else this.settle(inode, count);
    return true;
  }

  /** The power goes: what was not durable survives, or not, by a draw each; nothing is on its way any more. */
  crash(draw: CrashDraw): void {
    for (const [name, inode] of sortedEntries(this.names)) {
      const file = this.inodes[inode];
      if (file === undefined) continue;
      const kept = file.unsynced.filter(() => draw(name, 2) === 1);
      this.inodes[inode] = {durable: file.durable, unsynced: kept};
      this.settle(inode, kept.length);
    }
    if (this.nameOps.length > 0) this.settleNames(draw("", this.nameOps.length + 1));
    this.nameOps = [];
    this.names = new Map(this.durableNames);
    this.underway = [];
    const named = new Set(this.names.values());
    for (const inode of this.inodes.keys()) if (!named.has(inode)) this.inodes[inode] = undefined;
  }

  list(): readonly string[] {
    return sortedEntries(this.durableNames).map(([name]) => name);
  }

  size(file: string): number {
    return this.durablePages(file)?.size ?? 0;
  }

  read(file: string, at: number, length: number): Uint8Array {
    return this.durablePages(file)?.read(at, length) ?? new Uint8Array(0);
  }

  /** Bytes of all files, as if all that was asked for were done. */
  get bytes(): number {
    let sum = 0;
    for (const inode of this.names.values()) {
      const file = this.inodes[inode];
      let size = file?.durable.size ?? 0;
      for (const op of file?.unsynced ?? [])
        size = op.kind === "truncate" ? op.size : Math.max(size, endOf(op));
      sum += size;
    }
    return sum;
  }

  /** Bytes that a crash cannot take. */
  get durableBytes(): number {
    let sum = 0;
    for (const inode of this.durableNames.values()) sum += this.inodes[inode]?.durable.size ?? 0;
    return sum;
  }

  /** Operations on their way. */
  get queue(): number {
    return this.underway.length;
  }

  fork(): Disk {
    const twin = new Disk();
    twin.inodes = this.inodes.map((file) => file && {durable: file.durable.fork(), unsynced: file.unsynced});
    twin.durableNames = new Map(this.durableNames);
    twin.names = new Map(this.names);
    twin.nameOps = this.nameOps;
    twin.underway = this.underway;
    return twin;
  }

  digest(into: Hasher): void {
    for (const names of [this.durableNames, this.names]) {
      into.int(names.size);
      for (const [name, inode] of sortedEntries(names)) {
        into.string(name);
        const file = this.inodes[inode];
        file?.durable.digest(into);
        for (const op of file?.unsynced ?? []) digestFileOp(op, into);
      }
    }
    into.int(this.nameOps.length);
    into.int(this.underway.length);
    for (const {op, file} of this.underway) {
      into.int(op);
      into.string(file);
    }
  }

  /** Notes what an operation will do; for a sync, what it covers. */
  private enter(what: DiskOp): Underway["covers"] {
    switch (what.kind) {
      case "write":
      case "allocate":
      case "truncate": {
        const file = this.inodes[this.inodeOf(what.file)];
        if (file !== undefined) file.unsynced = [...file.unsynced, what];
        return undefined;
      }
      case "sync": {
        const inode = this.inodeOf(what.file);
        return {inode, count: this.inodes[inode]?.unsynced.length ?? 0};
      }
      case "unlink":
        this.nameOps = [
          ...this.nameOps,
          {op: {kind: "unlink", file: what.file}, inode: this.inodeOf(what.file)},
        ];
        this.names.delete(what.file);
        return undefined;
      case "rename": {
        const inode = this.inodeOf(what.file);
        this.nameOps = [...this.nameOps, {op: what, inode}];
        this.names.delete(what.file);
        this.names.set(what.to, inode);
        return undefined;
      }
      case "syncDir":
        return {inode: undefined, count: this.nameOps.length};
      default:
        return unreachable(what);
    }
  }

  /** The file of a name; one that was never written is created. */
  private inodeOf(name: string): number {
    const known = this.names.get(name);
    if (known !== undefined) return known;
    const made = this.inodes.push({durable: new Pages(), unsynced: []}) - 1;
    this.names.set(name, made);
    this.nameOps = [...this.nameOps, {op: {kind: "create", file: name}, inode: made}];
    return made;
  }

  /** Makes the first `count` operations on a file durable. Those that a sync before covered are gone from the list. */
  private settle(inode: number, count: number): void {
    const file = this.inodes[inode];
    if (file === undefined || count === 0) return;
    for (const op of file.unsynced.slice(0, count)) applyTo(file.durable, op);
    file.unsynced = file.unsynced.slice(count);
    this.uncover(inode, count);
  }

  private settleNames(count: number): void {
    for (const {op, inode} of this.nameOps.slice(0, count)) {
      if (op.kind === "create") this.durableNames.set(op.file, inode);
      else this.durableNames.delete(op.file);
      if (op.kind === "rename") this.durableNames.set(op.to, inode);
    }
    this.nameOps = this.nameOps.slice(count);
    this.uncover(undefined, count);
  }

  /** The lists became shorter by `count` at the front: syncs on their way cover that many fewer. */
  private uncover(inode: number | undefined, count: number): void {
    this.underway = this.underway.map((one) =>
      one.covers === undefined || one.covers.inode !== inode
        ? one
        : {...one, covers: {inode, count: Math.max(0, one.covers.count - count)}},
    );
  }

  private durablePages(name: string): Pages | undefined {
    const inode = this.durableNames.get(name);
    return inode === undefined ? undefined : this.inodes[inode]?.durable;
  }
}

function applyTo(pages: Pages, op: FileOp): void {
  if (op.kind === "write") pages.write(op.at, op.bytes);
  else if (op.kind === "truncate") pages.resize(op.size);
  else pages.resize(Math.max(pages.size, op.size));
}

function endOf(op: FileOp): number {
  return op.kind === "write" ? op.at + op.bytes.length : op.size;
}

function digestFileOp(op: FileOp, into: Hasher): void {
  into.string(op.kind);
  into.int(op.kind === "write" ? op.at : op.size);
  if (op.kind === "write") into.bytes(op.bytes);
}

function sortedEntries(map: ReadonlyMap<string, number>): [string, number][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
