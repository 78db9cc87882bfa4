// Trace files as earlier versions wrote them: text. A header line (JSON), a line `[id, at, hash]` per event, a closing line
// with a checksum of header and count. Read only; event lines are guarded by the chain alone.

import {Hasher} from "../../core/base/hasher.ts";
import type {Hash} from "../../core/base/hasher.ts";
import type {Result} from "../../core/base/result.ts";
import {integer, object, readable, refuse, text} from "./decode.ts";
import {decodeHash, decodeHeader, decodeTime, eventsMax} from "./headerText.ts";
import {TraceLines} from "./lines.ts";
import type {TraceLine} from "./lines.ts";
import {checkRun} from "./runText.ts";
import type {TraceFile} from "./trace.ts";

const closing = object({events: integer(0, eventsMax), checksum: decodeHash});

const eventName = text("an event such as n1→n3#17", /^[^#]+#[1-9][0-9]*$/, 64);

/** Reads a file's text; the error is one line that says where, what stood there and what was expected. */
export function readTextTrace(content: string): Result<TraceFile, string> {
  return readable(() => {
    const rows = content.split("\n");
    if (rows.at(-1) === "") rows.pop();
    const first = rows[0];
    if (first === undefined) return refuse("line 1", undefined, "the header of a trace file");
    const {etcdscope: _, ...head} = decodeHeader(json(first, 1), "line 1");
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
    return {header: head, lines: TraceLines.of(rows.slice(1, -1).map((row, i) => line(row, i + 2)))};
  });
}

function line(row: string, number: number): TraceLine {
  const path = `line ${number}`;
  const value = json(row, number);
  if (!Array.isArray(value) || value.length !== 3) return refuse(path, value, "an event: [id, at, hash]");
  return {
    id: eventName(value[0], `${path}[0]`),
    at: decodeTime(value[1], `${path}[1]`),
    hash: decodeHash(value[2], `${path}[2]`),
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
