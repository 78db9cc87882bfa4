// The backend's pages for people: what each is for, as data and as lines of text.

import {bytesOfKey, quotedText} from "../base/key.ts";
import type {Key, Value} from "../base/key.ts";
import {at} from "../btree/node.ts";
import type {BackendFile, CommitReport} from "./backendFile.ts";
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

/** One line for the file, then one for each page. */
export function pageLines(file: BackendFile): readonly string[] {
  const {pageBytes, pageCount, version} = file;
  return [
    `version ${version}, ${pageCount} pages of ${pageBytes} bytes, ${file.free.size} free`,
    ...describePages(file).map((page) => `${String(page.id).padStart(6)} ${pageText(page, pageBytes)}`),
  ];
}

function pageText(page: PageDescription, pageBytes: number): string {
  switch (page.kind) {
    case "meta":
      return `meta      version ${page.version}`;
    case "free":
      return "free";
    case "pending":
      return `pending   given up by version ${page.version}`;
    case "overflow":
      return `overflow  ${page.bucket}, of page ${page.of}`;
    case "branch":
    case "leaf": {
      const {kind, bucket, level, entries, bytesUsed, version, children} = page;
      const fill = `${entries} entries, ${bytesUsed} of ${pageBytes} bytes, version ${version}`;
      const below = kind === "branch" ? `, level ${level}, leads to ${children.join(" ")}` : "";
      return `${kind.padEnd(9)} ${bucket}, ${fill}${below}`;
    }
  }
}

/** What a page holds, one line for each entry; a value as `text` puts it. None for a page without entries. */
export function entryLines(
  file: BackendFile,
  id: PageId,
  text: (bucket: BucketName, key: Key, value: Value) => string = (_bucket, _key, value) =>
    `${value.length} bytes`,
): readonly string[] {
  const lines: string[] = [];
  for (const bucket of bucketNames) {
    visitNodes(file.roots[bucket], (node) => {
      if (node.page.id !== id) return true;
      for (const [i, key] of node.keys.entries()) {
        const leadsTo =
          node.kind === "branch"
            ? `page ${at(node.children, i).page.id}`
            : text(bucket, key, at(node.values, i));
        lines.push(`${keyText(bucket, key)} → ${leadsTo}`);
      }
      return false;
    });
  }
  return lines;
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

/** `version 7: wrote 4 5 9, gave up 3, 1 split, 0 merged` */
export function commitText({version, written, freed, splits, merges}: CommitReport): string {
  const list = (ids: readonly PageId[]): string => (ids.length === 0 ? "nothing" : ids.join(" "));
  return `version ${version}: wrote ${list(written)}, gave up ${list(freed)}, ${splits} split, ${merges} merged`;
}
