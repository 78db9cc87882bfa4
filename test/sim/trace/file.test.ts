// A trace file is small, is read back as it was written, can be written while its run goes on, and says what is wrong with it.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {execute} from "../../../sim/execute.ts";
import type {Executed} from "../../../sim/execute.ts";
import {faultPlan} from "../../../sim/fault/plan.ts";
import {readTrace, writeTrace} from "../../../sim/trace/file.ts";
import {replay, traceOf} from "../../../sim/trace/replay.ts";
import {TraceWriter} from "../../../sim/trace/writer.ts";
import type {Known} from "../../../sim/trace/writer.ts";
import type {TraceFile} from "../../../sim/trace/trace.ts";
import {Mix} from "../../../sim/workload/mix.ts";
import {at, makeRun, ms, put, sound} from "../stage.ts";

const about = {code: "0123456789abcdef", scenario: "test"};

interface Written {
  readonly done: Executed;
  /** As they came, one per block. */
  readonly parts: readonly Uint8Array[];
}

/** Five members under faults; a director asks, so that the script is known at the end only. Two of the plan do not apply. */
function written(): Written {
  const parts: Uint8Array[] = [];
  const run = makeRun({members: 5, clients: 3, until: 6000});
  const plan = faultPlan("6", run.config, {until: 4000 * ms});
  const none = [900, 901].map((id) => at(id, 700, {kind: "message", event: "n1→n2#9999", do: "drop"}));
  const done = execute(
    {...run, script: [...plan, ...none]},
    {
      versions: sound,
      director: new Mix({seed: "6", until: 4000 * ms}),
      lines: true,
      trace: {about, sink: (bytes) => void parts.push(bytes)},
    },
  );
  return {done, parts};
}

const streamed = written();
const whole = joined(streamed.parts);

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function read(bytes: Uint8Array): TraceFile {
  const file = readTrace(bytes);
  if (!file.ok) throw new Error(file.error);
  return file.value;
}

/** Where blocks end. */
const ends = streamed.parts.map((_, i) => joined(streamed.parts.slice(0, i + 1)).length);

describe("a trace file", () => {
  it("takes at most 15 bytes an event, 8 of them the chain's, what was done included", () => {
    const {events} = streamed.done;
    const blocks = streamed.parts.slice(1, -1);
    const bytes = blocks.reduce((sum, {length}) => sum + length, 0);
    expect(events).toBeGreaterThan(2048);
    expect(blocks).toHaveLength(Math.ceil(events / 1024));
    expect(bytes / events).toBeLessThan(15);
    expect(bytes / events).toBeGreaterThan(8);
  });

  it("written while the run goes on says what one written at its end says", () => {
    const {header, lines, isCut} = read(whole);
    const trace = traceOf(streamed.done, about);
    expect(isCut).toBeUndefined();
    expect(header).toEqual(trace.header);
    expect([...lines]).toEqual([...trace.lines]);
    expect(streamed.done.skipped.length).toBeGreaterThan(1);
    const again = read(writeTrace(trace));
    expect(again.header).toEqual(trace.header);
    expect([...again.lines]).toEqual([...trace.lines]);
  });

  it("without events is one too", () => {
    const done = execute(makeRun({events: 0}), {versions: sound, lines: true});
    expect(read(writeTrace(traceOf(done, about))).lines).toHaveLength(0);
  });

  it("cut short at any byte is read up to its last whole block, and says so", () => {
    const near = ends.flatMap((end) => [end - 1, end, end + 1, end + 8, end + 9, end + 10]);
    const places = [...near, 0, 5, 8, 100, 20_000].filter((place) => place < whole.length);
    for (const place of places) {
      const file = readTrace(whole.subarray(0, place));
      const count = ends.filter((end) => end <= place).length;
      if (count === 0) {
        expect(file.ok ? "" : file.error).toMatch(/expected/);
        continue;
      }
      if (!file.ok) throw new Error(`${place}: ${file.error}`);
      expect(file.value.isCut).toBe(true);
      const events = Math.min((count - 1) * 1024, streamed.done.events);
      expect(file.value.lines).toHaveLength(events);
      expect(file.value.header.end).toMatchObject({events, verdict: "unknown"});
    }
  });

  it("cut short replays as far as it goes, with what had been asked by then", () => {
    const file = read(whole.subarray(0, (ends[2] ?? 0) + 50));
    const {difference, executed} = replay(file, {versions: sound});
    expect(difference).toBeUndefined();
    expect(executed.events).toBe(2048);
    expect(executed.operations.length).toBeGreaterThan(3);
  });

  it("has a scheduler's choices beside the events among which they were made", () => {
    const [given, made, later] = [
      {after: "clock/n1#1", take: "clock/n2#1"},
      {after: "clock/n1#2", take: "clock/n2#2"},
      {after: "clock/n1#3", take: "clock/n2#3"},
    ];
    const run = {...makeRun(), choices: [given]};
    const parts: Uint8Array[] = [];
    const writer = new TraceWriter({...run, ...about}, (bytes) => void parts.push(bytes));
    let choices = [given, made];
    const life = {doneFrom: (known: Known) => ({script: [], choices: choices.slice(known.choices)})};
    for (let i = 1; i <= 2000; i++) {
      if (i === 1500) choices = [given, made, later];
      writer.take({lane: "clock/n1", ordinal: i, at: i, chainA: i, chainB: i}, life);
    }
    const end = {events: 2000, at: 2000, hash: "0".repeat(16), verdict: "pass"} as const;
    writer.end(life, {...run, choices}, end);
    expect(read(joined(parts.slice(0, 2))).header.choices).toEqual([given, made]);
    expect(read(joined(parts)).header.choices).toEqual([given, made, later]);
    // What did not apply is gone from the run as recorded.
    const others: Uint8Array[] = [];
    const other = new TraceWriter({...run, ...about}, (bytes) => void others.push(bytes));
    other.end(life, {...run, choices: [later]}, {...end, events: 0});
    expect(read(joined(others)).header.choices).toEqual([later]);
  });

  it("with one bit changed anywhere is refused, or its end is not believed", () => {
    const lines = [...read(whole).lines];
    fc.assert(
      fc.property(fc.nat({max: whole.length - 1}), fc.nat({max: 7}), (place, bit) => {
        const bytes = whole.slice();
        bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
        const file = readTrace(bytes);
        if (!file.ok) {
          expect(file.error).toMatch(/expected/);
          expect(file.error).not.toContain("\n");
          return;
        }
        expect(file.value.isCut).toBe(true);
        expect([...file.value.lines]).toEqual(lines.slice(0, file.value.lines.length));
      }),
      {numRuns: 60},
    );
  });

  it.each<[string, (parts: readonly Uint8Array[]) => readonly Uint8Array[]]>([
    ["left out", (parts) => parts.toSpliced(2, 1)],
    ["twice", (parts) => parts.toSpliced(2, 0, parts[2] ?? new Uint8Array())],
    ["in another's place", (parts) => parts.with(2, parts[3] ?? new Uint8Array())],
  ])("with a block %s is refused: checksums go on from block to block", (_, change) => {
    const file = readTrace(joined(change(streamed.parts)));
    expect(file.ok ? "" : file.error).toMatch(/^block \d, byte \d+: .*expected those that were written/);
  });

  it("whose line ends were converted says so", () => {
    const text = Buffer.from(whole).toString("latin1").replaceAll("\r\n", "\n");
    const file = readTrace(Uint8Array.from(Buffer.from(text, "latin1")));
    expect(file.ok ? "" : file.error).toContain("converted its line ends");
  });
});

const script = [at(1, 50, put("c1", "x", "1")), at(2, 60, {kind: "split", groups: [["n1"], ["n2", "n3"]]})];

/** A small trace with something else in its header. */
function withHeader(path: string, value: unknown): Uint8Array {
  const done = execute(makeRun({script, until: 100}), {versions: sound, lines: true});
  const {header, lines} = traceOf(done, about);
  const changed = JSON.parse(JSON.stringify(header)) as TraceFile["header"];
  const keys = path.split(".");
  let object = changed as unknown as Record<string, unknown>;
  for (const key of keys.slice(0, -1)) object = object[key] as Record<string, unknown>;
  object[keys.at(-1) ?? ""] = value;
  return writeTrace({header: changed, lines});
}

describe("a trace file's header", () => {
  it.each<[string, unknown]>([
    ["format", 2],
    ["config.members", "three"],
    ["config.unknown", 1],
    ["seed", 7],
    ["script.0.do.op", "frobnicate x"],
    ["script.1.do.groups", [["n7"]]],
    ["script.1.id", 9],
    ["choices", [{after: 1}]],
    ["limits.events", -1],
    ["versions", {n1: ["no-such-bug"]}],
    ["end.hash", "xyz"],
    ["end.events", 3],
  ])("with %s = %j is refused in one line that names it", (path, value) => {
    const file = readTrace(withHeader(path, value));
    expect(file.ok ? "" : file.error).toMatch(/expected/);
    expect(file.ok ? "" : file.error).not.toContain("\n");
  });
});
