// What a crash may leave, said once more and slowly: plain arrays, every subset tried. The disk must stay within it.

import type {DiskOp, DiskReader} from "../../../core/storage/disk.ts";

type FileOp = Extract<DiskOp, {kind: "write" | "allocate" | "truncate"}>;

interface Inode {
  base: Uint8Array;
  pending: FileOp[];
}

/** A step on names, as a function of what names are. */
type Renaming = (names: Map<string, Inode>) => void;

export class DiskModel {
  private durable = new Map<string, Inode>();
  private asked = new Map<string, Inode>();
  private renamings: Renaming[] = [];

  /** `isDone`: whether it is finished before the crash; only a sync cares. */
  do(op: DiskOp, isDone: boolean): void {
    switch (op.kind) {
      case "write":
      case "allocate":
      case "truncate":
        this.open(op.file).pending.push(op);
        return;
      case "sync": {
        const inode = this.open(op.file);
        if (!isDone) return;
        for (const pending of inode.pending) inode.base = applied(inode.base, pending);
        inode.pending = [];
        return;
      }
      case "unlink":
        return this.change((names) => void names.delete(op.file));
      case "rename":
        return this.change((names) => {
          const inode = names.get(op.file);
          if (inode === undefined) return;
          names.delete(op.file);
          names.set(op.to, inode);
        });
      case "syncDir":
        if (isDone) this.durable = new Map(this.asked);
        if (isDone) this.renamings = [];
    }
  }

  /** Whether a crash may have left this. */
  allows(disk: DiskReader): boolean {
    const names = new Map(this.durable);
    for (let kept = 0; kept <= this.renamings.length; kept++) {
      if (kept > 0) this.renamings[kept - 1]?.(names);
      const list = [...names.keys()].sort((a, b) => (a < b ? -1 : 1));
      if (list.join() !== disk.list().join()) continue;
      if (list.every((name) => allowsContent(names.get(name), disk, name))) return true;
    }
    return false;
  }

  private open(file: string): Inode {
    const known = this.asked.get(file);
    if (known !== undefined) return known;
    const made: Inode = {base: new Uint8Array(0), pending: []};
    this.change((names) => void names.set(file, made));
    return made;
  }

  private change(renaming: Renaming): void {
    renaming(this.asked);
    this.renamings.push(renaming);
  }
}

/** Every sector must be as some of the operations leave it, and the size too. */
function allowsContent(inode: Inode | undefined, disk: DiskReader, name: string): boolean {
  if (inode === undefined) return false;
  const size = disk.size(name);
  const outcomes = subsets(inode.pending).map((some) => some.reduce(applied, inode.base));
  for (let from = 0; from < size; from += 512) {
    const found = disk.read(name, from, 512);
    const fits = outcomes.some((outcome) => found.every((byte, i) => byte === (outcome[from + i] ?? 0)));
    if (!fits) return false;
  }
  const ends = inode.pending.map((op) => (op.kind === "write" ? op.at + op.bytes.length : op.size));
  const isEndOfSector = size % 512 === 0 && size < Math.max(0, ...ends);
  return isEndOfSector || size === inode.base.length || ends.includes(size);
}

function subsets(operations: readonly FileOp[]): readonly (readonly FileOp[])[] {
  return Array.from({length: 2 ** operations.length}, (_, mask) =>
    operations.filter((_op, i) => ((mask >> i) & 1) === 1),
  );
}

function applied(from: Uint8Array, op: FileOp): Uint8Array {
  const end = op.kind === "write" ? op.at + op.bytes.length : op.size;
  const to = new Uint8Array(op.kind === "truncate" ? end : Math.max(from.length, end));
  to.set(from.subarray(0, to.length));
  if (op.kind === "write") to.set(op.bytes, op.at);
  return to;
}
