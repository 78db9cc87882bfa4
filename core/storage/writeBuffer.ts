// What was put and deleted since the last commit, as reads must see it. etcd keeps it in a bolt transaction with a read
// buffer beside it; the promise is the same.

import {BTree} from "../btree/btree.ts";
import type {Hasher} from "../base/hasher.ts";
import type {Key, Value} from "../base/key.ts";
import {compareKeys} from "../base/key.ts";
import type {BucketName} from "./meta.ts";
import {bucketNames} from "./meta.ts";
import type {PageTree} from "./pageTree.ts";
import {TreeCursor} from "./pageTree.ts";
import type {Change} from "./treeEdit.ts";

type Changes = BTree<Key, Value | null>;

export class WriteBuffer {
  /** By the bucket's place in `bucketNames`; made when something is written to it. */
  private readonly buckets: (Changes | undefined)[] = [];
  private count = 0;

  /** Operations taken, also those of one key. */
  get operations(): number {
    return this.count;
  }

  /** `null` deletes. */
  set(bucket: BucketName, key: Key, value: Value | null): void {
    const place = bucketNames.indexOf(bucket);
    const changes = (this.buckets[place] ??= new BTree<Key, Value | null>(compareKeys));
    changes.set(key, value);
    this.count++;
  }

  /** Undefined when the key was not touched. */
  get(bucket: BucketName, key: Key): Value | null | undefined {
    return this.in(bucket)?.get(key);
  }

  /** In ascending order. */
  changes(bucket: BucketName): readonly Change[] {
    const changes: Change[] = [];
    this.in(bucket)?.scan(undefined, (key, value) => changes.push({key, value}) > 0);
    return changes;
  }

  /** Visits what a bucket holds with these changes made to `tree`, ascending from `from`, until `visit` says false. */
  scanOver(tree: PageTree, bucket: BucketName, from: Key, visit: (key: Key, value: Value) => boolean): void {
    const cursor = new TreeCursor(tree, from);
    let goesOn = true;
    this.in(bucket)?.scan(from, (key, value) => {
      goesOn = visitBelow(cursor, key, visit);
      if (!goesOn) return false;
      if (cursor.key === key) cursor.next();
      goesOn = value === null || visit(key, value);
      return goesOn;
    });
    if (goesOn) visitBelow(cursor, undefined, visit);
  }

  fork(): WriteBuffer {
    const twin = new WriteBuffer();
    for (const [place, changes] of this.buckets.entries()) twin.buckets[place] = changes?.fork();
    twin.count = this.count;
    return twin;
  }

  /** In the order of the keys: how the changes came about does not matter. */
  digest(into: Hasher): void {
    into.int(this.count);
    for (const bucket of bucketNames) {
      const changes = this.in(bucket);
      into.int(changes?.size ?? 0);
      changes?.scan(undefined, (key, value) => {
        into.string(key);
        into.bool(value === null);
        if (value !== null) into.bytes(value);
        return true;
      });
    }
  }

  private in(bucket: BucketName): Changes | undefined {
    return this.buckets[bucketNames.indexOf(bucket)];
  }
}

/** Visits the cursor's entries whose keys are less than `border`; false once `visit` said stop. */
export function visitBelow(
  cursor: TreeCursor,
  border: Key | undefined,
  visit: (key: Key, value: Value) => boolean,
): boolean {
  for (let key = cursor.key; key !== undefined && (border === undefined || key < border); key = cursor.key) {
    if (!visit(key, cursor.value)) return false;
    cursor.next();
  }
  return true;
}
