// Traces in the form that earlier versions wrote, which still open: text, a line per event. Tests edit it by hand.

import {readFileSync} from "node:fs";
import {Hasher} from "../../core/base/hasher.ts";
import {readTrace} from "../../sim/trace/file.ts";
import type {TraceFile} from "../../sim/trace/trace.ts";

/** A trace as such a file's text. */
export function textTrace({header, lines}: TraceFile): string {
  const first = JSON.stringify({etcdscope: "trace", ...header});
  const rows = [...lines].map(({id, at, hash}) => JSON.stringify([id, at, hash]));
  const hasher = new Hasher();
  hasher.string(first);
  hasher.int(rows.length);
  const last = JSON.stringify({events: rows.length, checksum: hasher.hash()});
  return `${[first, ...rows, last].join("\n")}\n`;
}

/** The rows of such a text: the header, each event, the closing line. */
export function rowsOf(bytes: Uint8Array): readonly string[] {
  const read = readTrace(bytes);
  if (!read.ok) throw new Error(read.error);
  return textTrace(read.value).trimEnd().split("\n");
}

/** The rows of a trace in a file. */
export function rowsIn(path: string): readonly string[] {
  return rowsOf(readFileSync(path));
}
