// Trace files. One is written as blocks (blocks.ts): the head, which names all arguments of the run as they are known when
// it begins; blocks of 1,024 events; and the end. What a director or a person did stands beside the events of its block.
//
//   head {run, code, scenario} │ events 1–1,024 {script/c1#1: put x 1 …} │ events 1,025–2,048 │ … │ end {limits, verdict, hash}
//
// Files that earlier versions wrote are text (textFile.ts); both are read.

import {textOfBytes} from "../../core/base/key.ts";
import type {Result} from "../../core/base/result.ts";
import type {Choice, Intervention} from "../run.ts";
import {scriptEvent} from "../world/lanes.ts";
import {hasMagic, readBlocks, wasConverted} from "./blocks.ts";
import type {Block, Blocks} from "./blocks.ts";
import {readable, refuse} from "./decode.ts";
import type {Decoder} from "./decode.ts";
import {EventUnpacker} from "./eventBlock.ts";
import {decodeDone, decodeHead, decodeTail} from "./headerText.ts";
import {TraceLines} from "./lines.ts";
import {checkRun} from "./runText.ts";
import {readTextTrace} from "./textFile.ts";
import type {TraceFile, TraceHeader} from "./trace.ts";
import {emptyHash, recordedScript, TraceWriter} from "./writer.ts";
import type {Done, Known, Tail} from "./writer.ts";

/** The file's bytes. */
export function writeTrace({header, lines}: TraceFile): Uint8Array {
  const {end, ...head} = header;
  const parts: Uint8Array[] = [];
  const writer = new TraceWriter(head, (bytes) => void parts.push(bytes));
  const done = new DoneInLines(head);
  for (let place = 0; place < lines.length; place++) {
    const event = lines.marked(place);
    if (event === undefined) break;
    if (event.lane.startsWith("script")) done.take(`${event.lane}#${event.ordinal}`);
    writer.take(event, done);
  }
  writer.end(done, head, end);
  return joined(parts);
}

/** Reads a file's bytes, or the text of an older one; the error is one line that says where, what stood there and what was expected. */
export function readTrace(content: Uint8Array | string): Result<TraceFile, string> {
  if (typeof content === "string") return readTextTrace(content);
  if (!hasMagic(content) && !wasConverted(content)) return readTextTrace(textOfBytes(content));
  return readable(() => {
    if (wasConverted(content)) {
      return refuse(
        "byte 5",
        content[4],
        "13, 10, 26, 10: something took the file for text and converted its line ends; save the trace again",
      );
    }
    return traceIn(readBlocks(content));
  });
}

/** What was done, as the lines of a trace tell it: by the names of the script's events. */
class DoneInLines {
  private readonly byName = new Map<string, Intervention>();
  private readonly done: Intervention[] = [];
  private readonly chosen: Choice[] = [];

  constructor(head: Done) {
    this.add(head);
  }

  add({script, choices}: Done): void {
    for (const item of script) this.byName.set(scriptEvent(item), item);
    this.chosen.push(...choices);
  }

  /** Whether the event's intervention is known. */
  take(event: string): boolean {
    const item = this.byName.get(event);
    if (item !== undefined) this.done.push(item);
    return item !== undefined;
  }

  doneFrom(known: Known): Done {
    return {script: this.done.slice(known.script), choices: this.chosen.slice(known.choices)};
  }
}

function traceIn({blocks, problem}: Blocks): TraceFile {
  if (problem?.what === "damaged") {
    return refuse(
      `block ${blocks.length + 1}, byte ${problem.at}`,
      "bytes whose checksum is another",
      "those that were written; the file is damaged",
    );
  }
  const [first, ...others] = blocks;
  if (first?.kind !== "head") {
    return refuse("block 1", first?.kind ?? "no whole block", "the header; the file is cut short");
  }
  const {etcdscope: _, ...head} = json(first, "header", decodeHead);
  const lines = new TraceLines();
  const done = new DoneInLines(head);
  const unpacker = new EventUnpacker();
  let tail: Tail | undefined;
  for (const [i, block] of others.entries()) {
    const place = `block ${i + 2}`;
    if (tail !== undefined || block.kind === "head")
      return refuse(place, block.kind, "nothing after the end, and one header");
    if (block.kind === "events") addEvents(block, place, {unpacker, lines, done});
    else tail = json(block, "end", decodeTail);
  }
  const told = done.doneFrom({script: 0, choices: 0});
  const all = recordedScript(head.script, told.script);
  const script = tail === undefined ? withoutSkipped(all, told.script, lines) : (tail.script ?? all);
  const run = {...head, script, choices: tail?.choices ?? told.choices};
  const header: TraceHeader =
    tail === undefined
      ? {...run, limits: {...run.limits, events: lines.length}, end: endOf(lines)}
      : {...run, limits: tail.limits, end: tail.end};
  if (tail !== undefined && tail.end.events !== lines.length)
    refuse("end.end.events", tail.end.events, `${lines.length}, those before`);
  checkRun(header, "header");
  return {header, lines, ...(tail === undefined ? {isCut: true} : {})};
}

/** Of a file that was cut short: what should have fired before its last event, and did not, did not apply; it might when it is run again. */
function withoutSkipped(
  script: readonly Intervention[],
  done: readonly Intervention[],
  lines: TraceLines,
): readonly Intervention[] {
  const fired = new Set(done);
  const until = lines.at(lines.length - 1)?.at ?? 0;
  return script.filter((item) => fired.has(item) || item.when.at >= until);
}

interface Into {
  readonly unpacker: EventUnpacker;
  readonly lines: TraceLines;
  readonly done: DoneInLines;
}

function addEvents(block: Block, place: string, {unpacker, lines, done}: Into): void {
  const unpacked = unpacker.read(block.payload);
  if (unpacked === undefined) return refuse(place, "other bytes", "events, as they are packed");
  if (unpacked.done.length > 0) done.add(json({kind: "events", payload: unpacked.done}, place, decodeDone));
  for (const event of unpacked.events) {
    if (event.lane.startsWith("script")) {
      const name = `${event.lane}#${event.ordinal}`;
      if (!done.take(name)) refuse(place, name, "an event whose intervention stands in the file");
    }
    lines.push(event);
  }
}

/** Of a file that is cut: nobody judged the run. */
function endOf(lines: TraceLines): TraceHeader["end"] {
  const last = lines.at(lines.length - 1);
  return {events: lines.length, at: last?.at ?? 0, hash: last?.hash ?? emptyHash, verdict: "unknown"};
}

function json<T>({payload}: Block, path: string, decode: Decoder<T>): T {
  const text = textOfBytes(payload);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse(path, text.slice(0, 40), "JSON");
  }
  return decode(value, path);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, {length}) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
