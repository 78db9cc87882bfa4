// What must hold of the pages of a backend, whatever happened before.

import type {Backend} from "../../../core/storage/backend.ts";
import {bucketNames, metaPages} from "../../../core/storage/meta.ts";
import {branchEntryBytes, leafEntryBytes, pageHeadBytes, pagesFor} from "../../../core/storage/page.ts";
import type {PageNode} from "../../../core/storage/pageTree.ts";
import {pagesOf, visitNodes} from "../../../core/storage/pageTree.ts";

function must(condition: boolean, otherwise: string): void {
  if (!condition) throw new Error(otherwise);
}

/** Throws unless every page is a meta page, reached once, pending or free; and every node has its shape. */
export function checkPages(backend: Backend): void {
  const {pageBytes, roots, pageCount, free, fileBytes, version} = backend.file();
  const owner = new Map<number, string>();
  const take = (id: number, who: string): void => {
    must(!owner.has(id), `page ${id} is ${who} and ${owner.get(id) ?? ""}`);
    must(id < pageCount, `page ${id} of ${pageCount}`);
    owner.set(id, who);
  };
  for (let id = 0; id < metaPages; id++) take(id, "meta");
  for (const id of free.pages()) take(id, "free");
  for (const {pages} of free.pending) for (const id of pages) take(id, "pending");
  for (const bucket of bucketNames) {
    visitNodes(roots[bucket], (node) => {
      for (const id of pagesOf(node.page)) take(id, bucket);
      must(node.page.version <= version, "a page is not newer than the commit");
      checkNode(node, pageBytes);
      return true;
    });
    const root = roots[bucket];
    must(root?.kind !== "branch" || root.children.length > 1, "a root that is a branch leads to two pages");
  }
  must(owner.size === pageCount, `${owner.size} of ${pageCount} pages are accounted for`);
  must(fileBytes >= pageCount * pageBytes, "the file has all pages");
}

function checkNode(node: PageNode, pageBytes: number): void {
  const capacity = pageBytes - pageHeadBytes;
  must(node.keys.length > 0, "a page holds an entry");
  for (const [i, key] of node.keys.entries()) must(i === 0 || (node.keys[i - 1] ?? "") < key, "keys ascend");
  const sizes = node.keys.map((key, i) =>
    node.kind === "branch" ? branchEntryBytes(key) : leafEntryBytes(key, node.values[i] ?? new Uint8Array()),
  );
  const entryBytes = sizes.reduce((sum, size) => sum + size, 0);
  must(entryBytes === node.entryBytes, `${node.entryBytes} bytes of entries are counted as ${entryBytes}`);
  must(node.page.overflow + 1 === pagesFor(entryBytes, pageBytes), "a node has the pages it needs");
  const most = node.kind === "leaf" ? 1 : 3;
  must(entryBytes <= capacity || node.keys.length <= most, `${node.keys.length} entries in overflow pages`);
  if (node.kind === "leaf") return;
  for (const [i, child] of node.children.entries()) {
    must(child.level === node.level - 1, "all leaves are at one depth");
    must(child.keys[0] === node.keys[i], "a branch lists a page by its first key");
    const last = child.keys.at(-1) ?? "";
    const behind = node.keys[i + 1];
    must(behind === undefined || last < behind, "pages do not overlap");
    const next = node.children[i + 1];
    if (next === undefined) continue;
    const both = child.entryBytes + next.entryBytes;
    const isSmall = Math.min(child.entryBytes, next.entryBytes) < capacity / 4;
    must(
      !isSmall || both > capacity,
      `neighbours of ${child.entryBytes} and ${next.entryBytes} bytes are not one`,
    );
  }
}
