import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {worded} from "../../../core/base/said.ts";
import {anomalyNames, rulesOut} from "../../../sim/anomaly/anomaly.ts";
import type {CycleName} from "../../../sim/anomaly/anomaly.ts";
import {graphOf} from "../../../sim/anomaly/dependencies.ts";
import type {Kind} from "../../../sim/anomaly/dependencies.ts";
import {dependencySaid, judgeLists} from "../../../sim/anomaly/judge.ts";
import type {Judgement} from "../../../sim/anomaly/judge.ts";
import type {Micro, Transaction} from "../../../sim/anomaly/transaction.ts";
import {readVersions} from "../../../sim/anomaly/versions.ts";
import {anomalyWords, dependencyWords} from "../../../sim/anomaly/words.ts";
import {edgesOf, isNamed, shortestCycles} from "./everyCycle.ts";
import type {Edge} from "./everyCycle.ts";
import {anyTime, isExplained, realTime} from "./everyOrder.ts";
import {histories, history, soundHistories} from "./histories.ts";

function judged(transactions: readonly Transaction[]): Judgement {
  const judgement = judgeLists(transactions);
  if (!judgement.ok) throw new Error(judgement.error);
  return judgement.value;
}

const namesIn = (transactions: readonly Transaction[]): readonly string[] =>
  judged(transactions).anomalies.map(({name}) => name);

function edgesIn(transactions: readonly Transaction[]): readonly Edge[] {
  const read = readVersions(transactions);
  if (!read.ok) throw new Error(read.error);
  return edgesOf(graphOf(transactions, read.value));
}

/** Names that do not ask when anything happened. */
const isOfData = (name: string): boolean => !/-(process|realtime)$/.test(name);

describe("an anomaly by name", () => {
  it.each([
    ["nothing", "c1: ax1 | c2: ax2 rx12 | c3: rx1", ""],
    ["nothing, of what nobody saw", "c1: ax1 | c2?: ax2 | c3!: ax3 | c4: rx1", ""],
    ["nothing, of a read of one's own", "c1: ax1 rx1 ax2 rx12 | c2: rx", ""],
    ["internal: its own append is not there", "c1: ax1 rx", "internal"],
    ["internal: two reads differ", "c1: rx rx1 | c2: ax1", "internal"],
    ["internal: it reads what it has yet to append", "c1: rx1 ax1", "internal"],
    ["duplicate-elements", "c1: ax1 | c2: rx11", "duplicate-elements"],
    ["garbage-read", "c1: rx7", "garbage-read"],
    ["incompatible-order", "c1: ax1 | c2: ax2 | c3: rx12 | c4: rx21", "incompatible-order"],
    ["incompatible-order with its own", "c1: ax1 ax2 | c3: ax3 | c2: rx213", "incompatible-order"],
    ["G1a", "c1!: ax1 | c2: rx1", "G1a"],
    ["G1b", "c1: ax1 ax2 | c2: rx1 | c3: rx12", "G1b"],
    ["G1b, of what nobody read whole", "c1: ax1 ax2 | c2: rx1", "G1b"],
    ["G0", "c1: ax1 ay1 | c2: ax2 ay2 | c3: rx12 ry21", "G0"],
    ["G0 of three", "c1: ax1 az1 | c2: ax2 ay2 | c3: ay3 az3 | c4: rx12 ry23 rz31", "G0"],
    ["G0: another's append between two of its own", "c1: ax1 ax2 | c2: ax3 | c3: rx132", "G0"],
    ["G1c", "c1: ax1 ry2 | c2: ay2 rx1", "G1c"],
    ["G1c through a write", "c1: ax1 ry2 | c2: ax2 ay2 | c3: rx12", "G1c"],
    ["G1c of one whose answer was lost", "c1?: ax1 ry2 | c2: ay2 rx1", "G1c"],
    ["G-single: read skew", "c1: ax1 ay1 | c2: rx1 ry", "G-single"],
    ["lost-update", "c1: rx ax1 | c2: rx ax2 | c3: rx12", "lost-update G-single"],
    ["lost-update, of what nobody read", "c1: rx ax1 | c2: rx ax2", "lost-update G2-item"],
    ["G2-item: write skew", "c1: rx ay1 | c2: ry ax2", "G2-item"],
    ["G2-item: long fork", "c1: ax1 | c2: ay1 | c3: rx1 ry | c4: rx ry1", "G2-item"],
    ["G0-realtime", "c1: ax1 || c2: ax2 || c3: rx21", "G0-realtime"],
    ["G1c-realtime: from the future", "c1: rx1 || c2: ax1", "G1c-realtime"],
    ["G-single-realtime: a stale read", "c1: ax1 || c2: rx", "G-single-realtime"],
    ["G2-item-realtime", "c3@1-2: ay1 | c1@3-4: rx | c2@0-5: ax1 ry", "G2-item-realtime"],
    ["G0-process", "c1: ax1 || c1: ax2 | c3: rx21", "G0-process"],
    ["G1c-process", "c1: rx1 || c1: ax1", "G1c-process"],
    ["G-single-process", "c1: ax1 || c1: rx", "G-single-process"],
    ["G2-item-process", "c1@1-2: ay1 | c1@3-4: rx | c2@0-5: ax1 ry", "G2-item-process"],
    [
      "two that have nothing to do with each other",
      "c1: ax1 ry2 | c2: ay2 rx1 || c3: rx",
      "G1c G-single-realtime",
    ],
  ])("%s", (_, text, names) => {
    const transactions = history(text);
    expect(namesIn(transactions).join(" ")).toBe(names);
    // The names are right only if the definition finds something wrong too.
    expect(isExplained(transactions, realTime)).toBe(names === "");
  });

  it("is one of which every name was seen above, and rules out what is said", () => {
    expect(anomalyNames.map((name) => rulesOut[name])).not.toContain(undefined);
    expect(anomalyNames).toHaveLength(19);
  });

  it("comes with what its edges stand on, in both languages", () => {
    const transactions = history("c1@1-2: ay1 | c4@3-4: rx | c2@0-5: ax1 ry");
    const [one] = judged(transactions).anomalies;
    expect(one?.transactions).toEqual([1, 2, 0]);
    expect(worded(anomalyWords, one?.said ?? {id: "", args: {}, refs: []}, "en")).toBe(
      "G2-item-realtime, a cycle in which two or more did not see what the next wrote: c4 ─rw─▶ c2 ─rw─▶ c1 ─realtime─▶ c4",
    );
    const edges = one?.cycle.map((edge) => worded(dependencyWords, dependencySaid(edge, transactions), "en"));
    expect(edges).toEqual([
      "c4 read x as empty, without 1, which c2 appended",
      "c2 read y as empty, without 1, which c1 appended",
      "c4 was asked for when c1 was over",
    ]);
    const found = fc
      .sample(histories, {numRuns: 500, seed: 1})
      .flatMap((some) =>
        judged(some).anomalies.flatMap(({said, cycle}) => [
          said,
          ...cycle.map((edge) => dependencySaid(edge, some)),
        ]),
      );
    for (const said of found)
      for (const language of ["en", "zh"] as const)
        expect(worded({...anomalyWords, ...dependencyWords}, said, language)).not.toMatch(
          /[{}]|undefined|^\w+$/,
        );
    expect(new Set(found.map(({id}) => id)).size).toBeGreaterThan(12);
  });

  it("cannot be told where an element is appended twice", () => {
    expect(judgeLists(history("c1: ax1 | c2: ax1"))).toEqual({
      ok: false,
      error: "c2: found 1 appended to x, as by c1, expected each element once",
    });
  });
});

describe("a history of up to six transactions", () => {
  it("is judged as by trying every order", () => {
    const seen = {strict: 0, serializable: 0, neither: 0};
    const named = new Set<string>();
    fc.assert(
      fc.property(histories, (transactions) => {
        const names = namesIn(transactions);
        for (const name of names) named.add(name);
        const [strict, serializable] = [realTime, anyTime].map((inTime) => isExplained(transactions, inTime));
        expect({strict: names.length === 0, serializable: !names.some(isOfData)}, names.join()).toEqual({
          strict,
          serializable,
        });
        seen[strict === true ? "strict" : serializable === true ? "serializable" : "neither"]++;
      }),
      {numRuns: 5000},
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(200);
    expect(named.size).toBeGreaterThan(12);
  });

  it("has no anomaly if it was done one after the other", () => {
    fc.assert(
      fc.property(soundHistories, (transactions) => {
        expect(isExplained(transactions, realTime)).toBe(true);
        expect(namesIn(transactions)).toEqual([]);
      }),
      {numRuns: 2000},
    );
  });

  it("has the cycles that are named, and none of that name is shorter", () => {
    let cycles = 0;
    fc.assert(
      fc.property(histories, (transactions) => {
        const edges = edgesIn(transactions);
        const found = judged(transactions).anomalies.filter(({cycle}) => cycle.length > 0);
        for (const {name, cycle} of found) {
          cycles++;
          const [base = "", suffix = ""] = name.split(/-(?=process|realtime)/);
          const extra = suffix === "" ? [] : [suffix as Kind];
          expect(isNamed(base as CycleName, cycle, extra), name).toBe(true);
          expect(cycle.map(({to}) => to)).toEqual(
            [...cycle.slice(1), ...cycle.slice(0, 1)].map(({from}) => from),
          );
          expect(new Set(cycle.map(({from}) => from)).size).toBe(cycle.length);
          for (const {kind, from, to} of cycle) expect(edges).toContainEqual({kind, from, to});
        }
        const shortest = [...shortestCycles(edges, [])];
        const ofData = found.filter(({name}) => isOfData(name));
        const lengths = new Map(ofData.map(({name, cycle}) => [name, cycle.length]));
        // What only counts its rw from two on is looked for where nothing weaker is near.
        const isNear = shortest.length > 1;
        for (const [name, length] of shortest)
          if (name !== "G2-item" || !isNear) expect(lengths.get(name), name).toBe(length);
        if (ofData.length > 0) return;
        const inTime = shortestCycles(edges, ["realtime"]);
        const isLate = found.some(({name}) => name.endsWith("-process"));
        for (const {name, cycle} of found)
          if (!isLate && inTime.size === 1)
            expect(inTime.get(name.replace("-realtime", "") as CycleName)).toBe(cycle.length);
      }),
      {numRuns: 1000},
    );
    expect(cycles).toBeGreaterThan(400);
  });
});

describe("a long history", () => {
  /** Each reads its list and appends to it, one after the other. */
  function chain(count: number): Transaction[] {
    const lists: string[][] = Array.from({length: 10}, () => []);
    return Array.from({length: count}, (_, i): Transaction => {
      const [key, list] = [`k${i % 10}`, lists[i % 10] ?? []];
      const micros: readonly Micro[] = [
        {kind: "read", key, list: list.slice(-200)},
        {kind: "append", key, element: `${i}`},
      ];
      list.push(`${i}`);
      return {
        name: `t${i}`,
        process: `c${i % 5}`,
        micros,
        outcome: "done",
        invoked: 2 * i,
        returned: 2 * i + 9,
      };
    });
  }

  it("is no deeper than a short one", () => {
    const transactions = chain(2000);
    expect(namesIn(transactions)).toEqual([]);
    const last = transactions.at(-1);
    if (last === undefined) throw new Error("nothing was done");
    transactions.push({
      ...last,
      name: "late",
      invoked: 5000,
      returned: 5001,
      micros: [{kind: "read", key: "k0", list: []}],
    });
    expect(judged(transactions).anomalies.map(({name, cycle}) => [name, cycle.length])).toEqual([
      ["G-single-realtime", 2],
    ]);
  });
});
