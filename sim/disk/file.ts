// One file, whatever it is called: what is durable, and what was asked for since. Of the durable the last few syncs are
// kept apart from the medium, as what they brought, so that a disk which lies can take them back.

import type {Hasher} from "../../core/base/hasher.ts";
import {sectorBytes} from "../../core/storage/disk.ts";
import {pastSyncs, ReadError} from "./fault.ts";
import {Pages} from "./pages.ts";
import {surviving} from "./survival.ts";
import type {FileOp, Kept, Unsynced} from "./survival.ts";

export class File {
  /** What it was called last. */
  name: string;
  /** In bytes, with all that was asked for. */
  size = 0;
  /** In bytes, of what is durable. */
  durableSize = 0;
  /** In the order in which they were asked for. */
  unsynced: Unsynced[] = [];
  /** Sectors that cannot be read. */
  unreadable: readonly number[] = [];
  private medium = new Pages();
  /** What the last syncs brought, oldest first: {@link pastSyncs} at most. Never written, replaced. */
  private past: readonly (readonly FileOp[])[] = [];
  /** The durable bytes in one, until they change. */
  private whole: Pages | undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** Bytes of writes that no sync covers. */
  get dirtyBytes(): number {
    let sum = 0;
    for (const {op} of this.unsynced) if (op.kind === "write") sum += op.bytes.length;
    return sum;
  }

  /** How many syncs can be taken back. */
  get syncs(): number {
    return this.past.length;
  }

  /** By how much an operation would lengthen the file. */
  growth(op: FileOp): number {
    return op.kind === "truncate" ? 0 : Math.max(0, endOf(op) - this.size);
  }

  enter(order: number, op: FileOp): void {
    this.unsynced.push({order, op, grows: op.kind === "write" && endOf(op) > this.size});
    this.size = op.kind === "truncate" ? op.size : Math.max(this.size, endOf(op));
  }

  /** Makes durable what was asked for up to `order`, or what is kept of it; none of it is un-synced any more. */
  settle(order: number, kept: (one: Unsynced) => Kept = () => "all"): void {
    const brought: FileOp[] = [];
    let count = 0;
    for (const one of this.unsynced) {
      if (one.order > order) break;
      count++;
      brought.push(...surviving(one, kept(one)));
    }
    this.unsynced = count === this.unsynced.length ? [] : this.unsynced.slice(count);
    if (brought.length === 0) return;
    for (const op of brought)
      this.durableSize = op.kind === "truncate" ? op.size : Math.max(this.durableSize, endOf(op));
    this.past = [...this.past, brought];
    this.whole = undefined;
    if (this.past.length > pastSyncs) this.sink(1);
  }

  /** Power comes back, all that was un-synced being settled: no sync can be taken back any more. */
  restart(name: string): void {
    this.name = name;
    this.sink(this.past.length);
    this.size = this.durableSize;
  }

  /** Takes back the last syncs, and all that came since. */
  takeBack(syncs: number): void {
    this.past = this.past.slice(0, Math.max(0, this.past.length - syncs));
    this.unsynced = [];
    this.whole = undefined;
    this.durableSize = this.durable().size;
  }

  /** Changes what is durable behind everybody's back; its size stays. */
  engrave(at: number, bytes: Uint8Array): void {
    const part = bytes.slice(0, Math.max(0, this.durableSize - at));
    if (part.length === 0) return;
    const op = {kind: "write", file: this.name, at, bytes: part} as const;
    const last = this.past.at(-1);
    if (last === undefined) this.medium.write(at, part);
    else this.past = [...this.past.slice(0, -1), [...last, op]];
    this.whole = undefined;
  }

  /** Flips a bit (0 to 7) of a durable byte. */
  flip(at: number, bit: number): void {
    const byte = this.durable().read(at, 1);
    this.engrave(
      at,
      byte.map((old) => old ^ (1 << bit)),
    );
  }

  /** The sector of the durable file that is meant, counted around its end; undefined: the file is empty. */
  sector(number: number): number | undefined {
    const sectors = Math.ceil(this.durableSize / sectorBytes);
    return sectors === 0 ? undefined : number % sectors;
  }

  /** What is durable. Throws {@link ReadError} where the medium does. */
  read(at: number, length: number): Uint8Array {
    const bytes = this.durable().read(at, length);
    for (const sector of this.unreadable) {
      const from = sector * sectorBytes;
      if (at < from + sectorBytes && from < at + bytes.length) throw new ReadError(this.name, sector);
    }
    return bytes;
  }

  fork(): File {
    const twin = new File(this.name);
    twin.size = this.size;
    twin.durableSize = this.durableSize;
    twin.unsynced = this.unsynced.slice();
    twin.unreadable = this.unreadable;
    twin.medium = this.medium.fork();
    twin.past = this.past;
    twin.whole = this.whole;
    return twin;
  }

  /** `withPast`: also how it came to be so. */
  digest(into: Hasher, withPast: boolean): void {
    this.durable().digest(into);
    into.int(this.unsynced.length);
    for (const {op} of this.unsynced) digestFileOp(op, into);
    into.int(this.unreadable.length);
    for (const sector of this.unreadable) into.int(sector);
    if (!withPast) return;
    into.int(this.past.length);
    for (const brought of this.past) {
      into.int(brought.length);
      for (const op of brought) digestFileOp(op, into);
    }
  }

  private durable(): Pages {
    if (this.past.length === 0) return this.medium;
    if (this.whole !== undefined) return this.whole;
    const whole = this.medium.fork();
    for (const brought of this.past) for (const op of brought) applyTo(whole, op);
    this.whole = whole;
    return whole;
  }

  /** The oldest syncs go down to the medium. */
  private sink(count: number): void {
    for (const brought of this.past.slice(0, count)) for (const op of brought) applyTo(this.medium, op);
    this.past = this.past.slice(count);
    this.whole = undefined;
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
