// Which file has which name: durably, and with all that was asked for. The changes between the two stand in order, and a
// crash keeps the first few of them, because a journal does.

import type {Hasher} from "../../core/base/hasher.ts";

/** A file's number on its disk. */
export type FileNumber = number;

/** "create" is what the first operation on an unknown name does. */
type Change =
  | {readonly kind: "create" | "unlink"; readonly name: string; readonly file: FileNumber}
  | {readonly kind: "rename"; readonly name: string; readonly to: string; readonly file: FileNumber};

export class Names {
  private durable = new Map<string, FileNumber>();
  private asked = new Map<string, FileNumber>();
  private changes: readonly (Change & {readonly order: number})[] = [];

  /** Changes that no syncDir covers. */
  get unsynced(): number {
    return this.changes.length;
  }

  /** The file that has the name, with all that was asked for. */
  find(name: string): FileNumber | undefined {
    return this.asked.get(name);
  }

  findDurable(name: string): FileNumber | undefined {
    return this.durable.get(name);
  }

  /** By name, in byte order. */
  list(): readonly (readonly [string, FileNumber])[] {
    return sorted(this.asked);
  }

  listDurable(): readonly (readonly [string, FileNumber])[] {
    return sorted(this.durable);
  }

  /** Every file that has a name, or may have one after a crash. */
  files(): ReadonlySet<FileNumber> {
    const found = new Set([...this.durable.values(), ...this.asked.values()]);
    for (const {file} of this.changes) found.add(file);
    return found;
  }

  create(order: number, name: string, file: FileNumber): void {
    this.note({order, kind: "create", name, file}, this.asked);
  }

  unlink(order: number, name: string): void {
    const file = this.asked.get(name);
    if (file !== undefined) this.note({order, kind: "unlink", name, file}, this.asked);
  }

  /** What had the name `to` has it no more. */
  rename(order: number, name: string, to: string): void {
    const file = this.asked.get(name);
    if (file !== undefined) this.note({order, kind: "rename", name, to, file}, this.asked);
  }

  /** Makes the changes up to `order` durable. */
  settle(order: number): void {
    this.settleFirst(this.covered(order));
  }

  /** Changes that {@link settle} would make durable. */
  covered(order: number): number {
    return this.changes.filter((change) => change.order <= order).length;
  }

  /** A crash: the first `kept` changes are durable, of the others nobody knows. */
  crash(kept: number): void {
    this.settleFirst(kept);
    this.changes = [];
    this.asked = new Map(this.durable);
  }

  fork(): Names {
    const twin = new Names();
    twin.durable = new Map(this.durable);
    twin.asked = new Map(this.asked);
    twin.changes = this.changes;
    return twin;
  }

  /** `place` numbers files in an order that does not depend on history. */
  digest(into: Hasher, place: (file: FileNumber) => number): void {
    for (const names of [this.durable, this.asked]) {
      into.int(names.size);
      for (const [name, file] of sorted(names)) {
        into.string(name);
        into.int(place(file));
      }
    }
    into.int(this.changes.length);
    for (const change of this.changes) {
      into.string(change.kind);
      into.string(change.name);
      into.string(change.kind === "rename" ? change.to : "");
      into.int(place(change.file));
    }
  }

  private note(change: Change & {readonly order: number}, names: Map<string, FileNumber>): void {
    this.changes = [...this.changes, change];
    apply(change, names);
  }

  private settleFirst(count: number): void {
    for (const change of this.changes.slice(0, count)) apply(change, this.durable);
    this.changes = this.changes.slice(count);
  }
}

function apply(change: Change, names: Map<string, FileNumber>): void {
  if (change.kind === "create") names.set(change.name, change.file);
  else names.delete(change.name);
  if (change.kind === "rename") names.set(change.to, change.file);
}

function sorted(names: ReadonlyMap<string, FileNumber>): (readonly [string, FileNumber])[] {
  return [...names].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
