// The backend file as it stands on a member's disk, for `etcdscope inspect`: meta pages, trees, records; what the memory
// holds beyond it; and the way of one read through all of it.

import type {Key, Value} from "../core/base/key.ts";
import {bytesOfKey, keyFromText, keyOfBytes, quotedText, textOfBytes} from "../core/base/key.ts";
import type {FullRevision} from "../core/mvcc/kv.ts";
import {decodeRecord, parseRevisionBytes, revisionBytes} from "../core/mvcc/recordBytes.ts";
import type {Generation, Store} from "../core/mvcc/store.ts";
import type {Alarm} from "../core/server/alarm.ts";
import {readAlarms} from "../core/server/alarm.ts";
import {readPosition, readState} from "../core/server/backendState.ts";
import type {Server} from "../core/server/server.ts";
import type {Backend} from "../core/storage/backend.ts";
import {keyText} from "../core/storage/describePages.ts";
import type {PageDescription} from "../core/storage/describePages.ts";
import type {DiskReader} from "../core/storage/disk.ts";
import {sectorBytes} from "../core/storage/disk.ts";
import {dbFile} from "../core/storage/files.ts";
import {bucketNames, decodeMeta, metaPages} from "../core/storage/meta.ts";
import type {BucketName} from "../core/storage/meta.ts";
import {openBackend} from "../core/storage/openBackend.ts";
import type {PageId, Version} from "../core/storage/page.ts";
import {visitNodes} from "../core/storage/pageTree.ts";
import type {PageNode} from "../core/storage/pageTree.ts";
import {reading} from "./inspectLog.ts";
import type {Stop} from "./inspectLog.ts";

interface MetaLook {
  readonly page: PageId;
  /** Undefined: not intact. */
  readonly version: Version | undefined;
  /** The pages and records below are of this one. */
  readonly counts: boolean;
  /** Of the last entry that this version holds; undefined where its tree is damaged. */
  readonly index: number | undefined;
}

export interface PageRow {
  readonly id: PageId;
  readonly kind: "branch" | "leaf";
  readonly bucket: BucketName;
  /** 0 for a root. */
  readonly depth: number;
  readonly entries: number;
  readonly bytesUsed: number;
  /** Pages behind it that belong to it. */
  readonly overflow: number;
  readonly version: Version;
  readonly firstKey: string;
}

export interface EntryRow {
  readonly key: string;
  readonly text: string;
  /** Of a put: in which revision its life began, and how many puts that has had. */
  readonly note: string;
  /** Absent for what is in memory alone. */
  readonly page?: PageId;
  /** What the memory says that the file does not. */
  readonly inMemory?: "put" | "deleted";
}

interface AlarmRow {
  readonly text: string;
  /** What the memory says that the file does not. */
  readonly inMemory?: "raised" | "disarmed";
}

export interface BackendLook {
  readonly bytes: number;
  readonly pageBytes: number;
  /** Undefined: none, or etcd's own 2 GiB, which no run comes near. */
  readonly quotaBytes: number | undefined;
  readonly alarms: readonly AlarmRow[];
  readonly metas: readonly MetaLook[];
  readonly stop: Stop | undefined;
  readonly pages: readonly PageRow[];
  readonly free: readonly PageId[];
  readonly pending: readonly {readonly version: Version; readonly pages: readonly PageId[]}[];
  readonly buckets: readonly {readonly bucket: BucketName; readonly entries: readonly EntryRow[]}[];
  /** Operations that the memory holds for the next commit. */
  readonly buffered: number;
}

export interface Way {
  readonly key: string;
  /** Its lives in the key index. */
  readonly generations: readonly string[];
  /** Where a read of now finds it; undefined: it does not exist. */
  readonly revision: string | undefined;
  /** From the root to the leaf. */
  readonly pages: readonly PageId[];
  readonly value: Pick<EntryRow, "text" | "note"> | undefined;
  /** Whether the value is not in the file yet. */
  readonly inMemory: boolean;
  /** Whether the index was made from the file, because the member is down. */
  readonly rebuilt: boolean;
}

/** What was opened, where anything could be. */
export interface OpenedFile {
  readonly look: BackendLook;
  readonly backend: Backend | undefined;
}

/** etcd's quota unless it is told another. */
const usualQuota = 2 * 1024 ** 3;

/** Longest text of a value. */
const valueMax = 48;

/** Undefined: there is no such file. */
export function lookAtBackend(
  disk: DiskReader,
  server: Server | undefined,
  {pageBytes, quotaBytes}: {readonly pageBytes: number; readonly quotaBytes: number},
): OpenedFile | undefined {
  if (!disk.list().includes(dbFile)) return undefined;
  const bytes = disk.size(dbFile);
  const opened = open(disk, pageBytes);
  const {backend} = opened;
  const memory = server?.backend;
  const pages = backend?.file();
  const look = {
    bytes,
    pageBytes,
    quotaBytes: quotaBytes === 0 || quotaBytes === usualQuota ? undefined : quotaBytes,
    alarms: alarmRows(backend, server),
    metas: opened.metas,
    stop: opened.stop,
    pages: backend === undefined ? [] : bucketNames.flatMap((bucket) => treeRows(backend, bucket)),
    free: pages?.free.pages() ?? [],
    pending: pages?.free.pending ?? [],
    buckets: bucketNames.flatMap((bucket) => {
      const entries = entryRows(backend, memory, bucket);
      return entries.length === 0 ? [] : [{bucket, entries}];
    }),
    buffered: memory?.buffered ?? 0,
  };
  return {look, backend};
}

function alarmRows(backend: Backend | undefined, server: Server | undefined): readonly AlarmRow[] {
  const text = ({member, alarm}: Alarm): string => `alarm ${alarm} of n${member}`;
  const filed = new Set((backend === undefined ? [] : (readAlarms(backend) ?? [])).map(text));
  const held = server === undefined ? filed : new Set(server.alarms.map(text));
  return [...new Set([...filed, ...held])].map((one) => {
    if (!filed.has(one)) return {text: one, inMemory: "raised"};
    return held.has(one) ? {text: one} : {text: one, inMemory: "disarmed"};
  });
}

interface Opened {
  readonly backend: Backend | undefined;
  readonly metas: readonly MetaLook[];
  readonly stop: Stop | undefined;
}

/** The newest version that opens; of both, how far in the log they are. */
function open(disk: DiskReader, pageBytes: number): Opened {
  let opened: Opened = {backend: undefined, metas: [], stop: undefined};
  const unread = reading(dbFile, () => {
    opened = openWhole(disk.read(dbFile, 0, disk.size(dbFile)), pageBytes);
  });
  return unread === undefined ? opened : {...opened, stop: unread};
}

function openWhole(bytes: Uint8Array, pageBytes: number): Opened {
  const metas = Array.from({length: metaPages}, (_, page) => decodeMeta(bytes, page, pageBytes));
  const whole = openBackend(readerOf(bytes), dbFile, {pageBytes});
  const alone = metas.map((_, page) => {
    const one = openBackend(readerOf(without(bytes, 1 - page, pageBytes)), dbFile, {pageBytes});
    return one.ok ? one.value : undefined;
  });
  const backend = whole.ok ? whole.value : alone.find((one) => one !== undefined);
  return {
    backend,
    metas: metas.map((meta, page) => {
      const one = alone[page];
      return {
        page,
        version: meta?.version,
        counts: meta !== undefined && meta.version === backend?.version,
        index: one === undefined ? undefined : readPosition(one)?.index,
      };
    }),
    stop: stopOf(whole.ok ? whole.value.fellBack?.offset : whole.error.offset, whole.ok, backend),
  };
}

function stopOf(offset: number | undefined, isOpen: boolean, backend: Backend | undefined): Stop | undefined {
  if (offset === undefined) return undefined;
  const older = backend === undefined ? "" : `; what follows is commit ${backend.version}, which is whole`;
  const what = isOpen
    ? "this meta page is not as it was written"
    : "what stands here is not as it was written";
  return {file: dbFile, offset, says: `damaged: ${what}${older}`};
}

/** A file alone on its disk. */
function readerOf(bytes: Uint8Array): DiskReader {
  return {
    list: () => [dbFile],
    size: () => bytes.length,
    read: (_file, at, length) => bytes.slice(at, at + length),
  };
}

/** The file with a meta page that says nothing. */
function without(bytes: Uint8Array, page: PageId, pageBytes: number): Uint8Array {
  return bytes.slice().fill(0, page * pageBytes, page * pageBytes + sectorBytes);
}

function treeRows(backend: Backend, bucket: BucketName): readonly PageRow[] {
  const root = backend.file().roots[bucket];
  const rows: PageRow[] = [];
  const told = new Map<PageId, Extract<PageDescription, {readonly children: unknown}>>();
  for (const page of backend.pages()) if ("children" in page) told.set(page.id, page);
  visitNodes(root, (node) => {
    const page = told.get(node.page.id);
    if (page === undefined) return false;
    const {id, kind, entries, bytesUsed, version} = page;
    const depth = (root?.level ?? 0) - node.level;
    const firstKey = keyText(bucket, node.keys[0] ?? "");
    rows.push({id, kind, bucket, depth, entries, bytesUsed, overflow: node.page.overflow, version, firstKey});
    return true;
  });
  return rows;
}

function entryRows(
  backend: Backend | undefined,
  memory: Backend | undefined,
  bucket: BucketName,
): readonly EntryRow[] {
  const inFile = new Map<Key, {readonly value: Value; readonly page: PageId}>();
  visitNodes(backend?.file().roots[bucket], (node) => {
    for (const [key, value] of entriesOf(node)) inFile.set(key, {value, page: node.page.id});
    return true;
  });
  const known = new Map<Key, Value>();
  memory?.scan(bucket, "", (key, value) => known.set(key, value).size > 0);
  const keys = [...new Set([...inFile.keys(), ...known.keys()])].sort((a, b) => (a < b ? -1 : 1));
  return keys.flatMap((key): readonly EntryRow[] => {
    const filed = inFile.get(key);
    const held = known.get(key);
    const line = (value: Value): Pick<EntryRow, "key" | "text" | "note"> => ({
      key: keyText(bucket, key),
      ...(bucket === "key" ? recordWords(key, value) : {text: entryWords(bucket, key, value), note: ""}),
    });
    if (filed === undefined) return held === undefined ? [] : [{...line(held), inMemory: "put"}];
    const row = {...line(filed.value), page: filed.page};
    if (memory === undefined || (held !== undefined && sameBytes(held, filed.value))) return [row];
    return held === undefined ? [{...row, inMemory: "deleted"}] : [row, {...line(held), inMemory: "put"}];
  });
}

function entriesOf(node: PageNode): readonly (readonly [Key, Value])[] {
  if (node.kind === "branch") return [];
  return node.keys.flatMap((key, i) => {
    const value = node.values[i];
    return value === undefined ? [] : [[key, value] as const];
  });
}

function sameBytes(one: Value, other: Value): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}

/** The change that an entry of bucket `key` records. */
function recordWords(key: Key, value: Value): Pick<EntryRow, "text" | "note"> {
  const record = decodeRecord(key, value);
  if (record === undefined) return {text: `${value.length} bytes that are no record`, note: ""};
  const {kv, isTombstone} = record;
  const name = nameText(kv.key);
  if (isTombstone) return {text: `${name} deleted`, note: ""};
  const lease = kv.lease === "" ? "" : ` lease ${kv.lease}`;
  const note = `create ${kv.createRevision} version ${kv.version}${lease}`;
  return {text: `${name} = ${valueText(kv.value)}`, note};
}

/** An entry of another bucket. */
function entryWords(bucket: BucketName, key: Key, value: Value): string {
  // These are JSON, as in etcd.
  const isText = bucket === "members" || bucket === "members_removed" || key === "confState";
  if (isText) return textOfBytes(value);
  if (bucket !== "meta") return `${value.length} bytes`;
  const revision = parseRevisionBytes(keyOfBytes(value));
  if (revision !== undefined) return `${revision.main}`;
  if (key === "consistent_index" || key === "term")
    return `${value.reduce((sum, byte) => sum * 256 + byte, 0)}`;
  return Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A key without quotes where it needs none. */
function nameText(key: Key): string {
  return /^[\w./:-]+$/.test(key) ? key : quotedText(bytesOfKey(key));
}

function valueText(value: Value): string {
  const text = quotedText(value.length > 4 * valueMax ? value.subarray(0, 4 * valueMax) : value);
  return [...text].length <= valueMax
    ? text
    : `${[...text].slice(0, valueMax - 1).join("")}… (${value.length} bytes)`;
}

/** The way of a read of `text` as of now. Undefined when neither memory nor file can tell. */
export function wayOf(
  text: string,
  server: Server | undefined,
  backend: Backend | undefined,
): Way | undefined {
  const store = server?.store ?? (backend === undefined ? undefined : readState(backend)?.store);
  if (store === undefined) return undefined;
  const key = keyFromText(text);
  const found = store.revisionAt(key, store.currentRevision);
  const at = found === undefined ? undefined : revisionBytes(found.main, found.sub, false);
  const path = at === undefined ? undefined : backend?.pathOf("key", at);
  const value = at === undefined ? undefined : (server?.backend ?? backend)?.get("key", at);
  return {
    key: nameText(key),
    generations: generationsOf(store, key),
    revision: found === undefined ? undefined : `${found.main}.${found.sub}`,
    pages: path?.committed === true ? path.pages : [],
    value: at === undefined || value === undefined ? undefined : recordWords(at, value),
    inMemory: path?.committed !== true,
    rebuilt: server === undefined,
  };
}

function generationsOf(store: Store, key: Key): readonly string[] {
  return store.history(key).map(({created, revisions, tombstone}: Generation) => {
    const text = ({main, sub}: FullRevision): string => (sub === 0 ? `${main}` : `${main}.${sub}`);
    const isCut = revisions[0]?.main !== created.main;
    const parts = [...(isCut ? ["…"] : []), ...revisions.map(text)];
    return `{${[...parts, ...(tombstone === undefined ? [] : [`${text(tombstone)}t`])].join(", ")}}`;
  });
}
