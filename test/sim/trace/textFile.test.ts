// Traces that earlier versions wrote, which are text, still open; one that is not what it should be is refused in one line.

import {describe, expect, it} from "vitest";
import {execute} from "../../../sim/execute.ts";
import {readTrace} from "../../../sim/trace/file.ts";
import {traceOf} from "../../../sim/trace/replay.ts";
import type {TraceFile} from "../../../sim/trace/trace.ts";
import {textTrace} from "../../support/textTrace.ts";
import {at, makeRun, put, sound} from "../stage.ts";

const script = [
  at(1, 50, put("c1", "x", "1")),
  at(2, 60, {kind: "split", groups: [["n1"], ["n2", "n3"]]}),
  at(3, 70, {kind: "heal", link: ["n1", "n2"]}),
  at(4, 80, {kind: "pin", stream: "clock/n1", n: 2, value: 5}),
];

function trace(): TraceFile {
  const done = execute(makeRun({script, until: 100}), {versions: sound, lines: true});
  return traceOf(done, {code: "0123456789abcdef"});
}

const whole = textTrace(trace());
const rows = whole.trimEnd().split("\n");
const [head = "{}"] = rows;

/** The file with another header; its closing line is made to fit, so that only the header is wrong. */
function withHeader(change: (header: Record<string, unknown>) => unknown): string {
  const header = JSON.parse(head) as Record<string, unknown>;
  change(header);
  const {lines} = trace();
  return textTrace({header: header as unknown as TraceFile["header"], lines});
}

function put1(header: Record<string, unknown>, path: string, value: unknown): void {
  const keys = path.split(".");
  let object = header;
  for (const key of keys.slice(0, -1)) object = object[key] as Record<string, unknown>;
  object[keys.at(-1) ?? ""] = value;
}

const wrongHeaders: readonly (readonly [string, unknown])[] = [
  ["format", 2],
  ["config.members", "three"],
  ["config.members", 1e9],
  ["config.spares", 29],
  ["config.network.peerLatency.most", -1],
  ["config.network.lossPerMillion", 0.5],
  ["config.unknown", 1],
  ["seed", 7],
  ["script.2.id", 2],
  ["script.0.when.at", -1],
  ["script.0.when.at", 1e300],
  ["script.0.do.kind", "explode"],
  ["script.0.do.client", "c9"],
  ["script.0.do.op", "frobnicate x"],
  ["script.1.do.groups", [["n7"]]],
  ["script.2.do.link", ["n1"]],
  ["script.3.do.n", "2"],
  ["choices", null],
  ["limits.events", -1],
  ["versions", {n1: ["no-such-bug"]}],
  ["end.hash", "xyz"],
];

const wrongTexts: readonly (readonly [string, string])[] = [
  ["nothing", ""],
  ["not JSON", "hello\nworld\n"],
  ["a header alone", `${head}\n`],
  ["cut off in the middle of a line", whole.slice(0, Math.floor(whole.length / 2))],
  ["without its closing line", `${rows.slice(0, -1).join("\n")}\n`],
  ["with an event line too few", [...rows.slice(0, 5), ...rows.slice(6)].join("\n")],
  ["with an event line that is no JSON", rows.with(5, "[oops").join("\n")],
  ["with an event line of wrong types", rows.with(5, '["clock/n1#1","later",0]').join("\n")],
  ["with a negative time", rows.with(5, '["clock/n1#1",-5,"0123456789abcdef"]').join("\n")],
  ["with a header that was edited", [head.replace('"seed":"7"', '"seed":"8"'), ...rows.slice(1)].join("\n")],
  ["with bytes for text", "\u0000\u0001\u0002"],
];

describe("a trace file of an earlier version", () => {
  it("is read, as text and as bytes", () => {
    const {header, lines} = trace();
    for (const content of [whole, new TextEncoder().encode(whole)]) {
      const read = readTrace(content);
      if (!read.ok) throw new Error(read.error);
      expect(read.value.header).toEqual(JSON.parse(JSON.stringify(header)));
      expect([...read.value.lines]).toEqual([...lines]);
    }
  });

  it.each(wrongTexts)("%s is refused in one line", (_, text) => {
    const read = readTrace(text);
    expect(read.ok).toBe(false);
    if (!read.ok) expect(read.error).toMatch(/^line \d+.*expected/);
    expect(read.ok ? "" : read.error).not.toContain("\n");
  });

  it.each(wrongHeaders)("with %s = %j is refused in one line that names it", (path, value) => {
    const read = readTrace(withHeader((header) => put1(header, path, value)));
    expect(read.ok).toBe(false);
    if (read.ok) return;
    expect(read.error).toMatch(/expected/);
    expect(read.error).not.toContain("\n");
    expect(read.error.length).toBeLessThan(320);
  });

  it("may number a client's interventions like the script's own: their lanes tell them apart", () => {
    const read = readTrace(withHeader((header) => put1(header, "script.0.id", 2)));
    expect(read.ok).toBe(true);
  });

  it("may speak of servers that are no members yet", () => {
    const header = (header: Record<string, unknown>): void => {
      put1(header, "config.spares", 1);
      put1(header, "config.learners", 1);
      put1(header, "script.1.do.groups", [["n5"], ["n4"]]);
    };
    expect(readTrace(withHeader(header)).ok).toBe(true);
    const beyond = readTrace(withHeader((h) => [header(h), put1(h, "script.1.do.groups", [["n6"]])]));
    expect(beyond.ok ? "" : beyond.error).toContain("n1 to n5");
  });

  it("keeps event lines out of its checksum: a changed one is found by replaying", () => {
    const [id, time] = JSON.parse(rows[5] ?? "[]") as readonly [string, number];
    const changed = rows.with(5, JSON.stringify([id, time, "0".repeat(16)])).join("\n");
    expect(readTrace(changed).ok).toBe(true);
  });
});
