// The backend file as a picture needs it: the tree of bucket `key` with as many leaves as fit, the other buckets' roots,
// and the pages of the file in their order.

import type {Server} from "../../core/server/server.ts";
import type {Backend} from "../../core/storage/backend.ts";
import {keyText} from "../../core/storage/describePages.ts";
import type {PageDescription} from "../../core/storage/describePages.ts";
import {bucketNames, metaPages} from "../../core/storage/meta.ts";
import type {PageNode} from "../../core/storage/pageTree.ts";
import type {DiskBackend, DiskPage, DiskPageSquare, DiskWindow} from "../frame.ts";
import type {Read} from "./diskWay.ts";

/** `server`: undefined while it is down. */
export function describeBackend(
  backend: Backend,
  server: Server | undefined,
  window: DiskWindow,
  read: Read | undefined,
): DiskBackend {
  const {version, committing, buffered, pageBytes, lastCommit: last} = backend;
  const told = backend.pages();
  const pages = new Map(told.map((page) => [page.id, page]));
  const root = backend.file().roots.key;
  const levels = root === undefined ? [] : levelsOf(root);
  const leaves = levels.at(-1) ?? [];
  const path = read?.pages ?? [];
  const [from, to] = leafWindow(leaves, path, Math.max(1, window.leaves));
  const kept = new Set(leaves.slice(from, to).map(({page}) => page.id));
  return {
    version,
    committing,
    pageBytes,
    buffered: server === undefined ? 0 : buffered,
    last: {
      written: last?.written.length ?? 0,
      freed: last?.freed.length ?? 0,
      splits: last?.splits ?? 0,
      merges: last?.merges ?? 0,
    },
    levels: levels.map((level, depth) =>
      level
        .filter((node) => leadsTo(node, kept))
        .map((node) => pageOf(node, levels[depth - 1] ?? [], version, pages.get(node.page.id), pageBytes)),
    ),
    leavesBefore: from,
    leavesAfter: leaves.length - to,
    others: bucketNames.flatMap((bucket) => {
      const id = backend.file().roots[bucket]?.page.id;
      return bucket === "key" || id === undefined ? [] : [{bucket, id}];
    }),
    pages: squaresOf(told, version, path, window.pages),
    pagesTotal: told.length,
  };
}

/** The nodes of each level, the root's first. */
function levelsOf(root: PageNode): readonly (readonly PageNode[])[] {
  const levels: (readonly PageNode[])[] = [[root]];
  for (;;) {
    const below = (levels.at(-1) ?? []).flatMap((node) => (node.kind === "branch" ? node.children : []));
    if (below.length === 0) return levels;
    levels.push(below);
  }
}

/** The newest leaves, or those around the one that the read goes to. */
function leafWindow(
  leaves: readonly PageNode[],
  path: readonly number[],
  count: number,
): readonly [number, number] {
  const end = leaves.length;
  const wanted = leaves.findIndex(({page}) => page.id === path.at(-1));
  if (wanted < 0 || wanted >= end - count) return [Math.max(0, end - count), end];
  const from = Math.max(0, wanted - Math.floor(count / 2));
  return [from, Math.min(end, from + count)];
}

function leadsTo(node: PageNode, kept: ReadonlySet<number>): boolean {
  return node.kind === "branch"
    ? node.children.some((child) => leadsTo(child, kept))
    : kept.has(node.page.id);
}

function pageOf(
  node: PageNode,
  above: readonly PageNode[],
  version: number,
  told: PageDescription | undefined,
  pageBytes: number,
): DiskPage {
  const parent = above.find((one) => one.kind === "branch" && one.children.includes(node));
  const {id, overflow, version: written} = node.page;
  const used = told !== undefined && "bytesUsed" in told ? told.bytesUsed : 0;
  return {
    id,
    parent: parent?.page.id ?? -1,
    entries: node.keys.length,
    fill: Math.min(100, Math.round((used * 100) / (pageBytes * (overflow + 1)))),
    first: keyText("key", node.keys[0] ?? ""),
    fresh: written === version,
  };
}

/** In the order of the file; where not all fit, meta pages, what the newest commit did and the read's come first. */
function squaresOf(
  pages: readonly PageDescription[],
  version: number,
  path: readonly number[],
  count: number,
): readonly DiskPageSquare[] {
  const squares = pages.map((page): DiskPageSquare => {
    const {id, kind} = page;
    const bucket = "bucket" in page ? page.bucket : "";
    const isFresh = page.kind === "meta" || page.kind === "leaf" || page.kind === "branch";
    return {id, kind, bucket, fresh: isFresh && page.version === version};
  });
  if (squares.length <= count) return squares;
  const rank = ({id, kind, fresh}: DiskPageSquare): number =>
    id < metaPages ? 0 : path.includes(id) ? 1 : fresh ? 2 : kind === "pending" ? 3 : kind === "free" ? 5 : 4;
  const chosen = [...squares].sort((a, b) => rank(a) - rank(b) || a.id - b.id).slice(0, count);
  return chosen.sort((a, b) => a.id - b.id);
}
