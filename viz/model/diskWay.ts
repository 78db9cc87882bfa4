// The way of one read through a member's disk: key index, revision, pages, value; and the records of the page where it ends.

import {keyFromText} from "../../core/base/key.ts";
import type {Key} from "../../core/base/key.ts";
import type {FullRevision} from "../../core/mvcc/kv.ts";
import {decodeRecord, revisionBytes} from "../../core/mvcc/recordBytes.ts";
import type {Generation, Store} from "../../core/mvcc/store.ts";
import {readState} from "../../core/server/backendState.ts";
import type {Server} from "../../core/server/server.ts";
import type {Backend} from "../../core/storage/backend.ts";
import {keyText as revisionText} from "../../core/storage/describePages.ts";
import {visitNodes} from "../../core/storage/pageTree.ts";
import type {Leaf} from "../../core/storage/pageTree.ts";
import type {DiskRow, DiskWay, DiskWindow} from "../frame.ts";
import {keyText, valueText} from "./text.ts";

const livesMax = 4;
/** Revisions listed of one life. */
const revisionsMax = 5;
const valueMax = 32;

/** What is read, and how far the way goes. */
export interface Read {
  readonly store: Store;
  readonly key: Key;
  readonly at: number;
  /** Undefined: the key did not exist then. */
  readonly found: FullRevision | undefined;
  /** None while the record is only in memory. */
  readonly pages: readonly number[];
}

/** The read that the window asks for; undefined where there is nothing to read, or nobody can tell. */
export function readOf(
  server: Server | undefined,
  backend: Backend,
  {of = ""}: Pick<DiskWindow, "of">,
): Read | undefined {
  const store = server?.store ?? readState(backend)?.store;
  if (store === undefined) return undefined;
  const asked = askedFor(of, store) ?? newest(store);
  if (asked === undefined) return undefined;
  const found = store.revisionAt(asked.key, asked.at);
  const path =
    found === undefined ? undefined : backend.pathOf("key", revisionBytes(found.main, found.sub, false));
  return {store, ...asked, found, pages: path?.committed === true ? path.pages : []};
}

function askedFor(of: string, store: Store): {readonly key: Key; readonly at: number} | undefined {
  const [, kind, name = ""] = /^(key|rev):(.*)$/s.exec(of) ?? [];
  if (kind === "key") {
    const key = keyFromText(name);
    return store.history(key).length === 0 ? undefined : {key, at: store.currentRevision};
  }
  const [main = 0, sub = 0] = name.split(".").map(Number);
  const event = kind === "rev" ? store.versionAt(main, sub) : undefined;
  return event && {key: event.kv.key, at: main};
}

/** The key that the newest write changed. */
function newest(store: Store): {readonly key: Key; readonly at: number} | undefined {
  const at = store.currentRevision;
  const event = store.versionAt(at, 0);
  return event && {key: event.kv.key, at};
}

export function wayOf(
  server: Server | undefined,
  backend: Backend,
  read: Read,
  window: Pick<DiskWindow, "rows">,
): DiskWay {
  const {store, key, at, found, pages} = read;
  const event = found && store.versionAt(found.main, found.sub);
  const leaf = leafOf(backend, pages.at(-1));
  const answer = found === undefined ? "" : `${found.main}.${found.sub}`;
  return {
    key: keyText(key),
    lives: livesOf(store.history(key)),
    at,
    revision: answer,
    pages,
    value: event?.kind === "put" ? valueText(event.kv.value, valueMax) : "",
    page: leaf?.page.id ?? 0,
    ...rowsOf(backend, server, leaf, {answer, count: Math.max(0, window.rows)}),
  };
}

function livesOf(generations: readonly Generation[]): readonly string[] {
  const text = ({main, sub}: FullRevision): string => (sub === 0 ? `${main}` : `${main}.${sub}`);
  return generations.slice(-livesMax).map(({created, revisions, tombstone}) => {
    const isCut = revisions.length > revisionsMax || revisions[0]?.main !== created.main;
    const parts = [
      ...(isCut ? ["…"] : []),
      ...revisions.slice(-revisionsMax).map(text),
      ...(tombstone === undefined ? [] : [`${text(tombstone)}t`]),
    ];
    return `{${parts.join(", ")}}`;
  });
}

/** The leaf of that id; without one the newest. */
function leafOf(backend: Backend, id: number | undefined): Leaf | undefined {
  let leaf: Leaf | undefined;
  visitNodes(backend.file().roots.key, (node) => {
    if (node.kind === "leaf" && (id === undefined || node.page.id === id)) leaf = node;
    return true;
  });
  return leaf;
}

/** Records of the leaf around the answer, and, while it is the newest one, those that wait for the next commit. */
function rowsOf(
  backend: Backend,
  server: Server | undefined,
  leaf: Leaf | undefined,
  {answer, count}: {readonly answer: string; readonly count: number},
): Pick<DiskWay, "rows" | "rowsBefore" | "rowsAfter"> {
  const rows = (leaf?.keys ?? []).flatMap((key, i) => rowOf(key, leaf?.values[i], false, answer));
  const last = leaf?.keys.at(-1);
  const isNewest = leaf === leafOf(backend, undefined);
  if (server !== undefined && isNewest && count > 0) {
    backend.scan("key", last === undefined ? "" : `${last}\0`, (key, value) => {
      rows.push(...rowOf(key, value, true, answer));
      return rows.length < count + (leaf?.keys.length ?? 0);
    });
  }
  const place = rows.findIndex((row) => row.answer);
  const from = Math.max(
    0,
    Math.min(place < 0 ? rows.length : place - Math.floor(count / 2), rows.length - count),
  );
  const shown = rows.slice(from, from + count);
  return {rows: shown, rowsBefore: from, rowsAfter: rows.length - from - shown.length};
}

function rowOf(
  key: Key,
  value: Uint8Array | undefined,
  buffered: boolean,
  answer: string,
): readonly DiskRow[] {
  const record = value && decodeRecord(key, value);
  if (record === undefined) return [];
  const {kv, isTombstone} = record;
  const revision = revisionText("key", key);
  return [
    {
      revision,
      key: keyText(kv.key),
      value: isTombstone ? "" : valueText(kv.value, valueMax),
      version: kv.version,
      create: kv.createRevision,
      buffered,
      answer: revision === answer,
    },
  ];
}
