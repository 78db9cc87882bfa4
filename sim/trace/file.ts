// Trace files as text, written and read. See trace.ts for what stands in them and what guards what.

import {Hasher} from "../../core/base/hasher.ts";
import type {Hash} from "../../core/base/hasher.ts";
import type {Result} from "../../core/base/result.ts";
import {integer, literal, object, optional, readable, refuse, text} from "./decode.ts";
import type {Decoder} from "./decode.ts";
import {checkRun, runFields} from "./runText.ts";
import type {TraceFile, TraceHeader, TraceLine} from "./trace.ts";

const hash = text("16 hex digits", /^[0-9a-f]{16}$/);

const header: Decoder<TraceHeader & {readonly etcdscope: "trace"}> = object({
  etcdscope: literal("trace"),
  ...runFields,
  code: hash,
  scenario: optional(text("a scenario's id", /^[^\n]+$/, 100)),
  variant: optional(text("a variant's name", /^[^\n]+$/, 100)),
  source: optional(text("a scenario's text", /^[^]+$/, 4_000_000)),
  end: object({
    events: integer(0, 1_000_000_000),
    at: integer(0, Number.MAX_SAFE_INTEGER),
    hash,
    verdict: literal("pass", "fail", "unknown"),
  }),
});

const closing = object({events: integer(0, 1_000_000_000), checksum: hash});

const eventName = text("an event such as n1→n3#17", /^[^#]+#[1-9][0-9]*$/, 64);
const time = integer(0, Number.MAX_SAFE_INTEGER);

/** The file's text. */
export function writeTrace({header: head, lines}: TraceFile): string {
  const first = JSON.stringify({etcdscope: "trace", ...head});
  const rows = lines.map(({id, at, hash: chain}) => JSON.stringify([id, at, chain]));
  const last = JSON.stringify({events: lines.length, checksum: checksum(first, lines.length)});
  return `${[first, ...rows, last].join("\n")}\n`;
}

/** Reads a file's text; the error is one line that says where, what stood there and what was expected. */
export function readTrace(content: string): Result<TraceFile, string> {
  return readable(() => {
    const rows = content.split("\n");
    if (rows.at(-1) === "") rows.pop();
    const first = rows[0];
    if (first === undefined) return refuse("line 1", undefined, "the header of a trace file");
    const {etcdscope: _, ...head} = header(json(first, 1), "line 1");
    checkRun(head, "line 1");
    const last = rows.at(-1);
    if (rows.length < 2 || last?.startsWith("{") !== true) {
      return refuse(`line ${rows.length}`, last?.slice(0, 40), "the closing line; the file is cut short");
    }
    const end = closing(json(last, rows.length), `line ${rows.length}`);
    if (end.events !== rows.length - 2)
      refuse(`line ${rows.length}.events`, end.events, `${rows.length - 2}, the lines above`);
    if (end.checksum !== checksum(first, end.events)) {
      refuse(
        `line ${rows.length}.checksum`,
        end.checksum,
        `${checksum(first, end.events)}; the header was changed`,
      );
    }
    return {header: head, lines: rows.slice(1, -1).map((row, i) => line(row, i + 2))};
  });
}

function line(row: string, number: number): TraceLine {
  const path = `line ${number}`;
  const value = json(row, number);
  if (!Array.isArray(value) || value.length !== 3) return refuse(path, value, "an event: [id, at, hash]");
  return {
    id: eventName(value[0], `${path}[0]`),
    at: time(value[1], `${path}[1]`),
    hash: hash(value[2], `${path}[2]`),
  };
}

function json(row: string, number: number): unknown {
  try {
    return JSON.parse(row);
  } catch {
    return refuse(`line ${number}`, row.slice(0, 40), "JSON");
  }
}

function checksum(first: string, events: number): Hash {
  const hasher = new Hasher();
  hasher.string(first);
  hasher.int(events);
  return hasher.hash();
}
