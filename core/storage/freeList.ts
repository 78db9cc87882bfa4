// Which pages of the backend file may be written. A page that commit v no longer needs is `pending`: the trees of the
// commits before v still hold it. It becomes free when nobody can want one of those any more.

import {BTree} from "../btree/btree.ts";
import type {Hasher} from "../base/hasher.ts";
import type {PageId, Version} from "./page.ts";

/** Pages that the tree of commit `version` does not hold any more, and that of the one before did. */
export interface Pending {
  readonly version: Version;
  /** Ascending. */
  readonly pages: readonly PageId[];
}

export class FreeList {
  private free = new BTree<PageId, true>((a, b) => a - b);
  /** By version, ascending. */
  private later: readonly Pending[] = [];

  get size(): number {
    return this.free.size;
  }

  get pending(): readonly Pending[] {
    return this.later;
  }

  /** Ascending. */
  pages(): readonly PageId[] {
    const ids: PageId[] = [];
    this.free.scan(undefined, (id) => ids.push(id) > 0);
    return ids;
  }

  add(id: PageId): void {
    this.free.set(id, true);
  }

  /** The first of `count` pages in a row, the lowest that there are; undefined if no so many are in a row. */
  take(count: number): PageId | undefined {
    const first = this.lowest(count);
    if (first === undefined) return undefined;
    for (let id = first; id < first + count; id++) this.free.delete(id);
    return first;
  }

  /** These are free once {@link FreeList.release} says that the commits before `version` are of no use. */
  addLater(version: Version, pages: readonly PageId[]): void {
    if (pages.length === 0) return;
    this.later = [...this.later, {version, pages: pages.toSorted((a, b) => a - b)}];
  }

  /** Frees what commits up to `version` gave up. */
  release(version: Version): void {
    for (const pending of this.later) {
      if (pending.version <= version) for (const id of pending.pages) this.add(id);
    }
    this.later = this.later.filter((pending) => pending.version > version);
  }

  fork(): FreeList {
    const twin = new FreeList();
    twin.free = this.free.fork();
    twin.later = this.later;
    return twin;
  }

  /** Of what is pending. The rest is free that no tree holds: who digests the trees too has all. */
  digest(into: Hasher): void {
    into.int(this.later.length);
    for (const {version, pages} of this.later) {
      into.int(version);
      into.int(pages.length);
      for (const id of pages) into.word(id);
    }
  }

  private lowest(count: number): PageId | undefined {
    if (count === 1) return this.free.first()?.key;
    let first: PageId | undefined;
    let next: PageId | undefined;
    this.free.scan(undefined, (id) => {
      if (id !== next) first = id;
      next = id + 1;
      return next - (first ?? id) < count;
    });
    return first !== undefined && next !== undefined && next - first === count ? first : undefined;
  }
}
