// A disk for tests: operations are carried out at once; a crash may leave whatever core/storage/disk.ts allows of those
// that were not synced.

import type {DiskOp, DiskReader} from "../../../core/storage/disk.ts";
import {sectorBytes} from "../../../core/storage/disk.ts";

/** A part of an un-synced operation that survives or not by itself: one sector of a write, a change of size. */
type Loose =
  | {readonly kind: "sector"; readonly at: number; readonly bytes: Uint8Array}
  | {readonly kind: "allocate"; readonly size: number}
  | {readonly kind: "truncate"; readonly size: number};

interface Content {
  bytes: Uint8Array;
  durable: Uint8Array;
  loose: Loose[];
}

export class CrashDisk implements DiskReader {
  private names = new Map<string, Content>();
  /** The directory before each name operation that was not synced, oldest first. */
  private journal: Map<string, Content>[] = [];

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
    if (op.kind === "syncDir") this.journal = [];
    else if (op.kind === "unlink" || op.kind === "rename") this.rename(op.file, op);
    else if (op.kind === "sync") {
      const content = this.content(op.file);
      content.durable = content.bytes;
      content.loose = [];
    } else {
      const content = this.content(op.file);
      const pieces = piecesOf(op);
      content.bytes = after(content.bytes, pieces);
      content.loose.push(...pieces);
    }
  }

  /** Changes what stands on the disk, as rot does. */
  spoil(file: string, change: (bytes: Uint8Array) => void): void {
    const content = this.content(file);
    content.bytes = content.bytes.slice();
    change(content.bytes);
    content.durable = content.bytes;
  }

  /** How many parts of operations a crash may each keep or lose. */
  get loose(): number {
    let count = 0;
    for (const {loose} of this.names.values()) count += loose.length;
    return count;
  }

  /** How many changes of names were not synced. */
  get looseNames(): number {
    return this.journal.length;
  }

  /** What a crash leaves that keeps these parts, and the first `names` of the changes of names. */
  crash(keeps: (part: number) => boolean, names = 0): CrashDisk {
    const left = new CrashDisk();
    let part = 0;
    const kept = new Map<Content, Uint8Array>();
    for (const content of this.names.values()) {
      const pieces = content.loose.filter(() => keeps(part++));
      kept.set(content, after(content.durable, pieces));
    }
    for (const [name, content] of this.journal[names] ?? this.names) {
      const bytes = kept.get(content) ?? content.durable;
      left.names.set(name, {bytes, durable: bytes, loose: []});
    }
    return left;
  }

  fork(): CrashDisk {
    const twin = new CrashDisk();
    const copies = new Map<Content, Content>();
    const copied = (content: Content): Content => {
      const copy = copies.get(content) ?? {...content, loose: [...content.loose]};
      copies.set(content, copy);
      return copy;
    };
    const directory = (names: Map<string, Content>): Map<string, Content> =>
      new Map([...names].map(([name, content]) => [name, copied(content)]));
    twin.names = directory(this.names);
    twin.journal = this.journal.map(directory);
    return twin;
  }

  private content(file: string): Content {
    const found = this.names.get(file);
    if (found !== undefined) return found;
    const made = {bytes: new Uint8Array(), durable: new Uint8Array(), loose: []};
    this.journal.push(new Map(this.names));
    this.names.set(file, made);
    return made;
  }

  private rename(file: string, op: DiskOp): void {
    const content = this.content(file);
    this.journal.push(new Map(this.names));
    this.names.delete(file);
    if (op.kind === "rename") this.names.set(op.to, content);
  }
}

function piecesOf(op: DiskOp): readonly Loose[] {
  if (op.kind === "allocate") return [{kind: "allocate", size: op.size}];
  if (op.kind === "truncate") return [{kind: "truncate", size: op.size}];
  if (op.kind !== "write") return [];
  const pieces: Loose[] = [];
  for (let at = op.at; at < op.at + op.bytes.length;) {
    const end = Math.min(at - (at % sectorBytes) + sectorBytes, op.at + op.bytes.length);
    pieces.push({kind: "sector", at, bytes: op.bytes.slice(at - op.at, end - op.at)});
    at = end;
  }
  return pieces;
}

/** A copy with these parts in it. */
function after(before: Uint8Array, pieces: readonly Loose[]): Uint8Array {
  let bytes = before.slice();
  for (const piece of pieces) {
    const isExact = piece.kind === "truncate";
    const need = piece.kind === "sector" ? piece.at + piece.bytes.length : piece.size;
    if (isExact ? need !== bytes.length : need > bytes.length) {
      const resized = new Uint8Array(need);
      resized.set(bytes.subarray(0, need));
      bytes = resized;
    }
    if (piece.kind === "sector") bytes.set(piece.bytes, piece.at);
  }
  return bytes;
}
