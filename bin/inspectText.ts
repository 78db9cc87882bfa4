// What `etcdscope inspect` found, as text in aligned columns.

import type {DiskLook, InspectOptions, MemberLook} from "./inspect.ts";
import type {BackendLook, EntryRow, PageRow, Way} from "./inspectBackend.ts";
import type {Stop} from "./inspectLog.ts";
import type {Io} from "./io.ts";
import {damageLine, shellWord} from "./report.ts";

type Cell = string | number;

const bytesLegend =
  "bytes: as asked for · after a crash: if nothing survives that was not synced · not synced: written, new bytes or over old ones";

/** Before a line of what only the memory knows, and of all others. */
const [inMemory, onDisk] = ["~", " "];

/** One line for each member, and what more there is to look at. */
export function printMembers(
  looks: readonly MemberLook[],
  {command, options}: {readonly command: string; readonly options: InspectOptions},
  io: Io,
): void {
  const [first] = looks;
  if (first === undefined) return;
  line(io, `after ${whenText(first)}`);
  table(io, [
    ["member", "", "log", "durable to", "revision", "bytes", "after a crash", "not synced", "queue"],
    ...looks.map(
      ({member, log, revision, bytes, durableBytes, dirtyBytes, queue, ...of}): readonly Cell[] => [
        member,
        stateText(of),
        log === undefined ? "" : log.last < log.first ? "empty" : `${log.first}–${log.last}`,
        log?.durable ?? "",
        revision ?? "",
        bytes,
        durableBytes,
        dirtyBytes,
        queue,
      ],
    ),
  ]);
  const stopped = looks.filter((look) => look.stopped !== undefined);
  const damaged = damageLine(looks.flatMap((look) => look.damaged));
  if (stopped.length > 0 || damaged !== undefined) line(io, "");
  for (const look of stopped) line(io, `${look.member} stopped: ${reasonOf(look)}`);
  if (damaged !== undefined) line(io, damaged);
  line(io, `\n${bytesLegend}`);
  line(io, "log: entries that the member holds · queue: operations on their way");
  line(io, "--at: a time, a step's id, or an event; names of events stand in `run --log`");
  const {seed, variant, at, member} = options;
  const run = `${command}${given({seed, variant})}`;
  const disk = `${run}${given({at, member: member ?? first.member})} --disk`;
  line(io, `the disk:        ${disk}`);
  line(io, `a key's way:     ${disk} --key x`);
  line(io, `another moment:  ${run}${given({member})} --at 500ms`);
}

/** Options as they are given again. */
function given(options: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(options)
    .map(([name, value]) => (value === undefined ? "" : ` --${name} ${shellWord(value)}`))
    .join("");
}

export function printDisk(look: DiskLook, io: Io): void {
  const {member, wal, snapshots, backend, way} = look;
  line(
    io,
    `${member} after ${whenText(look)}: ${look.stopped === undefined ? stateText(look) : `stopped: ${reasonOf(look)}`}`,
  );
  line(io, `What stands on its disk if the power goes now. ${inMemory} marks what only its memory knows.`);
  printFiles(look, io);
  printLog(wal, io);
  title(io, "Snapshot files");
  if (snapshots.length === 0) line(io, "  none");
  else table(io, [["file", "bytes", ""], ...snapshots.map(({file, bytes, text}) => [file, bytes, text])]);
  if (backend === undefined) {
    title(io, "Backend file");
    line(io, "  none");
  } else printBackend(backend, io);
  if ("way" in look) printWay(way, backend, io);
}

function printFiles(
  {files, queued, faults, damaged, bytes, durableBytes, dirtyBytes}: DiskLook,
  io: Io,
): void {
  const rest = bytes === durableBytes ? "all synced" : "not all of their sizes and names synced";
  title(io, `Files: ${bytes} bytes, ${dirtyBytes === 0 ? rest : `${dirtyBytes} of them not synced`}`);
  if (files.length === 0) line(io, "  none");
  else {
    table(io, [
      ["file", "bytes", "after a crash", "not synced", ""],
      ...files.map(
        ({name, bytes: size, durableBytes: durable, dirtyBytes: dirty, isDurable}): readonly Cell[] => [
          name,
          size,
          durable,
          dirty,
          isDurable ? "" : "a crash may take its name",
        ],
      ),
    ]);
    line(io, `  ${bytesLegend}`);
  }
  const queue = queued.map(({op, file, what}) => `#${op} ${what}${file === "." ? "" : ` ${file}`}`);
  line(io, `  sync queue: ${queue.length === 0 ? "empty" : queue.join(", ")}`);
  line(io, `  faults in force: ${faults.length === 0 ? "none" : faults.join(", ")}`);
  const harmed = damageLine(damaged);
  if (harmed !== undefined) line(io, `  ${harmed}`);
}

function printLog({segments, stop, inMemory: beyond}: DiskLook["wal"], io: Io): void {
  if (segments.length === 0) {
    title(io, "Log");
    line(io, "  no segment yet");
    stopLine(stop, io);
  }
  for (const {file, bytes, records} of segments) {
    const last = records.at(-1);
    const end = last === undefined ? 0 : last.offset + last.bytes;
    title(io, `Log ${file}: ${records.length} records in ${end} of ${bytes} bytes`);
    if (records.length > 0) {
      table(io, [
        ["offset", "size", "record"],
        ...records.map(({offset, bytes: size, text}) => [offset, size, text]),
      ]);
    }
    if (stop?.file === file) stopLine(stop, io);
  }
  if (segments.every(({file}) => file !== stop?.file) && segments.length > 0) stopLine(stop, io);
  if (segments.length > 0)
    line(
      io,
      "  entry: term/index and what it holds · hardState: what raft must remember, commit: as known then",
    );
  if (segments.length > 0)
    line(io, "  chain: the checksum of all before this file, from which its first record's goes on");
  for (const text of beyond) line(io, `${inMemory} ${text}  (in no record on the disk)`);
}

function stopLine(stop: Stop | undefined, io: Io): void {
  if (stop === undefined) return;
  const where = stop.offset < 0 ? "" : `${stop.file} at ${stop.offset}: `;
  line(io, `  ✗ ${where}${stop.says}`);
}

function printBackend(look: BackendLook, io: Io): void {
  const {bytes, pageBytes, quotaBytes, alarms, metas, stop, pages, free, pending, buckets, buffered} = look;
  const quota = quotaBytes === undefined ? "" : ` of a quota of ${quotaBytes}`;
  title(io, `Backend file db: ${bytes} bytes${quota}, pages of ${pageBytes}`);
  table(
    io,
    metas.map(({page, version, counts, index}): readonly Cell[] => [
      `meta page ${page}`,
      version === undefined ? "not intact" : `commit ${version}`,
      index === undefined ? "" : `consistent index ${index}`,
      metaText(version, counts, metas.find((meta) => meta.counts)?.version),
    ]),
  );
  if (metas.some(({index}) => index !== undefined))
    line(io, "  consistent index: the last log entry whose effect is in this file");
  for (const {text, inMemory: only} of alarms)
    line(
      io,
      `${only === undefined ? onDisk : inMemory} ${text}${only === "disarmed" ? "  (disarmed in memory)" : ""}`,
    );
  stopLine(stop, io);
  if (pages.length > 0) printTrees(pages, pageBytes, io);
  if (pages.length > 0 || free.length > 0) {
    const later = pending.map((one) => `${idsText(one.pages)} (given up by commit ${one.version})`);
    line(io, `  free pages: ${idsText(free)} · pending: ${later.length === 0 ? "none" : later.join(", ")}`);
  }
  for (const {bucket, entries} of buckets) printBucket(bucket, entries, io);
  if (buffered > 0) line(io, `${inMemory} ${buffered} operations wait in the buffer for the next commit`);
}

function metaText(version: number | undefined, counts: boolean, shown: number | undefined): string {
  if (version === undefined) return "";
  if (counts) return "it counts";
  return shown !== undefined && version < shown
    ? "the commit before"
    : "its pages do not all hold what it says";
}

function printTrees(pages: readonly PageRow[], pageBytes: number, io: Io): void {
  line(io, "");
  table(io, [
    ["bucket", "page", "", "entries", "used", "", "commit", "first key"],
    ...pages.map(
      ({id, kind, bucket, depth, entries, bytesUsed, overflow, version, firstKey}): readonly Cell[] => [
        depth === 0 ? bucket : "",
        `${"  ".repeat(depth)}${id}${overflow === 0 ? "" : `–${id + overflow}`}`,
        kind,
        entries,
        bytesUsed,
        bar(bytesUsed, pageBytes * (overflow + 1)),
        version,
        firstKey,
      ],
    ),
  ]);
  line(io, "  a page stands under the branch that leads to it · commit: the one that wrote it");
}

function printBucket(bucket: string, entries: readonly EntryRow[], io: Io): void {
  title(io, `Bucket ${bucket}`);
  table(
    io,
    entries.map(({key, text, note, page, inMemory: only}): readonly Cell[] => [
      key,
      text,
      note,
      page === undefined ? "only in memory" : `page ${page}`,
      only === "deleted" ? "deleted in the buffer" : "",
    ]),
    entries.map(({inMemory: only}) => (only === undefined ? onDisk : inMemory)),
  );
  if (bucket === "key")
    line(io, "  keys are revisions, main.sub; t: a tombstone, the record that a delete adds");
}

/** How a read of now finds the key. */
function printWay(way: Way | undefined, backend: BackendLook | undefined, io: Io): void {
  if (way === undefined) {
    title(io, "The way of a read");
    line(io, "  nobody can tell: the member is down, and its file does not open");
    return;
  }
  const {key, generations, revision, pages, value, inMemory: isBuffered, rebuilt} = way;
  title(io, `The way of a read of ${key}`);
  const index = generations.length === 0 ? "has no such key" : generations.join(" ");
  const made = rebuilt ? "  (made from the file, as a boot does)" : "";
  line(io, `${rebuilt ? onDisk : inMemory} key index   ${index}${made}`);
  if (revision === undefined) {
    line(io, "  revision    none: it does not exist now, so no page is read");
    return;
  }
  const kinds = new Map(backend?.pages.map(({id, kind}) => [id, kind]));
  const named = pages.map((id) => `${kinds.get(id) ?? "page"} ${id}`);
  line(io, `  revision    ${revision}`);
  if (isBuffered) line(io, `${inMemory} pages       none that holds the record: it is only in memory`);
  else line(io, `  pages       ${named.join(" → ")}`);
  line(
    io,
    `${isBuffered ? inMemory : onDisk} value       ${value === undefined ? "none" : `${value.text}  ${value.note}`}`,
  );
}

function whenText({step, at}: MemberLook): string {
  return `event ${step} at ${(at / 1000).toFixed(3)} ms`;
}

function stateText({
  status,
  stopped,
  role,
  term,
}: Pick<MemberLook, "status" | "stopped" | "role" | "term">): string {
  if (stopped !== undefined) return "stopped";
  if (role === undefined) return status;
  return `${status === "up" ? "" : `${status}, `}${role} of term ${term ?? 0}`;
}

/** Its own sentence without its beginning, "n1 stops: ". */
function reasonOf({member, stopped}: MemberLook): string {
  return (stopped?.says ?? "").replace(`${member} stops: `, "");
}

/** `3–7 9`, or `none`. */
function idsText(ids: readonly number[]): string {
  const runs: {from: number; to: number}[] = [];
  for (const id of ids) {
    const last = runs.at(-1);
    if (last?.to === id - 1) last.to = id;
    else runs.push({from: id, to: id});
  }
  if (runs.length === 0) return "none";
  return runs.map(({from, to}) => (from === to ? `${from}` : `${from}–${to}`)).join(" ");
}

const barCells = 10;

function bar(used: number, of: number): string {
  const full = Math.min(barCells, Math.max(1, Math.round((used / of) * barCells)));
  return `[${"#".repeat(full)}${".".repeat(barCells - full)}] of ${of}`;
}

function title(io: Io, text: string): void {
  line(io, `\n${text}`);
}

function line(io: Io, text: string): void {
  io.out(`${text}\n`);
}

/** Columns as wide as their longest cell, numbers to the right. `marks` stand before the lines. */
function table(io: Io, rows: readonly (readonly Cell[])[], marks: readonly string[] = []): void {
  const count = Math.max(...rows.map((row) => row.length));
  const columns = Array.from({length: count}, (_, i) => rows.map((row) => row[i] ?? ""));
  const widths = columns.map((cells) => Math.max(...cells.map((cell) => widthOf(`${cell}`))));
  const isNumeric = columns.map((cells) => cells.some((cell) => typeof cell === "number"));
  for (const [n, row] of rows.entries()) {
    const cells = row.map((cell, i) => {
      const gap = " ".repeat((widths[i] ?? 0) - widthOf(`${cell}`));
      return isNumeric[i] === true ? `${gap}${cell}` : `${cell}${gap}`;
    });
    line(io, `${marks[n] ?? onDisk} ${cells.join("  ")}`.trimEnd());
  }
}

/** Columns that a terminal needs for a text: Chinese, Japanese and Korean take two for each character. */
function widthOf(text: string): number {
  let width = 0;
  for (const char of text)
    width += /[\u1100-\u115f\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/.test(char) ? 2 : 1;
  return width;
}
