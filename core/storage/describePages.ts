// The backend's pages for people: what each is for, as data.

import {bytesOfKey, quotedText} from "../base/key.ts";
import type {Key} from "../base/key.ts";
import type {BackendFile} from "./backendFile.ts";
import type {BucketName} from "./meta.ts";
import {bucketNames, metaPageOf} from "./meta.ts";
import type {PageId, Version} from "./page.ts";
import {pageHeadBytes} from "./page.ts";
import type {PageNode} from "./pageTree.ts";
import {pagesOf, visitNodes} from "./pageTree.ts";

export type PageDescription =
  /** The newer of the two is the one that counts. */
  | {readonly id: PageId; readonly kind: "meta"; readonly version: Version}
  | {
      readonly id: PageId;
      readonly kind: "branch" | "leaf";
      readonly bucket: BucketName;
      /** 0 for leaves. */
      readonly level: number;
      readonly entries: number;
      /** Head and entries; more than a page has when it goes on in overflow pages. */
      readonly bytesUsed: number;
      /** The commit that wrote it. */
      readonly version: Version;
      /** Pages that a branch leads to, in the order of their keys. */
      readonly children: readonly PageId[];
    }
  /** Belongs to the page `of`, some way before it. */
  | {readonly id: PageId; readonly kind: "overflow"; readonly bucket: BucketName; readonly of: PageId}
  | {readonly id: PageId; readonly kind: "free"}
  /** Given up by that commit, and not free yet because an earlier one may still be wanted. */
  | {readonly id: PageId; readonly kind: "pending"; readonly version: Version};

/** By id. */
export function describePages({roots, free, version}: BackendFile): readonly PageDescription[] {
  const pages: PageDescription[] = [];
  for (const written of [version - 1, version]) {
    pages.push({id: metaPageOf(written), kind: "meta", version: written});
  }
  for (const bucket of bucketNames) {
    visitNodes(roots[bucket], (node) => {
      pages.push(...describeNode(node, bucket));
      return true;
    });
  }
  for (const id of free.pages()) pages.push({id, kind: "free"});
  for (const pending of free.pending) {
    for (const id of pending.pages) pages.push({id, kind: "pending", version: pending.version});
  }
  return pages.sort((one, other) => one.id - other.id);
}

function describeNode(node: PageNode, bucket: BucketName): readonly PageDescription[] {
  const {kind, level, keys, entryBytes, page} = node;
  const {id, version} = page;
  const children = node.kind === "branch" ? node.children.map((child) => child.page.id) : [];
  const bytesUsed = pageHeadBytes + entryBytes;
  return [
    {id, kind, bucket, level, entries: keys.length, bytesUsed, version, children},
    ...pagesOf(page)
      .slice(1)
      .map((overflow) => ({id: overflow, kind: "overflow", bucket, of: id}) as const),
  ];
}

/** A key of bucket `key` is a revision: `7.0`, of a tombstone `7.0t`. Others in quotes. */
export function keyText(bucket: BucketName, key: Key): string {
  const isRevision = bucket === "key" && key[8] === "_" && (key.length === 17 || key.endsWith("t"));
  if (!isRevision || key.length > 18) return quotedText(bytesOfKey(key));
  return `${bigEndian(key, 0)}.${bigEndian(key, 9)}${key.slice(17)}`;
}

function bigEndian(key: Key, from: number): number {
  let value = 0;
  for (let i = from; i < from + 8; i++) value = value * 256 + key.charCodeAt(i);
  return value;
}
