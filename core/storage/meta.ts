// The two meta pages, 0 and 1: which commit is the last one, and where the trees of its buckets begin. Commit n writes
// page n % 2, so the one before it stays. All of it is in the page's first sector, which a disk writes whole or not at
// all: a meta page that does not check is rot, never a torn write.
//
//   head (page.ts) │ magic 4 │ format 4 │ page size 4 │ pages 4 │ for each bucket: root 4, checksum 8

import {Reader, Writer} from "../base/codec.ts";
import {sectorBytes} from "./disk.ts";
import type {PageId, PageLink, Version} from "./page.ts";
import {decodePage, encodePage} from "./page.ts";

/** In the order in which the meta page lists them; a page names its bucket by its place here. New ones go to the end. */
export const bucketNames = [
  "key",
  "meta",
  "lease",
  "members",
  "auth",
  "alarm",
  "members_removed",
  "authUsers",
  "authRoles",
] as const;
export type BucketName = (typeof bucketNames)[number];

/** One of something for each bucket. */
export type PerBucket<T> = Readonly<Record<BucketName, T>>;

export function perBucket<T>(make: (bucket: BucketName, place: number) => T): PerBucket<T> {
  return {
    key: make("key", 0),
    meta: make("meta", 1),
    lease: make("lease", 2),
    members: make("members", 3),
    auth: make("auth", 4),
    alarm: make("alarm", 5),
    members_removed: make("members_removed", 6),
    authUsers: make("authUsers", 7),
    authRoles: make("authRoles", 8),
  };
}

/** Pages 0 and 1. */
export const metaPages = 2;
/** The layout that this build writes and reads. */
const backendFormat = 2;
const magic = 0x64637465;

export interface Meta {
  readonly version: Version;
  readonly pageBytes: number;
  /** All pages have smaller ids. */
  readonly pageCount: number;
  /** Undefined for a bucket that holds nothing. */
  readonly roots: PerBucket<PageLink | undefined>;
}

/** Which of the two pages a commit writes. */
export function metaPageOf(version: Version): PageId {
  return version % metaPages;
}

/** One sector. */
export function encodeMeta({version, pageBytes, pageCount, roots}: Meta): Uint8Array {
  const body = new Writer();
  body.uint32(magic);
  body.uint32(backendFormat);
  body.uint32(pageBytes);
  body.uint32(pageCount);
  for (const bucket of bucketNames) {
    const {id, sum} = roots[bucket] ?? {id: 0, sum: {a: 0, b: 0}};
    body.uint32(id);
    body.uint32(sum.a);
    body.uint32(sum.b);
  }
  const id = metaPageOf(version);
  const head = {
    id,
    kind: "meta",
    bucket: 0,
    level: 0,
    count: bucketNames.length,
    overflow: 0,
    version,
  } as const;
  return encodePage(head, body.finish(), sectorBytes).bytes;
}

/** The meta page `id` of a file; undefined if it is not intact, or of another format or page size. */
export function decodeMeta(file: Uint8Array, id: PageId, pageBytes: number): Meta | undefined {
  const page = decodePage(file, id, pageBytes, sectorBytes);
  if (page?.kind !== "meta" || page.count !== bucketNames.length) return undefined;
  if (page.overflow !== 0 || metaPageOf(page.version) !== id) return undefined;
  const reader = new Reader(page.body);
  if (reader.uint32() !== magic || reader.uint32() !== backendFormat) return undefined;
  if (reader.uint32() !== pageBytes) return undefined;
  const pageCount = reader.uint32();
  const roots = perBucket(() => {
    const link = {id: reader.uint32(), sum: {a: reader.uint32() | 0, b: reader.uint32() | 0}};
    return link.id === 0 ? undefined : link;
  });
  return reader.broken ? undefined : {version: page.version, pageBytes, pageCount, roots};
}
