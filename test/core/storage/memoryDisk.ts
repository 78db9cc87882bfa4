// A disk for tests, with every crash that disk.ts speaks of: operations are carried out as they are asked for; what was
// not synced falls into pieces (the part of a write in one sector, a change of size), of which a crash keeps those that it
// is told to, and of the changes of names the first few.

import type {DiskOp, DiskReader, DiskStep} from "../../../core/storage/disk.ts";
import {sectorBytes} from "../../../core/storage/disk.ts";

/** What a crash keeps: which of the un-synced pieces, in the order of {@link MemoryDisk.pieces}, and how many changes of names. */
export interface Kept {
  readonly piece: (number: number) => boolean;
  readonly names: number;
}

export const nothingKept: Kept = {piece: () => false, names: 0};

export class MemoryDisk implements DiskReader {
  private names = new Map<string, Content>();
  private durableNames = new Map<string, Content>();
  private nameOps: ((names: Map<string, Content>) => void)[] = [];

  list(): readonly string[] {
    return [...this.names.keys()].sort();
  }

  size(file: string): number {
    return this.names.get(file)?.bytes.length ?? 0;
  }

  read(file: string, at: number, length: number): Uint8Array {
    return (this.names.get(file)?.bytes ?? new Uint8Array()).slice(at, at + length);
  }

  do(op: DiskOp): void {
    switch (op.kind) {
      case "syncDir":
        this.durableNames = new Map(this.names);
        this.nameOps = [];
        return;
      case "unlink":
        this.present(op.file);
        return this.changeNames((names) => names.delete(op.file));
      case "rename": {
        const content = this.present(op.file);
        return this.changeNames((names) => {
          names.set(op.to, content);
          names.delete(op.file);
        });
      }
      case "sync":
        return this.present(op.file).sync();
      default: {
        const content = this.names.get(op.file) ?? new Content();
        if (!this.names.has(op.file)) this.changeNames((names) => names.set(op.file, content));
        content.change(op);
      }
    }
  }

  run(steps: readonly DiskStep[]): void {
    for (const op of steps.flat()) this.do(op);
  }

  /** How many pieces a crash may lose. */
  get pieces(): number {
    let pieces = 0;
    for (const content of this.contents()) pieces += content.unsynced.length;
    return pieces;
  }

  /** How many changes of names a crash may lose. */
  get nameChanges(): number {
    return this.nameOps.length;
  }

  /** The disk after a crash; this one stays as it is. */
  crash(kept: Kept): MemoryDisk {
    const left = new Map<Content, Content>();
    let number = 0;
    for (const content of this.contents())
      left.set(
        content,
        content.crash(() => kept.piece(number++)),
      );
    const names = new Map(this.durableNames);
    for (const op of this.nameOps.slice(0, kept.names)) op(names);
    const after = new MemoryDisk();
    for (const [name, content] of names) after.names.set(name, left.get(content) ?? new Content());
    after.durableNames = new Map(after.names);
    return after;
  }

  /** Changes what stands on the disk, as rot does. */
  spoil(file: string, change: (bytes: Uint8Array) => Uint8Array): void {
    const content = new Content(change(this.read(file, 0, this.size(file))));
    this.names.set(file, content);
    this.durableNames.set(file, content);
  }

  private contents(): readonly Content[] {
    return [...new Set([...this.durableNames.values(), ...this.names.values()])];
  }

  private changeNames(op: (names: Map<string, Content>) => void): void {
    op(this.names);
    this.nameOps.push(op);
  }

  private present(file: string): Content {
    const content = this.names.get(file);
    if (content === undefined) throw new Error(`there is no file ${file}`);
    return content;
  }
}

type Change = Extract<DiskOp, {readonly kind: "write" | "allocate" | "truncate"}>;

/** What a name stands for. */
class Content {
  bytes: Uint8Array;
  unsynced: readonly Change[] = [];
  private durable: Uint8Array;

  constructor(bytes: Uint8Array = new Uint8Array()) {
    this.bytes = bytes;
    this.durable = bytes;
  }

  change(op: Change): void {
    this.bytes = changed(this.bytes, op);
    this.unsynced = [...this.unsynced, ...piecesOf(op)];
  }

  sync(): void {
    this.durable = this.bytes;
    this.unsynced = [];
  }

  crash(keeps: () => boolean): Content {
    let bytes = this.durable;
    for (const piece of this.unsynced) if (keeps()) bytes = changed(bytes, piece);
    return new Content(bytes);
  }
}

function piecesOf(op: Change): readonly Change[] {
  if (op.kind !== "write") return [op];
  const pieces: Change[] = [];
  const end = op.at + op.bytes.length;
  for (let at = op.at; at < end;) {
    const border = Math.min(end, at - (at % sectorBytes) + sectorBytes);
    pieces.push({...op, at, bytes: op.bytes.slice(at - op.at, border - op.at)});
    at = border;
  }
  return pieces;
}

function changed(bytes: Uint8Array, op: Change): Uint8Array {
  const size =
    op.kind === "truncate"
      ? op.size
      : Math.max(bytes.length, op.kind === "write" ? op.at + op.bytes.length : op.size);
  const made = new Uint8Array(size);
  made.set(bytes.subarray(0, size));
  if (op.kind === "write") made.set(op.bytes, op.at);
  return made;
}
