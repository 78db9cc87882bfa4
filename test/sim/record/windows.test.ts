import {describe, expect, it} from "vitest";
import {readRecording} from "../../../sim/record/formats.ts";
import type {Recording} from "../../../sim/record/formats.ts";
import {judge} from "../../../sim/record/judge.ts";
import type {Explanation} from "../../../sim/record/windows.ts";
import {isExplained, upTo} from "./everyOrder.ts";

/** A history in Jepsen's log, process and event by process and event: `"0 invoke write 3"`. */
function recordingOf(...lines: readonly string[]): Recording {
  const text = lines.map((line) => {
    const [process, type, kind, ...value] = line.split(" ");
    return `INFO  jepsen.util - ${process}\t:${type}\t:${kind}\t${value.join(" ")}`;
  });
  const read = readRecording(text.join("\n"));
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

function explained(recording: Recording, budget = 100_000): Explanation {
  const [explanation] = judge(recording, {budget}).keys.flatMap(({explain}) =>
    explain === undefined ? [] : [explain()],
  );
  if (explanation === undefined) throw new Error("it is not violated");
  return explanation;
}

const lines = ({window}: Explanation): readonly (readonly (number | undefined)[])[] =>
  window.map(({invoked, returned}) => [invoked, returned]);

describe("why a history cannot be explained", () => {
  const sound = ["0 invoke write 1", "0 ok write 1", "1 invoke read nil", "1 ok read 1"];
  const stale = ["0 invoke write 2", "0 ok write 2", "1 invoke read nil", "1 ok read 1"];

  it("is the shortest window up to the return that ends the longest prefix", () => {
    const recording = recordingOf(...sound, ...sound, ...stale, ...sound);
    const why = explained(recording);
    expect(why.blocked).toMatchObject({kind: "read", value: 1, invoked: 11, returned: 12});
    expect(why.from).toBe(9);
    expect(lines(why)).toEqual([
      [9, 10],
      [11, 12],
    ]);
    expect(why.order.map(({invoked}) => invoked)).toEqual([1, 3, 5, 7, 9]);
  });

  it("is all from the beginning where what was there at first matters", () => {
    const why = explained(recordingOf("0 invoke read nil", "0 ok read 7"));
    expect([why.from, lines(why), why.order]).toEqual([undefined, [[1, 2]], []]);
  });

  it("has in it what may have been done before it began, or not at all", () => {
    const lost = ["9 invoke cas [5 6]", "9 info cas :timed-out"];
    const why = explained(recordingOf(...lost, ...sound, ...stale));
    expect(lines(why)).toEqual([
      [1, undefined],
      [7, 8],
      [9, 10],
    ]);
  });

  it("leaves out reads that do not matter", () => {
    const reads = ["3 invoke read nil", "3 ok read 2"];
    const why = explained(
      recordingOf(
        ...sound,
        "0 invoke write 2",
        "0 ok write 2",
        ...reads,
        ...reads,
        "1 invoke read nil",
        "1 ok read 1",
      ),
    );
    expect(why.window.map(({kind}) => kind)).not.toEqual([]);
    expect(why.window).toHaveLength(2);
  });

  it("is found for texts where they break, though the search looks ahead", () => {
    const event = (process: number, type: string, f: string, value: string): string =>
      `{:process ${process}, :type :${type}, :f :${f}, :key "k", :value ${value}}`;
    const done = (f: string, value: string): readonly string[] => [
      event(0, "invoke", f, f === "get" ? "nil" : value),
      event(0, "ok", f, value),
    ];
    const text = [
      ...done("append", '"a"'),
      ...done("append", '"b"'),
      ...done("get", '"ab"'),
      ...done("append", '"c"'),
      ...done("get", '"ab"'),
    ];
    const read = readRecording(text.join("\n"));
    if (!read.ok) throw new Error(read.error);
    const why = explained(read.value);
    expect(why.blocked.returned).toBe(10);
    expect(lines(why)).toEqual([
      [7, 8],
      [9, 10],
    ]);
    const {calls} = read.value;
    expect(isExplained(upTo(calls, 9), {value: "", version: 0})).toBe(true);
  });
});

describe("keys that are searched by turns", () => {
  const event = (process: number, type: string, f: string, key: string, value: string): string =>
    `{:process ${process}, :type :${type}, :f :${f}, :key "${key}", :value ${value}}`;
  // Of twenty appends at once any may come first, and no order of them is what was read.
  const appends = (type: string): readonly string[] =>
    Array.from({length: 20}, (_, i) => event(i, type, "append", "hard", `"${"a".repeat(i + 1)}"`));
  const hard = [
    ...appends("invoke"),
    ...appends("ok"),
    event(0, "invoke", "get", "hard", "nil"),
    event(0, "ok", "get", "hard", `"${"a".repeat(210)}b"`),
  ];
  const wrong = [event(30, "invoke", "get", "easy", "nil"), event(30, "ok", "get", "easy", '"x"')];
  const sound = [event(40, "invoke", "get", "sound", "nil"), event(40, "ok", "get", "sound", '""')];
  const read = (...events: readonly string[]): Recording => {
    const found = readRecording(events.join("\n"));
    if (!found.ok) throw new Error(found.error);
    return found.value;
  };

  it("are settled by one that is violated, though another does not end", () => {
    const alone = judge(read(...hard), {budget: 200_000});
    expect(alone.verdict).toBe("unknown");
    expect(alone.steps).toBeLessThan(200_100);
    const both = judge(read(...hard, ...wrong), {budget: 200_000});
    expect(both.verdict).toBe("fail");
    expect(both.steps).toBeLessThan(1000);
    expect(both.keys.map(({key, verdict}) => [key, verdict])).toEqual([
      ['"hard"', "unknown"],
      ['"easy"', "fail"],
    ]);
  });

  it("are all gone on with where that is asked for", () => {
    const judgement = judge(read(...wrong, ...sound), {budget: 1000, all: true});
    expect(judgement.keys.map(({verdict}) => verdict)).toEqual(["fail", "pass"]);
    expect(judge(read(...wrong, ...sound), {budget: 1000}).keys.map(({verdict}) => verdict)).toEqual([
      "fail",
      "unknown",
    ]);
  });
});
