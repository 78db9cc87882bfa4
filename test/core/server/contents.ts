// Tells disks apart by what can be read from them. Most files of a disk stay as they are while others are written: those
// are looked at once.

import {Hasher} from "../../../core/base/hasher.ts";
import type {Hash} from "../../../core/base/hasher.ts";
import type {DiskOp} from "../../../core/storage/disk.ts";
import type {Disk} from "../../../sim/disk/disk.ts";

/** An operation of the disk was asked for, or is done. */
export interface DiskEvent {
  readonly kind: "asked" | "done";
  readonly op: DiskOp;
}

/** Whether a crash may leave anything that it could not have left before. */
export function changesCrashes({kind, op}: DiskEvent): boolean {
  return (kind === "done") === (op.kind === "sync" || op.kind === "syncDir");
}

/** Of the crashes of one disk, to be told of everything that happens to it. */
export class Contents {
  private readonly digests = new Map<string, Hash>();
  /** Files that a crash may leave in more than one way. */
  private readonly open = new Set<string>();

  note({kind, op}: DiskEvent, disk: Disk): void {
    if (kind === "done") return this.close(op, disk);
    if (op.kind === "sync" || op.kind === "syncDir") return;
    for (const file of op.kind === "rename" ? [op.file, op.to] : [op.file]) {
      this.open.add(file);
      this.digests.delete(file);
    }
  }

  /** Equal for crashes that leave the same. */
  of(left: Disk): Hash {
    const hasher = new Hasher();
    for (const name of left.list()) {
      hasher.string(name);
      hasher.string(this.digestOf(name, left));
    }
    return hasher.hash();
  }

  private close(op: DiskOp, disk: Disk): void {
    const unsynced = disk.unsynced();
    if (unsynced.length === 0 && disk.unsyncedNames === 0) this.open.clear();
    else if (op.kind === "sync" && unsynced.every((one) => one.op.file !== op.file))
      this.open.delete(op.file);
  }

  private digestOf(name: string, left: Disk): Hash {
    const known = this.digests.get(name);
    if (known !== undefined) return known;
    const hasher = new Hasher();
    hasher.bytes(left.read(name, 0, left.size(name)));
    const digest = hasher.hash();
    if (!this.open.has(name)) this.digests.set(name, digest);
    return digest;
  }
}
