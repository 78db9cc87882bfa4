// What was put and deleted since the last commit, as reads must see it. etcd keeps it in a bolt transaction with a read
// buffer beside it; the promise is the same.

import {BTree} from "../btree/btree.ts";
import {Hasher} from "../base/hasher.ts";
import type {Key, Value} from "../base/key.ts";
import {compareKeys} from "../base/key.ts";
import type {BucketName, PerBucket} from "./meta.ts";
import {bucketNames, perBucket} from "./meta.ts";
import type {PageTree} from "./pageTree.ts";
import {TreeCursor} from "./pageTree.ts";
import type {Change} from "./treeEdit.ts";

type Changes = BTree<Key, Value | null>;

export class WriteBuffer {
  private buckets: PerBucket<Changes> = perBucket(() => new BTree<Key, Value | null>(compareKeys));
  private count = 0;
  /** Sums of a digest of each change that it holds, so that the order in which they came does not matter. */
  private sumA = 0;
  private sumB = 0;

  /** Operations taken, also those of one key. */
  get operations(): number {
    return this.count;
  }

  /** `null` deletes. */
  set(bucket: BucketName, key: Key, value: Value | null): void {
    const changes = this.buckets[bucket];
    const old = changes.get(key);
    if (old !== undefined) this.mix(bucket, key, old, -1);
    this.mix(bucket, key, value, 1);
    changes.set(key, value);
    this.count++;
  }

  /** Undefined when the key was not touched. */
  get(bucket: BucketName, key: Key): Value | null | undefined {
    return this.buckets[bucket].get(key);
  }

  /** In ascending order. */
  changes(bucket: BucketName): readonly Change[] {
    const changes: Change[] = [];
    this.buckets[bucket].scan(undefined, (key, value) => changes.push({key, value}) > 0);
    return changes;
  }

  /** Visits what a bucket holds with these changes made to `tree`, ascending from `from`, until `visit` says false. */
  scanOver(tree: PageTree, bucket: BucketName, from: Key, visit: (key: Key, value: Value) => boolean): void {
    const cursor = new TreeCursor(tree, from);
    let goesOn = true;
    this.buckets[bucket].scan(from, (key, value) => {
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
    twin.buckets = perBucket((bucket) => this.buckets[bucket].fork());
    twin.count = this.count;
    twin.sumA = this.sumA;
    twin.sumB = this.sumB;
    return twin;
  }

  digest(into: Hasher): void {
    into.int(this.count);
    into.word(this.sumA);
    into.word(this.sumB);
  }

  private mix(bucket: BucketName, key: Key, value: Value | null, sign: 1 | -1): void {
    const hasher = new Hasher();
    hasher.word(bucketNames.indexOf(bucket));
    hasher.string(key);
    hasher.bool(value === null);
    if (value !== null) hasher.bytes(value);
    const [a, b] = hasher.lanes();
    this.sumA = (this.sumA + sign * a) | 0;
    this.sumB = (this.sumB + sign * b) | 0;
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
