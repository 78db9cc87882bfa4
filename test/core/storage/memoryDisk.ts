// A disk for tests: operations are carried out in order; a crash keeps what was synced and, of the rest, a chosen number
// of operations whole and a part of the next write.

import type {DiskOp, DiskReader} from "../../../core/storage/disk.ts";

export class MemoryDisk implements DiskReader {
  private readonly files = new Map<string, Uint8Array>();
  private durable = new Map<string, Uint8Array>();
  private unsynced: DiskOp[] = [];

  list(): readonly string[] {
    return [...this.files.keys()].sort();
  }

  size(file: string): number {
    return this.files.get(file)?.length ?? 0;
  }

  read(file: string, at: number, length: number): Uint8Array {
    return (this.files.get(file) ?? new Uint8Array()).slice(at, at + length);
  }

  do(op: DiskOp): void {
    carryOut(this.files, op);
    if (op.kind === "sync") {
      this.durable = new Map(this.files);
      this.unsynced = [];
    } else this.unsynced.push(op);
  }

  /** Bytes of writes that a crash may lose. */
  get unsyncedBytes(): number {
    let bytes = 0;
    for (const op of this.unsynced) if (op.kind === "write") bytes += op.bytes.length;
    return bytes;
  }

  /** What a crash leaves that keeps the first `bytes` of what was written since the last sync. */
  crash(bytes: number): MemoryDisk {
    const left = new MemoryDisk();
    for (const [file, content] of this.durable) left.files.set(file, content);
    let rest = bytes;
    for (const op of this.unsynced) {
      if (op.kind !== "write") {
        carryOut(left.files, op);
        continue;
      }
      carryOut(left.files, {...op, bytes: op.bytes.slice(0, rest)});
      rest -= op.bytes.length;
      if (rest <= 0) break;
    }
    left.durable = new Map(left.files);
    return left;
  }

  /** Changes what stands on the disk, as rot does. */
  spoil(file: string, change: (bytes: Uint8Array) => Uint8Array): void {
    this.files.set(file, change((this.files.get(file) ?? new Uint8Array()).slice()));
    this.durable = new Map(this.files);
  }
}

function carryOut(files: Map<string, Uint8Array>, op: DiskOp): void {
  if (op.kind === "unlink") files.delete(op.file);
  if (op.kind === "truncate" || op.kind === "allocate") {
    const grown = new Uint8Array(op.size);
    grown.set((files.get(op.file) ?? new Uint8Array()).subarray(0, op.size));
    files.set(op.file, grown);
  }
  if (op.kind !== "write") return;
  const old = files.get(op.file) ?? new Uint8Array();
  const written = new Uint8Array(Math.max(old.length, op.at + op.bytes.length));
  written.set(old);
  written.set(op.bytes, op.at);
  files.set(op.file, written);
}
