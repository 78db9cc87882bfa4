// All watchers of a member, by where they stand, and those that are synced also by what they watch (etcd
// mvcc/watcher_group.go). Each group is in order of stream and watch id.

import type {Key} from "../base/key.ts";
import {BTree} from "../btree/btree.ts";
import {compareWatchers, type Watcher, type WatcherName, type WatchGroup} from "./watcher.ts";
import {WatcherIndex} from "./watcherIndex.ts";

/** A name less than any watcher's. */
export const beforeAll: WatcherName = {stream: -Infinity, watchId: -Infinity};

type Group = BTree<WatcherName, Watcher>;

const groups = ["synced", "unsynced", "victim"] as const satisfies readonly WatchGroup[];

export class WatchGroups {
  private readonly groups: Record<WatchGroup, Group> = {
    synced: new BTree<WatcherName, Watcher>(compareWatchers),
    unsynced: new BTree<WatcherName, Watcher>(compareWatchers),
    victim: new BTree<WatcherName, Watcher>(compareWatchers),
  };
  /** Of the synced ones. */
  private index = new WatcherIndex<Watcher>();
  private requiringLeader = 0;

  get size(): number {
    const {synced, unsynced, victim} = this.groups;
    return synced.size + unsynced.size + victim.size;
  }

  /** Whether one would rather end than hear nothing because its member knows no leader. */
  get requiresLeader(): boolean {
    return this.requiringLeader > 0;
  }

  sizeOf(group: WatchGroup): number {
    return this.groups[group].size;
  }

  get(group: WatchGroup, name: WatcherName): Watcher | undefined {
    return this.groups[group].get(name);
  }

  /** In whatever group it stands. */
  find(name: WatcherName): Watcher | undefined {
    const {synced, unsynced, victim} = this.groups;
    return synced.get(name) ?? unsynced.get(name) ?? victim.get(name);
  }

  enter(watcher: Watcher): void {
    this.groups[watcher.group].set(watcher, watcher);
    if (watcher.group === "synced") this.index.add(watcher);
    if (watcher.requireLeader) this.requiringLeader++;
  }

  leave(watcher: Watcher): void {
    this.groups[watcher.group].delete(watcher);
    if (watcher.group === "synced") this.index.delete(watcher);
    if (watcher.requireLeader) this.requiringLeader--;
  }

  move(watcher: Watcher, to: Partial<Watcher>): void {
    this.leave(watcher);
    this.enter({...watcher, ...to});
  }

  /** All of a stream leave. */
  leaveStream(stream: number): void {
    for (const watcher of this.allOfStream(stream)) this.leave(watcher);
  }

  all(): readonly Watcher[] {
    const all = groups.flatMap((group) => this.of(group));
    return this.sizeOf("unsynced") + this.sizeOf("victim") > 0 ? all.sort(compareWatchers) : all;
  }

  of(group: WatchGroup): readonly Watcher[] {
    return this.around(group, beforeAll);
  }

  /** All of a group, in order, from behind `after` to the end and then from the beginning. */
  around(group: WatchGroup, after: WatcherName): readonly Watcher[] {
    const behind: Watcher[] = [];
    const first: Watcher[] = [];
    this.scan(group, (watcher) => {
      (compareWatchers(watcher, after) > 0 ? behind : first).push(watcher);
      return true;
    });
    return first.length === 0 ? behind : [...behind, ...first];
  }

  ofStream(group: WatchGroup, stream: number): readonly Watcher[] {
    const found: Watcher[] = [];
    this.groups[group].scan({stream, watchId: -Infinity}, (_, watcher) => {
      if (watcher.stream !== stream) return false;
      found.push(watcher);
      return true;
    });
    return found;
  }

  allOfStream(stream: number): readonly Watcher[] {
    return groups.flatMap((group) => this.ofStream(group, stream));
  }

  /** Whether one of the stream's is in the group. */
  holds(group: WatchGroup, stream: number): boolean {
    return this.firstFrom(group, stream)?.stream === stream;
  }

  /** Whether it is true of a stream that has one in the group; asked of each once. */
  anyStream(group: WatchGroup, isSo: (stream: number) => boolean): boolean {
    let next = this.firstFrom(group, -Infinity);
    while (next !== undefined && !isSo(next.stream)) next = this.firstFrom(group, next.stream + 1);
    return next !== undefined;
  }

  /** Visits a group in order, as long as `visit` answers true. */
  scan(group: WatchGroup, visit: (watcher: Watcher) => boolean): void {
    this.groups[group].scan(undefined, (_, watcher) => visit(watcher));
  }

  /** Visits the synced ones whose range holds the key. None may enter or leave meanwhile. */
  visit(key: Key, found: (watcher: Watcher) => void): void {
    this.index.visit(key, found);
  }

  /** An independent twin: watchers are shared. */
  fork(): WatchGroups {
    const twin = new WatchGroups();
    for (const group of groups) twin.groups[group] = this.groups[group].fork();
    twin.index = this.index.fork();
    twin.requiringLeader = this.requiringLeader;
    return twin;
  }

  /** The first watcher of the stream, or of those behind it. */
  private firstFrom(group: WatchGroup, stream: number): Watcher | undefined {
    let found: Watcher | undefined;
    this.groups[group].scan({stream, watchId: -Infinity}, (_, watcher) => {
      found = watcher;
      return false;
    });
    return found;
  }
}
