// Opening the backend file: the newest intact meta page, and everything that can be reached from it, verified. What is
// wrong is said by the offset of its page; nothing is repaired.
//
// Pages that the commit before this one holds and this one does not are found too (its meta page is the other one): they
// are pending, so that the next commit leaves them alone. All that is reached from neither is free.

import type {Result} from "../base/result.ts";
import {failed, ok} from "../base/result.ts";
import {at} from "../btree/node.ts";
import {Backend} from "./backend.ts";
import type {BackendFile} from "./backendFile.ts";
import type {Damage, DiskReader} from "./disk.ts";
import {sectorBytes} from "./disk.ts";
import {FreeList} from "./freeList.ts";
import type {Meta} from "./meta.ts";
import {bucketNames, decodeMeta, metaPages, perBucket} from "./meta.ts";
import type {IntactPage, PageId, PageLink} from "./page.ts";
import {
  branchEntryBytes,
  decodeBranchEntries,
  decodeLeafEntries,
  decodePage,
  leafEntryBytes,
  sameSum,
} from "./page.ts";
import type {PageNode, PagePlace, PageTree} from "./pageTree.ts";
import {pagesOf, visitNodes} from "./pageTree.ts";
import {storageRules, type StorageRules} from "./rules.ts";

/** The backend in `file`. Fails with the first page, in the order of a read, that is not as it was written. */
export function openBackend(
  disk: DiskReader,
  file: string,
  {pageBytes}: {readonly pageBytes: number},
  rules = storageRules,
): Result<Backend, Damage> {
  const opened = openBytes(disk.read(file, 0, disk.size(file)), file, pageBytes, rules);
  return opened.ok ? ok(new Backend(opened.value)) : opened;
}

/** The backend of an image that came from elsewhere; undefined if any bit of it is not as {@link Backend.image} made it. */
export function openImage(image: Uint8Array, {pageBytes}: {readonly pageBytes: number}): Backend | undefined {
  const opened = openBytes(image, "", pageBytes, storageRules);
  if (!opened.ok) return undefined;
  const {fellBack, free, pageCount} = opened.value;
  if (fellBack !== undefined || free.size > 0 || free.pending.length > 0) return undefined;
  if (image.length !== pageCount * pageBytes) return undefined;
  // Of the meta pages, what is behind their sector has no checksum.
  for (let id = 0; id < metaPages; id++) {
    const behind = image.subarray(id * pageBytes + sectorBytes, (id + 1) * pageBytes);
    if (behind.some((byte) => byte !== 0)) return undefined;
  }
  return new Backend(opened.value);
}

function openBytes(
  bytes: Uint8Array,
  file: string,
  pageBytes: number,
  rules: StorageRules,
): Result<BackendFile, Damage> {
  const metas = [0, 1].map((id) => decodeMeta(bytes, id, pageBytes));
  const [newest, older] = metas
    .filter((meta) => meta !== undefined)
    .sort((one, other) => other.version - one.version);
  if (newest === undefined) return failed({file, offset: 0});
  const {version, pageCount} = newest;
  const broken = metas.indexOf(undefined);
  const tree = new TreeReader({bytes, meta: newest, rules});
  const roots = perBucket((bucket, place) => tree.root(newest.roots[bucket], place));
  if (tree.damaged !== undefined) return failed({file, offset: tree.damaged * pageBytes});
  return ok({
    pageBytes,
    version,
    roots,
    pageCount,
    fileBytes: bytes.length,
    free: freeOf(tree, newest, older),
    fellBack: broken < 0 ? undefined : {file, offset: broken * pageBytes},
  });
}

function freeOf(tree: TreeReader, newest: Meta, older: Meta | undefined): FreeList {
  const free = new FreeList();
  const pending = older === undefined ? [] : onlyIn(older, tree);
  free.addLater(newest.version, pending);
  const taken = new Set(pending);
  for (let id = metaPages; id < newest.pageCount; id++) {
    if (!tree.reached.has(id) && !taken.has(id)) free.add(id);
  }
  return free;
}

/** Pages of the older commit's trees that are not in the newer one's. One that is damaged protects nothing. */
function onlyIn(older: Meta, newer: TreeReader): readonly PageId[] {
  const tree = new TreeReader({...newer.read, meta: older}, newer);
  const pages: PageId[] = [];
  for (const [place, bucket] of bucketNames.entries()) {
    visitNodes(tree.root(older.roots[bucket], place), ({page}) => {
      if (newer.holds(page)) return false;
      pages.push(...pagesOf(page));
      return true;
    });
  }
  return pages.filter((id) => !newer.reached.has(id));
}

/** What must be so of a page because of the branch above it. */
interface Expected {
  readonly bucket: number;
  /** Undefined for a root. */
  readonly level: number | undefined;
  /** The first key is this one; undefined for a root. */
  readonly first: string | undefined;
  /** All keys are less than this one; undefined for no bound. */
  readonly below: string | undefined;
}

/** Reads trees; remembers which pages it came through, and the first that was not as it had to be. */
class TreeReader {
  readonly nodeAt = new Map<PageId, PageNode>();
  /** All pages, overflow too. */
  readonly reached = new Set<PageId>();
  damaged: PageId | undefined;
  readonly read: {readonly bytes: Uint8Array; readonly meta: Meta; readonly rules: StorageRules};
  /** Whose nodes may be taken over where they are the same. */
  private readonly known: TreeReader | undefined;

  constructor(read: TreeReader["read"], known?: TreeReader) {
    this.read = read;
    this.known = known;
  }

  holds({id, sum}: PageLink): boolean {
    const node = this.nodeAt.get(id);
    return node !== undefined && sameSum(node.page.sum, sum);
  }

  root(link: PageLink | undefined, bucket: number): PageTree {
    if (link === undefined) return undefined;
    return this.node(link, {bucket, level: undefined, first: undefined, below: undefined});
  }

  /** Undefined once a page was damaged. */
  private node(link: PageLink, expected: Expected): PageNode | undefined {
    if (this.damaged !== undefined) return undefined;
    const known = this.known?.holds(link) === true ? this.known.nodeAt.get(link.id) : undefined;
    if (known !== undefined) return known;
    const page = this.page(link, expected);
    const node = page?.kind === "branch" ? this.branch(page, expected) : page && this.leaf(page);
    if (node !== undefined && hasKeys(node, expected)) {
      this.nodeAt.set(link.id, node);
      return node;
    }
    this.damaged ??= link.id;
    return undefined;
  }

  /** The page that the link means, if nothing led to it before. */
  private page({id, sum}: PageLink, {bucket, level}: Expected): IntactPage | undefined {
    const {bytes, meta, rules} = this.read;
    const page = decodePage(bytes, id, meta.pageBytes, meta.pageBytes, rules);
    if (page === undefined || page.kind === "meta" || !sameSum(page.sum, sum)) return undefined;
    if (page.bucket !== bucket || page.version > meta.version) return undefined;
    if ((page.level === 0) !== (page.kind === "leaf")) return undefined;
    if (level !== undefined && page.level !== level) return undefined;
    for (const one of pagesOf(page)) {
      if (one < metaPages || one >= meta.pageCount) return undefined;
      if (this.reached.has(one)) return undefined;
      this.reached.add(one);
    }
    return page;
  }

  private leaf(page: IntactPage): PageNode | undefined {
    const entries = decodeLeafEntries(page);
    if (entries === undefined) return undefined;
    const {keys, values} = entries;
    const entryBytes = keys.reduce((sum, key, i) => sum + leafEntryBytes(key, at(values, i)), 0);
    return {kind: "leaf", level: 0, entryBytes, keys, values, page: placeOf(page)};
  }

  private branch(page: IntactPage, {bucket, below}: Expected): PageNode | undefined {
    const entries = decodeBranchEntries(page);
    if (entries === undefined) return undefined;
    const {keys, links} = entries;
    const level = page.level - 1;
    const children: PageNode[] = [];
    for (const [i, link] of links.entries()) {
      const child = this.node(link, {bucket, level, first: at(keys, i), below: keys[i + 1] ?? below});
      if (child === undefined) return undefined;
      children.push(child);
    }
    const entryBytes = keys.reduce((sum, key) => sum + branchEntryBytes(key), 0);
    return {kind: "branch", level: page.level, entryBytes, keys, children, page: placeOf(page)};
  }
}

/** Without the bytes, which would keep the whole file in memory. */
function placeOf({id, sum, overflow, version}: IntactPage): PagePlace {
  return {id, sum, overflow, version};
}

/** Whether the keys ascend, begin where the branch above says, and end before what is behind. */
function hasKeys({keys}: PageNode, {first, below}: Expected): boolean {
  if (keys.length === 0 || (first !== undefined && keys[0] !== first)) return false;
  for (let i = 1; i < keys.length; i++) if (!(at(keys, i - 1) < at(keys, i))) return false;
  return below === undefined || at(keys, keys.length - 1) < below;
}
