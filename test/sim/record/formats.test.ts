import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {ednText} from "../../../sim/trace/export/edn.ts";
import type {Edn} from "../../../sim/trace/export/edn.ts";
import type {Call} from "../../../sim/record/call.ts";
import {readEdn} from "../../../sim/record/ednReader.ts";
import {readRecording, writers} from "../../../sim/record/formats.ts";
import {histories} from "./histories.ts";
import type {Said} from "./histories.ts";

/** The calls of a text that must be a history. */
function callsIn(text: string): readonly Call[] {
  const read = readRecording(text);
  if (!read.ok) throw new Error(read.error);
  return read.value.calls;
}

function problemIn(text: string): string {
  const read = readRecording(text);
  return read.ok ? "none" : read.error;
}

const log = (...lines: readonly string[]): string =>
  lines.map((line) => `INFO  jepsen.util - ${line.replaceAll(" | ", "\t")}\n`).join("");

describe("Jepsen's log", () => {
  it("is read call by call; what is known to have failed, and reads nobody saw, say nothing", () => {
    const text = log(
      "0 | :invoke | :write | 3",
      "1 | :invoke | :read | nil",
      "0 | :ok | :write | 3",
      "1 | :ok | :read | 3",
      "2 | :invoke | :cas | [3 4]",
      "3 | :invoke | :cas | [0 1]",
      "2 | :info | :cas | :timed-out",
      "3 | :fail | :cas | [0 1]",
      "0 | :invoke | :read | nil",
      "0 | :fail | :read | :timed-out",
      "4 | :invoke | :write | 1",
    );
    const read = readRecording(`something else\n${text}`);
    expect(read).toEqual({
      ok: true,
      value: {
        of: "registers",
        operations: 6,
        calls: [
          {process: "0", key: "", kind: "write", value: 3, outcome: "done", invoked: 2, returned: 4},
          {process: "1", key: "", kind: "read", value: 3, outcome: "done", invoked: 3, returned: 5},
          {
            process: "2",
            key: "",
            kind: "cas",
            expected: 3,
            value: 4,
            outcome: "unknown",
            invoked: 6,
            returned: undefined,
          },
          {
            process: "3",
            key: "",
            kind: "cas",
            expected: 0,
            value: 1,
            outcome: "refused",
            invoked: 7,
            returned: 9,
          },
          {
            process: "4",
            key: "",
            kind: "write",
            value: 1,
            outcome: "unknown",
            invoked: 12,
            returned: undefined,
          },
        ],
      },
    });
  });
});

describe("Jepsen's histories in EDN", () => {
  it("are of one register, of one for each key, or of such with versions", () => {
    const said = (...values: readonly string[]): string =>
      values
        .map(
          (value, i) =>
            `{:process ${i}, :type :invoke, :f :cas, :value ${value}}\n{:process ${i}, :type :ok, :f :cas, :value ${value}}`,
        )
        .join("\n");
    const cas = (text: string): object[] =>
      callsIn(text).map(({key, expected, value, version}) => ({key, expected, value, version}));
    expect(cas(said("[1 2]"))).toEqual([{key: "", expected: 1, value: 2, version: undefined}]);
    expect(cas(said('["x" [1 2]]', "[7 [nil :a]]"))).toEqual([
      {key: '"x"', expected: 1, value: 2, version: undefined},
      {key: "7", expected: null, value: {keyword: "a"}, version: undefined},
    ]);
    expect(cas(said('["x" [nil ["1" "2"]]]', '["x" [4 ["2" "3"]]]'))).toEqual([
      {key: '"x"', expected: "1", value: "2", version: undefined},
      {key: '"x"', expected: "2", value: "3", version: 4},
    ]);
  });

  it("may stand in one list, with tags, comments and events of the nemesis", () => {
    const text = `; a comment
[#jepsen.history.Op{:process :nemesis, :type :info, :f :start, :value nil}
 {:process 0, :type :invoke, :f :write, :value 1, :time 12}
 #_ {:process 0, :type :invoke, :f :write, :value 1}
 {:process 0, :type :ok, :f :write, :value 1, :extra #{1 (2)}}]`;
    expect(callsIn(text)).toMatchObject([{kind: "write", value: 1, invoked: 3, returned: 5}]);
  });

  it("take a compare-and-set that failed without an error for one that found something else", () => {
    const ended = (how: string): readonly Call[] =>
      callsIn(
        `{:process 0, :type :invoke, :f :cas, :value [1 2]}\n{:process 0, :type :fail, :f :cas, :value [1 2]${how}}`,
      );
    expect(ended("")).toMatchObject([{outcome: "refused"}]);
    expect(ended(", :error nil")).toMatchObject([{outcome: "refused"}]);
    expect(ended(", :error :no-leader")).toEqual([]);
  });
});

describe("Porcupine's histories", () => {
  it("are of texts by key, empty at first", () => {
    const text = `{:process 0, :type :invoke, :f :append, :key "0", :value "x 0 0 y"}
{:process 1, :type :invoke, :f :get, :key "1", :value nil}
{:process 0, :type :ok, :f :append, :key "0", :value "x 0 0 y"}
{:process 1, :type :ok, :f :get, :key "1", :value ""}`;
    expect(readRecording(text)).toMatchObject({
      ok: true,
      value: {
        of: "texts",
        operations: 2,
        calls: [
          {kind: "append", key: '"0"', value: "x 0 0 y"},
          {kind: "read", key: '"1"', value: ""},
        ],
      },
    });
  });
});

describe("a file that is no history", () => {
  it.each([
    ["", 'line 1: found "", expected a history'],
    ["<html>", 'line 1: found "<html>", expected a history'],
    ["[]", "found no operation, expected some"],
    ["[{:process 0}", 'line 1: found the end, expected "]"'],
    ["{:process 0", 'line 1: found the end, expected "}"'],
    ['{"process" 0}', "expected before it a map of keywords to values"],
    ["{:process 0} 5", "line 1: found no :type, expected :invoke, :ok, :fail or :info"],
    ["{:type :invoke}", "line 1: found no :process, expected a number"],
    [
      "{:process 0, :type :begin, :f :read}",
      "line 1: found :type :begin, expected :invoke, :ok, :fail or :info",
    ],
    ["\n{:process 0, :type :invoke, :f 7}", "line 2: found :f 7, expected a keyword such as :read"],
    [
      "{:process 0, :type :invoke, :f :txn, :value []}",
      "line 1: found :f :txn, expected :read, :write or :cas",
    ],
    [
      "{:process 0, :type :ok, :f :read, :value 1}",
      "line 1: found :ok of process 0, expected its :invoke before it",
    ],
    [
      "{:process 0, :type :invoke, :f :read}\n{:process 0, :type :invoke, :f :read}",
      "line 2: found :invoke of process 0, expected the completion of its read of line 1 before it",
    ],
    [
      "{:process 0, :type :invoke, :f :read}\n{:process 0, :type :ok, :f :write, :value 1}",
      "line 2: found :ok of a write, expected that of the read of line 1",
    ],
    [
      "{:process 0, :type :invoke, :f :cas, :value 3}",
      "line 1: found 3, expected what is to be found and what to be put",
    ],
    [
      '{:process 0, :type :invoke, :f :write, :value ["x" 3]}\n{:process 0, :type :ok, :f :write, :value 3}',
      'line 2: found :value 3, expected a key and a value such as ["x" 1]',
    ],
    [
      '{:process 0, :type :invoke, :f :write, :value ["x" 3]}\n{:process 0, :type :ok, :f :write, :value ["y" 3]}',
      'line 2: found the key "y", expected that of line 1, "x"',
    ],
    [
      '{:process 0, :type :invoke, :f :append, :key "0", :value 3}',
      "line 1: found :value 3, expected a text",
    ],
    [log("0 | :invoke | :write | x"), 'line 1: found "x", expected a number'],
    [log("0 | :invoke | :push | 1"), "line 1: found :push, expected :read, :write or :cas"],
    [log("0 | :began | :write | 1"), "expected a process, :invoke, :ok, :fail or :info"],
  ])("is refused in one line: %s", (text, expected) => {
    const problem = problemIn(text);
    expect(problem).toContain(expected);
    expect(problem).not.toContain("\n");
  });

  it("is refused where it goes deeper than any history does", () => {
    expect(problemIn("[".repeat(100_000))).toContain("line 1: found");
    expect(problemIn("[".repeat(100_000))).toContain("expected at most 200 values within each other");
  });
});

/** Times as the lines of a file without anything else would have them. */
function renumbered(calls: readonly Call[]): readonly object[] {
  const times = calls
    .flatMap(({invoked, returned}) => (returned === undefined ? [invoked] : [invoked, returned]))
    .sort((a, b) => a - b);
  const line = (at: number | undefined): number | undefined =>
    at === undefined ? undefined : times.indexOf(at) + 1;
  return calls.map((call) => ({...call, invoked: line(call.invoked), returned: line(call.returned)}));
}

describe("a history that was written", () => {
  const number = fc.integer({min: 0, max: 9});
  const outcome = fc.constantFrom("done", "unknown") as fc.Arbitrary<"done" | "unknown">;
  const scalar: fc.Arbitrary<Edn> = fc.oneof(number, fc.string(), fc.boolean());
  const registers = (value: fc.Arbitrary<Edn>): fc.Arbitrary<Said> =>
    fc.oneof(
      fc.oneof(value, fc.constant(null)).map((read): Said => ({kind: "read", value: read, outcome: "done"})),
      fc.tuple(value, outcome).map(([put, came]): Said => ({kind: "write", value: put, outcome: came})),
      fc
        .tuple(value, value, fc.constantFrom("done", "refused", "unknown"))
        .map(([expected, put, came]): Said => ({kind: "cas", expected, value: put, outcome: came})),
    );
  const keys = fc.constantFrom("a", 'odd "key"\n', "");
  const withKeys = (calls: readonly Call[], names: readonly string[]): readonly Call[] =>
    calls.map((call, i) => ({...call, key: ednText(names[i % names.length] ?? "")}));

  it("is read again as it was: Jepsen's log", () => {
    fc.assert(
      fc.property(histories(registers(number)), (calls) => {
        const text = writers["jepsen-log"](calls);
        expect(text.ok && renumbered(callsIn(text.value))).toEqual(renumbered(calls));
      }),
    );
  });

  it("is read again as it was: Jepsen's EDN, with and without keys and versions", () => {
    const named = fc.array(keys, {minLength: 1, maxLength: 3});
    fc.assert(
      fc.property(
        histories(registers(scalar)),
        named,
        fc.constantFrom("plain", "keyed", "versioned"),
        (calls, names, shape) => {
          const keyed = shape === "plain" ? calls : withKeys(calls, names);
          const versioned = keyed.map((call, i) => (call.outcome === "done" ? {...call, version: i} : call));
          const given = shape === "versioned" ? versioned : keyed;
          const text = writers.jepsen(given);
          expect(text.ok && renumbered(callsIn(text.value))).toEqual(renumbered(given));
        },
      ),
    );
  });

  it("is read again as it was: Porcupine's", () => {
    const kind = fc.constantFrom("read", "write", "append") as fc.Arbitrary<"read" | "write" | "append">;
    const said = fc.record({kind, value: fc.string(), outcome: fc.constant("done" as const)});
    fc.assert(
      fc.property(histories(said), fc.array(keys, {minLength: 1, maxLength: 3}), (calls, names) => {
        const given = withKeys(calls, names);
        const text = writers.porcupine(given);
        expect(text.ok && renumbered(callsIn(text.value))).toEqual(renumbered(given));
      }),
    );
  });

  it("is refused by a format that has no words for it, in one line", () => {
    const texts = callsIn(
      '{:process 0, :type :invoke, :f :append, :key "0", :value "x"}\n{:process 0, :type :ok, :f :append, :key "0", :value "x"}',
    );
    const lost = callsIn('{:process 0, :type :invoke, :f :append, :key "0", :value "x"}');
    const numbers = callsIn(log("0 | :invoke | :write | 3", "0 | :ok | :write | 3"));
    expect(writers.jepsen(texts)).toMatchObject({
      error: expect.stringMatching(/^line 1: found an append, expected .*$/),
    });
    expect(writers["jepsen-log"](texts)).toMatchObject({
      error: expect.stringMatching(/^line 1: found a append of "0", expected .*$/),
    });
    expect(writers.porcupine(numbers)).toMatchObject({
      error: expect.stringMatching(/^line 1: found a write, expected .*$/),
    });
    expect(writers.porcupine(lost)).toMatchObject({
      error: expect.stringMatching(/^line 1: found a append of unknown outcome, expected .*$/),
    });
  });
});

describe("EDN", () => {
  it("is read as it was written", () => {
    const {edn} = fc.letrec<{edn: Edn}>((tie) => ({
      edn: fc.oneof(
        {maxDepth: 3, depthSize: "small"},
        fc.constantFrom(null, true, false, {keyword: "a-b"}),
        fc.integer(),
        fc.string({unit: "binary", maxLength: 8}),
        fc.array(tie("edn"), {maxLength: 3}),
        fc
          .dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tie("edn"), {maxKeys: 3, noNullPrototype: true})
          .map((map) => new Map(Object.entries(map))),
      ),
    }));
    fc.assert(
      fc.property(edn, (value) => {
        const read = readEdn(` ${ednText(value)} ; that is all`);
        expect(read.ok && read.value.map((one) => one.value)).toEqual(Array.isArray(value) ? value : [value]);
      }),
    );
  });
});
