// The key grid: every key's versions by revision, as one member has applied them. A generation is the band from the
// creating put to the tombstone; the answer is what a read at `readAt` finds in each row.

import type {Key} from "../../core/base/key.ts";
import type {Store} from "../../core/mvcc/store.ts";
import type {FullRevision} from "../../core/mvcc/kv.ts";
import type {GridCell, GridRow, GridView, Windows} from "../frame.ts";
import {membersOf, type MemberState} from "./member.ts";
import type {Moment} from "./moment.ts";
import type {Lead} from "./recording.ts";
import {keyText, valueText} from "./text.ts";

/** Longest value in a cell; the layout cuts further. */
const valueMax = 32;

export function buildGrid(moment: Moment, windows: Windows): GridView {
  const {member, leaderless} = seenBy(moment, windows.seenBy);
  const store = member?.server?.store;
  if (member === undefined || store === undefined) return nothing(member?.name ?? "", windows);
  const current = store.currentRevision;
  const {from, count} = revisionWindow(windows, current);
  const keys = store.keys();
  const first = Math.max(0, windows.keys.from);
  const readAt = readRevision(moment, current);
  const reader: Reader = {store, member, moment, from, to: from + count - 1, readAt};
  return {
    seenBy: member.name,
    ...(leaderless ? {nobodyLeads: true} : {}),
    from,
    count,
    current,
    compact: store.compactRevision,
    rows: keys.slice(first, first + windows.keys.count).map((key) => rowOf(key, reader)),
    rowsTotal: keys.length,
    readAt,
    ...writerOf(moment),
  };
}

/** The client whose write has waited longest; only the newest operations are looked at. */
function writerOf({view: {operations}}: Moment): Pick<GridView, "writer"> {
  const writer = operations
    .slice(-50)
    .find(
      ({request, returned}) => returned === undefined && (request.kind === "put" || request.kind === "txn"),
    );
  return writer === undefined ? {} : {writer: writer.client};
}

interface Reader {
  readonly store: Store;
  readonly member: MemberState;
  readonly moment: Moment;
  /** Main revisions, both included. */
  readonly from: number;
  readonly to: number;
  readonly readAt: number;
}

export interface Seen {
  readonly member: MemberState | undefined;
  /** A leader was wanted, and there is none. */
  readonly leaderless: boolean;
}

/**
 * The member named; else the leader of the highest term; else whoever led that term, as it was last known, rather than an
 * older leader that does not know better; else, of those that are there, the one that has applied most.
 */
export function seenBy(moment: Moment, name: string): Seen {
  const members = membersOf(moment);
  const named = members.find((member) => member.name === name);
  if (named !== undefined) return {member: named, leaderless: false};
  const newest = newestLead(moment);
  const led = members.find((member) => member.id === newest?.member);
  if (led?.server !== undefined) {
    const leads = led.status !== "crashed" && led.role === "leader" && led.term === newest?.term;
    return {member: led, leaderless: !leads};
  }
  let most: MemberState | undefined;
  for (const member of members) {
    if (member.server !== undefined && (most === undefined || member.lastApplied > most.lastApplied))
      most = member;
  }
  return {member: most, leaderless: true};
}

/** Who led the highest term so far. */
function newestLead({recording, cursor}: Moment): Lead | undefined {
  let newest: Lead | undefined;
  for (const {what, from} of recording.leads) {
    if (from.step > cursor.step) break;
    if (newest === undefined || what.term > newest.term) newest = what;
  }
  return newest;
}

function nothing(name: string, windows: Windows): GridView {
  const count = Math.max(1, windows.revisionColumns);
  return {seenBy: name, from: 1, count, current: 1, compact: -1, rows: [], rowsTotal: 0, readAt: 1};
}

function revisionWindow(windows: Windows, current: number): {readonly from: number; readonly count: number} {
  if (windows.revisions !== "follow") {
    return {from: Math.max(1, windows.revisions.from), count: Math.max(1, windows.revisions.count)};
  }
  const count = Math.max(1, windows.revisionColumns);
  return {from: Math.max(1, current - count + 1), count};
}

/** What the newest operation read at, if it was a read at a revision; else now. */
function readRevision(moment: Moment, current: number): number {
  // What an open question asks about must not be marked before it is answered.
  if ((moment.told?.veil.length ?? 0) > 0) return current;
  const newest = moment.view.operations.at(-1)?.request;
  const asked = newest?.kind === "range" ? (newest.revision ?? 0) : 0;
  return asked > 0 && asked <= current ? asked : current;
}

function rowOf(key: Key, reader: Reader): GridRow {
  const {store, from, to, readAt} = reader;
  const generations = store.history(key);
  const cells: GridCell[] = [];
  let answer: FullRevision | undefined;
  for (const {revisions, tombstone} of generations) {
    const over = tombstone !== undefined && tombstone.main <= readAt;
    for (const revision of revisions) if (!over && revision.main <= readAt) answer = revision;
    for (const revision of revisions) pushCell(cells, revision, reader);
    if (tombstone !== undefined) pushCell(cells, tombstone, reader);
  }
  if (readAt < store.compactRevision) answer = undefined;
  return {
    key: keyText(key),
    generations: generations
      .filter(({created, tombstone}) => created.main <= to && (tombstone?.main ?? to) >= from)
      .map(({created, tombstone}) => ({from: created.main, to: tombstone?.main})),
    cells: cells.map((cell) =>
      answer !== undefined && cell.main === answer.main && cell.sub === answer.sub
        ? {...cell, answer: true}
        : cell,
    ),
  };
}

function pushCell(
  into: GridCell[],
  {main, sub}: FullRevision,
  {store, member, moment, from, to}: Reader,
): void {
  if (main < from || main > to) return;
  const event = store.versionAt(main, sub);
  if (event === undefined) return;
  const {kind, kv} = event;
  const index = moment.recording.entryOf(main);
  const known = index !== undefined && index >= member.firstIndex && index <= member.lastIndex;
  into.push({
    main,
    sub,
    kind,
    value: kind === "put" ? valueText(kv.value, valueMax) : "",
    version: kv.version,
    create: kv.createRevision,
    ...(kind === "put" && kv.lease !== "" ? {lease: kv.lease} : {}),
    answer: false,
    ...(known ? {entry: `entry:${member.name}/${index}`} : {}),
  });
}
