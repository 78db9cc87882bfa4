// Where two traces part is found by halving, and what differs is named: headers, the event, the member's part of state.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {execute} from "../../../sim/execute.ts";
import type {Intervention, Run} from "../../../sim/run.ts";
import {Timeline} from "../../../sim/timeline/timeline.ts";
import {agreesUpTo, alignByName, firstDifference, headerDifferences, Pair} from "../../../sim/trace/diff.ts";
import {TraceLines} from "../../../sim/trace/lines.ts";
import {traceOf} from "../../../sim/trace/replay.ts";
import type {TraceFile} from "../../../sim/trace/trace.ts";
import {differingParts} from "../../../sim/world/stateParts.ts";
import {at, makeRun, put, sound} from "../stage.ts";

const script: readonly Intervention[] = [
  at(1, 400, put("c1", "x", "1")),
  at(2, 500, {kind: "crash", member: "n2"}),
  at(3, 800, {kind: "restart", member: "n2"}),
  at(4, 900, put("c2", "x", "2")),
];

function traced(run: Run): TraceFile {
  return traceOf(execute(run, {versions: sound, lines: true}), {code: "0".repeat(16)});
}

const base = makeRun({script, until: 1500});
const plain = traced(base);

/** The same run with one event more. */
function planted(time: number): TraceFile {
  return traced({...base, script: [...script, at(9, time, {kind: "mark"})]});
}

/** Comparisons that halving `count` places takes. */
function halvings(count: number): number {
  return Math.ceil(Math.log2(count + 1));
}

describe("the first event that differs", () => {
  it.each([0, 20, 333, 750, 1499])(
    "is the one that was planted at %i ms, found in logarithmically many comparisons",
    (time) => {
      const other = planted(time);
      const {step, comparisons} = firstDifference(plain.lines, other.lines);
      expect(other.lines.at((step ?? 0) - 1)?.id).toBe("script#9");
      expect(plain.lines.length).toBeGreaterThan(512);
      expect(comparisons).toBeLessThanOrEqual(halvings(plain.lines.length));
      expect(firstDifference(other.lines, plain.lines).step).toBe(step);
    },
  );

  it("is found at every place of lists of every length", () => {
    const list = (length: number, from: number): TraceLines => {
      const lines = new TraceLines();
      for (let i = 0; i < length; i++)
        lines.push({lane: "l", ordinal: i + 1, at: i, chainA: i, chainB: i < from ? 0 : 1});
      return lines;
    };
    fc.assert(
      fc.property(fc.nat({max: 300}), fc.nat({max: 300}), fc.nat({max: 320}), (a, b, from) => {
        const {step, comparisons} = firstDifference(list(a, Infinity), list(b, from));
        const differs = Math.min(a, b, from) + 1;
        expect(step).toBe(a === b && from >= a ? undefined : differs);
        expect(comparisons).toBeLessThanOrEqual(halvings(Math.min(a, b)));
      }),
      {numRuns: 300},
    );
  });

  it("is none between a run and itself", () => {
    expect(firstDifference(plain.lines, traced(base).lines).step).toBeUndefined();
    expect(headerDifferences(plain.header, traced(base).header)).toEqual([]);
  });
});

describe("two headers", () => {
  it("are told apart by what was changed, a script's items by their names", () => {
    const {header} = plain;
    const [first, ...rest] = header.script;
    if (first === undefined) throw new Error("the script has items");
    const changed = {
      ...header,
      seed: "8",
      config: {...header.config, raft: {...header.config.raft, preVote: !header.config.raft.preVote}},
      versions: {n2: ["vote-twice"]},
      script: [{...first, when: {at: 1}}, ...rest.slice(1), at(7, 1, {kind: "mark"})],
    };
    const paths = headerDifferences(header, changed).map(({path}) => path);
    expect(paths.toSorted()).toEqual([
      "config.raft.preVote",
      "script.script#2",
      "script.script#7",
      "script.script/c1#1",
      "seed",
      "versions.n2",
    ]);
  });
});

describe("state", () => {
  it("differs first where a reading of every event says so, in fewer comparisons", () => {
    // Cut unseen: until something is sent over that link, no event shows it.
    const other = traced({
      ...base,
      script: [...script, at(9, 600, {kind: "clock", who: "n3", rate: 1_100_000})],
    });
    const step = firstDifference(plain.lines, other.lines).step ?? 0;
    const pair = Pair.upTo(step + 3, [plain, other], sound);
    const found = pair.stateDifference(step);
    const [a, b] = [Timeline.open(base, {versions: sound}), Timeline.open(other.header, {versions: sound})];
    let linear = 0;
    while (differingParts(a.stateAt(linear), b.stateAt(linear)).length === 0) {
      a.step();
      b.step();
      linear++;
    }
    expect(found?.since).toBe(linear);
    expect(found?.comparisons).toBeLessThanOrEqual(halvings(step + 1) + 1);
    expect(found?.parts.map(({where, part}) => `${where} ${part}`)).toContain("n3 clock");
    expect(found?.parts.some(({where}) => where === "n1" || where === "n2")).toBe(false);
  });

  it("differs before the first event where luck does", () => {
    const other = traced({...base, seed: "another"});
    const step = firstDifference(plain.lines, other.lines).step ?? 0;
    const found = Pair.upTo(step, [plain, other], sound).stateDifference(step);
    expect(found?.since).toBe(0);
    expect(found?.parts.map(({where, part}) => `${where} ${part}`)).toContain("n1 raft");
  });

  it("is compared only where both runs go as their traces say", () => {
    const pair = Pair.upTo(500, [plain, {...plain, header: {...plain.header, seed: "8"}}], sound);
    expect(agreesUpTo(pair.a, plain, 500)).toBe(true);
    expect(agreesUpTo(pair.b, plain, 500)).toBe(false);
  });
});

describe("what followed", () => {
  it("stands side by side: each event once, in order, as many beside each other as can be", () => {
    const names = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h"), {maxLength: 8});
    const longest = (a: readonly string[], b: readonly string[]): number => {
      const [first, ...rest] = a;
      if (first === undefined) return 0;
      const place = b.indexOf(first);
      const without = longest(rest, b);
      return place < 0 ? without : Math.max(without, 1 + longest(rest, b.slice(place + 1)));
    };
    fc.assert(
      fc.property(names, names, (a, b) => {
        const rows = alignByName(
          a.map((id) => ({id})),
          b.map((id) => ({id})),
        );
        expect(rows.flatMap(([one]) => one?.id ?? [])).toEqual(a);
        expect(rows.flatMap(([, one]) => one?.id ?? [])).toEqual(b);
        const both = rows.filter(([one, other]) => one !== undefined && other !== undefined);
        expect(both.every(([one, other]) => one?.id === other?.id)).toBe(true);
        expect(both).toHaveLength(longest(a, b));
      }),
    );
  });
});
