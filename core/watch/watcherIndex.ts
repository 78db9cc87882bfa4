// Which watchers a change concerns (etcd mvcc/watcher_group.go: a map for single keys, an interval tree for ranges).

import type {Key} from "../base/key.ts";
import {BTree} from "../btree/btree.ts";
import {IntervalTree} from "./intervalTree.ts";
import {compareByRange, type RangeWatcher} from "./watcher.ts";

/** Watchers by what they watch. A fork costs O(1). */
export class WatcherIndex<W extends RangeWatcher> {
  private single = new BTree<RangeWatcher, W>(compareByRange);
  private ranges = new IntervalTree<W>();

  /** It must not be there. */
  add(watcher: W): void {
    if (watcher.range.to === "") this.single.set(watcher, watcher);
    else this.ranges.add(watcher);
  }

  delete(watcher: W): void {
    if (watcher.range.to === "") this.single.delete(watcher);
    else this.ranges.delete(watcher);
  }

  /** Visits those whose range holds the key, each once: O(log n) and the number of visits. The index must not be changed meanwhile. */
  visit(key: Key, found: (watcher: W) => void): void {
    if (this.single.size > 0) {
      const first = {range: {from: key, to: ""}, stream: -Infinity, watchId: -Infinity};
      this.single.scan(first, (_, watcher) => {
        if (watcher.range.from !== key) return false;
        found(watcher);
        return true;
      });
    }
    this.ranges.visit(key, found);
  }

  fork(): WatcherIndex<W> {
    const twin = new WatcherIndex<W>();
    twin.single = this.single.fork();
    twin.ranges = this.ranges.fork();
    return twin;
  }
}
