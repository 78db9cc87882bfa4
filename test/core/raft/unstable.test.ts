import {describe, expect, it} from "vitest";
import type {Entry} from "../../../core/raft/entry.ts";
import {Unstable} from "../../../core/raft/unstable.ts";
import {entriesFrom, snapshotAt} from "./entries.ts";
import {entry} from "./notation.ts";

interface Start {
  readonly offset: number;
  readonly terms?: string;
  /** Whether a snapshot just before the offset was received. */
  readonly snapshot?: boolean;
  /** How many of the entries were handed out, together with the snapshot. */
  readonly inProgress?: number;
}

function unstable({offset, terms = "", snapshot = false, inProgress}: Start): Unstable {
  const it = new Unstable(offset);
  if (snapshot) it.restore(snapshotAt({index: offset - 1, term: 1}));
  const entries = entriesFrom(offset, terms);
  it.truncateAndAppend(entries.slice(0, inProgress ?? 0));
  if (inProgress !== undefined) it.workTaken();
  it.truncateAndAppend(entries.slice(inProgress ?? 0));
  return it;
}

function held(it: Unstable): readonly Entry[] {
  const entries: Entry[] = [];
  for (let index = it.offset; index <= it.lastIndex; index++) {
    const found = it.entryAt(index);
    if (found !== undefined) entries.push(found);
  }
  return entries;
}

describe("the unstable tail", () => {
  it.each([
    [{offset: 5}, 4],
    [{offset: 5, terms: "1"}, 5],
    [{offset: 5, terms: "1 1 2"}, 7],
    [{offset: 5, snapshot: true}, 4],
    [{offset: 5, snapshot: true, terms: "1"}, 5],
  ] satisfies [Start, number][])("%j ends at %i", (start, last) => {
    expect(unstable(start).lastIndex).toBe(last);
    expect(unstable(start).length).toBe(last - start.offset + 1);
    expect(unstable(start).isEmpty).toBe(last < start.offset);
  });

  it.each([
    [{offset: 5, terms: "1 2"}, 5, 1],
    [{offset: 5, terms: "1 2"}, 6, 2],
    [{offset: 5, terms: "1 2"}, 7, undefined],
    [{offset: 5, terms: "1 2"}, 4, undefined],
    [{offset: 5, snapshot: true}, 4, 1],
    [{offset: 5, snapshot: true}, 3, undefined],
    [{offset: 5, snapshot: true}, 5, undefined],
    [{offset: 5, snapshot: true, terms: "2"}, 5, 2],
    [{offset: 5, snapshot: true, terms: "2"}, 4, 1],
    [{offset: 5}, 4, undefined],
  ] satisfies [Start, number, number | undefined][])("%j has at %i the term %s", (start, index, term) => {
    expect(unstable(start).termAt(index)).toBe(term);
  });

  it("hands out what nobody was asked to write, once", () => {
    const it = unstable({offset: 5, terms: "1 1 2", snapshot: true});
    expect(it.hasWork()).toBe(true);
    expect(it.entryWork()).toEqual(entriesFrom(5, "1 1 2"));
    expect(it.snapshotWork()).toEqual(snapshotAt({index: 4, term: 1}));
    it.workTaken();
    expect(it.hasWork()).toBe(false);
    expect(it.entryWork()).toEqual([]);
    expect(it.snapshotWork()).toBeUndefined();
    expect(it.snapshot).toEqual(snapshotAt({index: 4, term: 1}));
    it.truncateAndAppend(entriesFrom(8, "2 3"));
    expect(it.hasWork()).toBe(true);
    expect(it.workFrom).toBe(8);
    expect(it.entryWork()).toEqual(entriesFrom(8, "2 3"));
  });

  it("has work when one entry or a snapshot is there, and none when nothing is", () => {
    expect(unstable({offset: 5}).hasWork()).toBe(false);
    expect(unstable({offset: 5, terms: "1"}).hasWork()).toBe(true);
    expect(unstable({offset: 5, terms: "1", inProgress: 1}).hasWork()).toBe(false);
    expect(unstable({offset: 5, snapshot: true}).hasWork()).toBe(true);
    expect(unstable({offset: 5, snapshot: true, inProgress: 0}).hasWork()).toBe(false);
  });

  it("is replaced as a whole by a snapshot, which is work even if one was in progress", () => {
    const it = unstable({offset: 5, terms: "1 1", snapshot: true, inProgress: 1});
    it.restore(snapshotAt({index: 20, term: 4}));
    expect(it.offset).toBe(21);
    expect(it.workFrom).toBe(21);
    expect(it.isEmpty).toBe(true);
    expect(it.termAt(20)).toBe(4);
    expect(it.termAt(4)).toBeUndefined();
    expect(it.snapshotWork()).toEqual(snapshotAt({index: 20, term: 4}));
  });
});

describe("a receipt", () => {
  it.each([
    ["nothing is unstable", {offset: 5}, [5, 1], "missing", 5, 5],
    ["the only entry", {offset: 5, terms: "1", inProgress: 1}, [5, 1], "stable", 6, 6],
    ["the first of two", {offset: 5, terms: "1 1", inProgress: 2}, [5, 1], "stable", 6, 7],
    ["the first of two, one of them new", {offset: 5, terms: "1 1", inProgress: 1}, [5, 1], "stable", 6, 6],
    ["all", {offset: 5, terms: "1 1", inProgress: 2}, [6, 1], "stable", 7, 7],
    ["one that was replaced", {offset: 5, terms: "2", inProgress: 1}, [5, 1], "mismatched", 5, 6],
    ["one that was covered before", {offset: 5, terms: "1", inProgress: 1}, [4, 1], "missing", 5, 6],
    ["one that was cut off", {offset: 5, terms: "1", inProgress: 1}, [6, 1], "missing", 5, 6],
    [
      "one behind a snapshot",
      {offset: 5, snapshot: true, terms: "1 1", inProgress: 1},
      [5, 1],
      "stable",
      6,
      6,
    ],
    [
      "what the snapshot stands for",
      {offset: 5, snapshot: true, terms: "1", inProgress: 1},
      [4, 1],
      "inSnapshot",
      5,
      6,
    ],
    [
      "another one, behind a snapshot",
      {offset: 5, snapshot: true, terms: "2", inProgress: 1},
      [5, 1],
      "mismatched",
      5,
      6,
    ],
  ] satisfies [string, Start, [number, number], string, number, number][])(
    "for %s: %j, %j is %s",
    (_, start, [index, term], outcome, offset, workFrom) => {
      const it = unstable(start);
      const before = held(it);
      expect(it.stableTo({index, term})).toBe(outcome);
      expect([it.offset, it.workFrom]).toEqual([offset, workFrom]);
      expect(held(it)).toEqual(before.filter((one) => one.index >= offset));
    },
  );

  it("for more than was handed out takes that for handed out", () => {
    const it = unstable({offset: 5, terms: "1 1 1", inProgress: 1});
    expect(it.stableTo({index: 6, term: 1})).toBe("stable");
    expect(it.workFrom).toBe(7);
    expect(it.entryWork()).toEqual(entriesFrom(7, "1"));
  });

  it("for a snapshot forgets that one, and no other", () => {
    const it = unstable({offset: 5, terms: "1", snapshot: true, inProgress: 1});
    it.snapshotStable(3);
    expect(it.snapshot?.index).toBe(4);
    it.snapshotStable(4);
    expect(it.snapshot).toBeUndefined();
    expect(it.snapshotWork()).toBeUndefined();
    expect(held(it)).toEqual(entriesFrom(5, "1"));
    it.restore(snapshotAt({index: 9, term: 1}));
    expect(it.snapshotWork()?.index).toBe(9);
  });
});

describe("to append", () => {
  it.each([
    ["to nothing", {offset: 5}, [5, "1"], "appended", 5, "1", 5],
    ["at the end", {offset: 5, terms: "1"}, [6, "1 1"], "appended", 5, "1 1 1", 5],
    [
      "at the end, behind what is in progress",
      {offset: 5, terms: "1", inProgress: 1},
      [6, "1"],
      "appended",
      5,
      "1 1",
      6,
    ],
    ["at the offset", {offset: 5, terms: "1"}, [5, "2 2"], "replaced", 5, "2 2", 5],
    ["before the offset", {offset: 5, terms: "1"}, [4, "2 2 2"], "replaced", 4, "2 2 2", 4],
    ["before the offset, nothing being unstable", {offset: 5}, [3, "2"], "replaced", 3, "2", 3],
    [
      "at the offset, in progress",
      {offset: 5, terms: "1", inProgress: 1},
      [5, "2 2"],
      "replaced",
      5,
      "2 2",
      5,
    ],
    ["in the middle", {offset: 5, terms: "1 1 1"}, [6, "2"], "truncated", 5, "1 2", 5],
    ["at the last", {offset: 5, terms: "1 1 1"}, [7, "2 2"], "truncated", 5, "1 1 2 2", 5],
    [
      "in the middle of what is in progress",
      {offset: 5, terms: "1 1 1", inProgress: 2},
      [6, "2"],
      "truncated",
      5,
      "1 2",
      6,
    ],
    [
      "behind what is in progress",
      {offset: 5, terms: "1 1 1", inProgress: 1},
      [7, "2"],
      "truncated",
      5,
      "1 1 2",
      6,
    ],
  ] satisfies [string, Start, [number, string], string, number, string, number][])(
    "%s: to %j, %j: %s",
    (_, start, [from, terms], outcome, offset, all, workFrom) => {
      const it = unstable(start);
      expect(it.truncateAndAppend(entriesFrom(from, terms))).toBe(outcome);
      expect(it.offset).toBe(offset);
      expect(held(it)).toEqual(entriesFrom(offset, all));
      expect(it.workFrom).toBe(workFrom);
      expect(it.entryWork()).toEqual(held(it).slice(workFrom - offset));
    },
  );

  it("nothing changes nothing, and a gap is refused", () => {
    const it = unstable({offset: 5, terms: "1 1"});
    expect(it.truncateAndAppend([])).toBe("appended");
    expect(it.lastIndex).toBe(6);
    expect(() => it.truncateAndAppend([entry({index: 8, term: 1})])).toThrow("gap after 6");
  });
});

describe("a twin of the unstable tail", () => {
  it("goes its own way", () => {
    const it = unstable({offset: 5, terms: "1 1", snapshot: true, inProgress: 1});
    const twin = it.fork();
    expect([held(twin), twin.workFrom, twin.snapshotWork()]).toEqual([held(it), 6, undefined]);
    twin.truncateAndAppend(entriesFrom(6, "3 3"));
    twin.stableTo({index: 5, term: 1});
    twin.snapshotStable(4);
    expect(held(it)).toEqual(entriesFrom(5, "1 1"));
    expect([it.workFrom, it.snapshot?.index]).toEqual([6, 4]);
  });
});
