// The formats, by name; and which of them a text is in.

import {failed, ok} from "../../core/base/result.ts";
import type {Result} from "../../core/base/result.ts";
import type {Call, RawEvent} from "./call.ts";
import {callsOf} from "./call.ts";
import {readEdn} from "./ednReader.ts";
import type {Read} from "./ednReader.ts";
import {isOfEtcd, readEtcd} from "./etcd.ts";
import type {EtcdHistory} from "./etcd.ts";
import {readEvents, registerEvents, writeJepsen} from "./jepsen.ts";
import {isLog, readLog, writeLog} from "./jepsenLog.ts";
import {isOfTexts, textEvents, writePorcupine} from "./porcupine.ts";

export interface Recording {
  /** Of texts, or of registers. */
  readonly of: "registers" | "texts";
  readonly calls: readonly Call[];
  /** All that were asked, those of which nothing is known included. */
  readonly operations: number;
}

export const writers = {
  jepsen: writeJepsen,
  "jepsen-log": writeLog,
  porcupine: writePorcupine,
} as const;

/** Of a whole store, by key and revision. */
export interface EtcdRecording extends EtcdHistory {
  readonly of: "etcd";
  readonly operations: number;
}

/** Reads a history of registers or texts; fails with one line that says where, what stood there, and what was expected. */
export function readRecording(text: string): Result<Recording, string> {
  if (isLog(text)) return readLogged(text);
  const reads = readForm(text);
  return reads.ok ? readObjects(reads.value) : reads;
}

/** Reads a history of whatever kind; fails as {@link readRecording}. */
export function readHistory(text: string): Result<Recording | EtcdRecording, string> {
  if (isLog(text)) return readLogged(text);
  const reads = readForm(text);
  if (!reads.ok) return reads;
  if (!isOfEtcd(reads.value)) return readObjects(reads.value);
  const read = readEtcd(reads.value);
  return read.ok ? ok({of: "etcd", operations: read.value.history.length, ...read.value}) : read;
}

function readLogged(text: string): Result<Recording, string> {
  const events = readLog(text);
  return events.ok ? recording("registers", events.value) : events;
}

function readForm(text: string): Result<readonly Read[], string> {
  if (/^[\s\ufeff]*(;[^\n]*\s*)*[[({#]/.test(text)) return readEdn(text);
  return failed(
    `line 1: found ${JSON.stringify(text.slice(0, 40).split("\n")[0])}, expected a history: Jepsen's in EDN, Jepsen's log, or Porcupine's`,
  );
}

function readObjects(reads: readonly Read[]): Result<Recording, string> {
  const events = readEvents(reads);
  if (!events.ok) return events;
  const isText = isOfTexts(events.value);
  const raw = isText ? textEvents(events.value) : registerEvents(events.value);
  return raw.ok ? recording(isText ? "texts" : "registers", raw.value) : raw;
}

function recording(of: Recording["of"], events: readonly RawEvent[]): Result<Recording, string> {
  const calls = callsOf(events);
  if (!calls.ok) return calls;
  if (events.length === 0) return failed("found no operation, expected some");
  return ok({of, calls: calls.value, operations: events.filter(({type}) => type === "invoke").length});
}
