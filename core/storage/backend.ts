// The backend of a running member: buckets of sorted keys, kept in one file. Writes go into a buffer; a commit takes them
// into new pages beside the old ones and then writes one meta page, which makes them count (etcd's backend over bbolt).
//
// Everything is in memory too, as nodes that are never written again: a fork shares them, and a reader keeps the version
// at which it began by keeping its roots.
//
// Nothing that one of the last two commits needs is overwritten. After a crash the file is at the last commit, or at the
// one before it, whole either way; and when the newer meta page rots, the older one still leads to a whole tree.

import {assert} from "../base/assert.ts";
import type {Hasher} from "../base/hasher.ts";
import type {Key, Value} from "../base/key.ts";
import type {BackendFile, CommitReport, PagePath} from "./backendFile.ts";
import type {PageDescription} from "./describePages.ts";
import {describePages} from "./describePages.ts";
import type {Damage, DiskOp, DiskStep} from "./disk.ts";
import {dbFile} from "./files.ts";
import {FreeList} from "./freeList.ts";
import {encodeImage, imageVersion} from "./image.ts";
import type {BucketName, PerBucket} from "./meta.ts";
import {bucketNames, encodeMeta, metaPageOf, metaPages, perBucket} from "./meta.ts";
import type {PageId, Version} from "./page.ts";
import {pageHeadBytes} from "./page.ts";
import type {PageTree} from "./pageTree.ts";
import {getFrom, pagesOf, TreeCursor, wayTo} from "./pageTree.ts";
import type {SealedPage} from "./seal.ts";
import {seal} from "./seal.ts";
import type {Change} from "./treeEdit.ts";
import {TreeEdit} from "./treeEdit.ts";
import {visitBelow, WriteBuffer} from "./writeBuffer.ts";

export class Backend {
  readonly pageBytes: number;
  /**
   * Set when one meta page was not intact when the file was opened: which one. The content is then that of the other
   * one, which is either the last commit or the one before it; which of the two, nobody can know.
   */
  readonly fellBack: Damage | undefined;
  private roots: PerBucket<PageTree>;
  private at: Version;
  private count: number;
  private fileBytes: number;
  private free: FreeList;
  private buffer = new WriteBuffer();
  private isCommitting = false;
  /** Open readers at each version. */
  private readonly pins = new Map<Version, number>();
  private report: CommitReport | undefined;

  constructor({pageBytes, version, roots, pageCount, fileBytes, free, fellBack}: BackendFile) {
    this.pageBytes = pageBytes;
    this.fellBack = fellBack;
    this.roots = roots;
    this.at = version;
    this.count = pageCount;
    this.fileBytes = fileBytes;
    this.free = free;
  }

  /** One that holds nothing; its {@link Backend.image} is what a new member writes. Bytes: a multiple of 512. */
  static empty({pageBytes}: {readonly pageBytes: number}): Backend {
    return new Backend({
      pageBytes,
      version: imageVersion,
      roots: perBucket(() => undefined),
      pageCount: metaPages,
      fileBytes: metaPages * pageBytes,
      free: new FreeList(),
      fellBack: undefined,
    });
  }

  /** The value is handed over: it is not written again. */
  put(bucket: BucketName, key: Key, value: Value): void {
    this.buffer.set(bucket, key, value);
  }

  delete(bucket: BucketName, key: Key): void {
    this.buffer.set(bucket, key, null);
  }

  get(bucket: BucketName, key: Key): Value | undefined {
    const buffered = this.buffer.get(bucket, key);
    return buffered === undefined ? getFrom(this.roots[bucket], key) : (buffered ?? undefined);
  }

  /** Visits the entries of a bucket, ascending, from the first key that is not less than `from`, until `visit` says false. */
  scan(bucket: BucketName, from: Key, visit: (key: Key, value: Value) => boolean): void {
    this.buffer.scanOver(this.roots[bucket], bucket, from, visit);
  }

  /** Operations since the last commit. */
  get buffered(): number {
    return this.buffer.operations;
  }

  /** Of the newest commit. */
  get version(): Version {
    return this.at;
  }

  /** Bytes of the file. */
  get size(): number {
    return this.fileBytes;
  }

  /** Bytes of the pages that are not free. */
  get sizeInUse(): number {
    return (this.count - this.free.size) * this.pageBytes;
  }

  /** Whether a commit's steps are still on their way. */
  get committing(): boolean {
    return this.isCommitting;
  }

  /** Undefined before the first commit of this boot. */
  get lastCommit(): CommitReport | undefined {
    return this.report;
  }

  /**
   * Takes the buffer into the trees, in memory at once. The file is at the new version when the steps are done, see
   * {@link Backend.settled}; a crash before leaves it at the version before. No steps when nothing changes.
   */
  commit(): readonly DiskStep[] {
    assert(!this.isCommitting, "one commit at a time");
    const version = this.at + 1;
    const changes = perBucket((bucket) => this.buffer.changes(bucket));
    this.buffer = new WriteBuffer();
    const edit = new TreeEdit(this.pageBytes - pageHeadBytes);
    const drafts = perBucket((bucket) =>
      changes[bucket].length === 0 ? this.roots[bucket] : edit.apply(this.roots[bucket], changes[bucket]),
    );
    if (bucketNames.every((bucket) => drafts[bucket] === this.roots[bucket])) return [];
    const written: SealedPage[] = [];
    const plan = {
      pageBytes: this.pageBytes,
      version,
      allocate: (count: number): PageId => this.allocate(count),
      written: (sealed: SealedPage): void => {
        written.push(sealed);
      },
    };
    this.roots = perBucket((bucket, place) => seal(drafts[bucket], place, plan));
    this.at = version;
    this.isCommitting = true;
    const freed = edit.freed.flatMap((page) => pagesOf(page)).sort((a, b) => a - b);
    this.free.addLater(version, freed);
    const ids = written.flatMap(({page}) => pagesOf(page)).sort((a, b) => a - b);
    this.report = {version, written: ids, freed, splits: edit.splits, merges: edit.merges};
    return [...this.writePages(written), this.writeMeta()];
  }

  /** The steps of the last commit are done. */
  settled(): void {
    assert(this.isCommitting, "a commit is on its way");
    this.isCommitting = false;
    this.release();
  }

  /** Of what is committed, at the newest version. */
  read(): BackendReader {
    this.pins.set(this.at, (this.pins.get(this.at) ?? 0) + 1);
    return new BackendReader(this, this.at, this.roots);
  }

  /** For {@link BackendReader.close}. */
  unpin(version: Version): void {
    const count = this.pins.get(version) ?? 0;
    assert(count > 0, `a reader at version ${version} is open`);
    if (count === 1) this.pins.delete(version);
    else this.pins.set(version, count - 1);
    if (!this.isCommitting) this.release();
  }

  /** A whole file with the present content, the buffer's too. Equal contents give equal bytes. */
  image(): Uint8Array {
    const contents = perBucket((bucket) => {
      const entries: Change[] = [];
      this.scan(bucket, "", (key, value) => entries.push({key, value}) > 0);
      return entries;
    });
    return encodeImage(contents, this.pageBytes);
  }

  /** Which pages a read of the key goes through. */
  pathOf(bucket: BucketName, key: Key): PagePath {
    const change = this.buffer.get(bucket, key);
    return {
      pages: wayTo(this.roots[bucket], key).map(({page}) => page.id),
      buffered: change === undefined ? undefined : change === null ? "deleted" : "put",
      committed: getFrom(this.roots[bucket], key) !== undefined,
    };
  }

  /** Every page of the file, by id. */
  pages(): readonly PageDescription[] {
    return describePages(this.file());
  }

  /** What the file is at the newest commit, for descriptions and checks: only to be looked at. */
  file(): BackendFile {
    const {pageBytes, at: version, roots, count: pageCount, fileBytes, free, fellBack} = this;
    return {pageBytes, version, roots, pageCount, fileBytes, free, fellBack};
  }

  /** An independent twin; structure is shared. An open reader of this one is to be forked with it. */
  fork(): Backend {
    const twin = new Backend({...this.file(), free: this.free.fork()});
    twin.buffer = this.buffer.fork();
    twin.isCommitting = this.isCommitting;
    for (const [version, count] of this.pins) twin.pins.set(version, count);
    twin.report = this.report;
    return twin;
  }

  /** The checksums of the roots stand for all that is committed. Not of the content alone: where it stands counts too. */
  digest(into: Hasher): void {
    into.int(this.at);
    into.int(this.count);
    into.int(this.fileBytes);
    into.bool(this.isCommitting);
    into.bool(this.fellBack !== undefined);
    for (const bucket of bucketNames) {
      const page = this.roots[bucket]?.page;
      into.int(page?.id ?? 0);
      into.word(page?.sum.a ?? 0);
      into.word(page?.sum.b ?? 0);
    }
    this.free.digest(into);
    this.buffer.digest(into);
    const pinned = [...this.pins].sort(([one], [other]) => one - other);
    into.int(pinned.length);
    for (const [version, count] of pinned) {
      into.int(version);
      into.int(count);
    }
  }

  /** Frees what only trees before the last two commits hold, and no reader. */
  private release(): void {
    this.free.release(Math.min(this.at - 1, ...this.pins.keys()));
  }

  private allocate(count: number): PageId {
    const free = this.free.take(count);
    if (free !== undefined) return free;
    this.count += count;
    return this.count - count;
  }

  /** The first step: pages that nobody leads to yet. None when there are no new pages. */
  private writePages(pages: readonly SealedPage[]): readonly DiskStep[] {
    if (pages.length === 0) return [];
    const ops: DiskOp[] = [];
    const size = this.count * this.pageBytes;
    if (size > this.fileBytes) {
      ops.push({kind: "allocate", file: dbFile, size});
      this.fileBytes = size;
    }
    const sorted = pages.toSorted((a, b) => a.page.id - b.page.id);
    for (let from = 0; from < sorted.length;) {
      const to = runEnd(sorted, from);
      const run = sorted.slice(from, to);
      const at = (run[0]?.page.id ?? 0) * this.pageBytes;
      ops.push({kind: "write", file: dbFile, at, bytes: joined(run)});
      from = to;
    }
    return [[...ops, {kind: "sync", file: dbFile}]];
  }

  /** The second step: makes the commit count. */
  private writeMeta(): DiskStep {
    const {pageBytes, at: version, count: pageCount} = this;
    const bytes = encodeMeta({
      version,
      pageBytes,
      pageCount,
      roots: perBucket((bucket) => this.roots[bucket]?.page),
    });
    return [
      {kind: "write", file: dbFile, at: metaPageOf(version) * pageBytes, bytes},
      {kind: "sync", file: dbFile},
    ];
  }
}

/** What is committed at one version. Its pages are not written again until it is closed. */
export class BackendReader {
  readonly version: Version;
  private readonly backend: Backend;
  private readonly roots: PerBucket<PageTree>;
  private isOpen = true;

  /** Made by {@link Backend.read}. */
  constructor(backend: Backend, version: Version, roots: PerBucket<PageTree>) {
    this.backend = backend;
    this.version = version;
    this.roots = roots;
  }

  get(bucket: BucketName, key: Key): Value | undefined {
    assert(this.isOpen, "the reader is open");
    return getFrom(this.roots[bucket], key);
  }

  /** As {@link Backend.scan}. */
  scan(bucket: BucketName, from: Key, visit: (key: Key, value: Value) => boolean): void {
    assert(this.isOpen, "the reader is open");
    visitBelow(new TreeCursor(this.roots[bucket], from), undefined, visit);
  }

  close(): void {
    assert(this.isOpen, "the reader is open");
    this.isOpen = false;
    this.backend.unpin(this.version);
  }

  /** A twin for a fork of its backend, which counts it already. */
  fork(backend: Backend): BackendReader {
    return new BackendReader(backend, this.version, this.roots);
  }
}

/** Index behind the last page of the run of adjacent pages that begins at `from`. */
function runEnd(pages: readonly SealedPage[], from: number): number {
  let to = from + 1;
  for (; to < pages.length; to++) {
    const before = pages[to - 1]?.page;
    if (before === undefined || pages[to]?.page.id !== before.id + before.overflow + 1) break;
  }
  return to;
}

function joined(pages: readonly SealedPage[]): Uint8Array {
  const [first] = pages;
  if (first !== undefined && pages.length === 1) return first.bytes;
  const bytes = new Uint8Array(pages.reduce((sum, page) => sum + page.bytes.length, 0));
  let at = 0;
  for (const page of pages) {
    bytes.set(page.bytes, at);
    at += page.bytes.length;
  }
  return bytes;
}
