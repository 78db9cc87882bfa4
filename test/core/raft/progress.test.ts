import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {Inflights} from "../../../core/raft/inflights.ts";
import {Progress, progressOf} from "../../../core/raft/progress.ts";
import type {ProgressState} from "../../../core/raft/ready.ts";

interface Start {
  readonly state?: ProgressState;
  readonly match?: number;
  readonly next?: number;
  readonly pending?: number;
  readonly sentCommit?: number;
  readonly paused?: boolean;
  readonly inflight?: number;
}

function progress(start: Start = {}): Progress {
  const {state = "probe", match = 0, next = match + 1, pending = 0, sentCommit = 0} = start;
  const inflights = new Inflights({max: 3, bytesMax: 0});
  const it = new Progress(2, {nextIndex: next, inflights, isLearner: false, recentActive: true});
  it.state = state;
  it.matchIndex = match;
  it.pendingSnapshot = pending;
  it.sentCommit = sentCommit;
  it.flowPaused = start.paused ?? false;
  for (let i = 0; i < (start.inflight ?? 0); i++) it.inflights.add({last: match + 1 + i, bytes: 1});
  return it;
}

describe("the progress of a follower", () => {
  it.each([
    ["probe", false, false],
    ["probe", true, true],
    ["replicate", false, false],
    ["replicate", true, true],
    ["snapshot", false, true],
    ["snapshot", true, true],
  ] satisfies [ProgressState, boolean, boolean][])(
    "in %s, its flow paused: %s, is paused: %s",
    (state, flow, paused) => {
      expect(progress({state, paused: flow}).paused).toBe(paused);
    },
  );

  it.each([
    ["replicate", {state: "replicate", match: 1, next: 5, inflight: 2, paused: true, sentCommit: 4}, 2, 1],
    ["a snapshot that arrived", {state: "snapshot", match: 1, next: 11, pending: 10, sentCommit: 10}, 11, 10],
    ["a snapshot that failed", {state: "snapshot", match: 1, next: 11, pending: 0, sentCommit: 10}, 2, 1],
    ["a snapshot that is behind", {state: "snapshot", match: 7, next: 8, pending: 5, sentCommit: 5}, 8, 5],
  ] satisfies [string, Start, number, number][])(
    "probes after %s: %j from %i",
    (_, start, next, sentCommit) => {
      const it = progress(start);
      it.becomeProbe();
      expect(it.view()).toMatchObject({state: "probe", matchIndex: start.match, nextIndex: next, sentCommit});
      expect(it.view()).toMatchObject({paused: false, inflight: 0, pendingSnapshot: 0});
    },
  );

  it("replicates from behind what matches", () => {
    const it = progress({match: 1, next: 5, paused: true, sentCommit: 1});
    it.becomeReplicate();
    expect(it.view()).toMatchObject({state: "replicate", matchIndex: 1, nextIndex: 2, paused: false});
  });

  it("waits for a snapshot with its next entry behind it", () => {
    const it = progress({state: "replicate", match: 1, next: 5, inflight: 3});
    it.becomeSnapshot(10);
    expect(it.view()).toMatchObject({state: "snapshot", matchIndex: 1, nextIndex: 11, pendingSnapshot: 10});
    expect(it.view()).toMatchObject({sentCommit: 10, inflight: 0, paused: true});
  });

  it.each([
    [2, false, 3, 5],
    [3, false, 3, 5],
    [4, true, 4, 5],
    [5, true, 5, 6],
    [9, true, 9, 10],
  ])(
    "that matches to 3, next 5, and is said to match to %i, moves: %s, to %i and %i",
    (index, moved, match, next) => {
      const it = progress({match: 3, next: 5, paused: true});
      expect(it.maybeUpdate(index)).toBe(moved);
      expect([it.matchIndex, it.nextIndex, it.flowPaused]).toEqual([match, next, !moved]);
    },
  );

  it.each([
    ["replicate", "knows better", 5, 10, 5, 5, false, 10],
    ["replicate", "knows better", 5, 10, 4, 4, false, 10],
    ["replicate", "goes back to what matches", 5, 10, 9, 9, true, 6],
    ["probe", "did not ask that last", 0, 10, 8, 2, false, 10],
    ["probe", "did not ask that last", 0, 10, 10, 5, false, 10],
    ["probe", "goes back by one", 0, 10, 9, 9, true, 9],
    ["probe", "goes to the hint", 0, 10, 9, 2, true, 3],
    ["probe", "goes to the beginning", 0, 2, 1, 0, true, 1],
    ["probe", "never goes below what matches", 4, 10, 9, 2, true, 5],
    ["snapshot", "did not ask that last", 0, 10, 8, 2, false, 10],
    ["snapshot", "goes to the hint", 0, 10, 9, 2, true, 3],
  ] satisfies [ProgressState, string, number, number, number, number, boolean, number][])(
    "in %s %s: matching %i, next %i, refused at %i with hint %i, moves: %s, to %i",
    (state, _, match, next, refused, hint, moved, after) => {
      const it = progress({state, match, next, paused: true, sentCommit: 7});
      expect(it.maybeDecreaseTo(refused, hint)).toBe(moved);
      expect(it.nextIndex).toBe(after);
      expect(it.matchIndex).toBe(match);
      expect(it.sentCommit).toBe(moved ? Math.min(7, after - 1) : 7);
      // What is replicated to is paused by its window only, not by the one probe.
      expect(it.flowPaused).toBe(state === "replicate" || !moved);
    },
  );

  it("that is probed waits after entries, and not after an empty message", () => {
    const it = progress({match: 3});
    it.sentEntries(0, 0);
    expect([it.flowPaused, it.nextIndex]).toEqual([false, 4]);
    it.sentEntries(2, 20);
    expect([it.flowPaused, it.nextIndex, it.inflights.count]).toEqual([true, 4, 0]);
  });

  it("that is replicated to runs ahead until its window is full", () => {
    const it = progress({state: "replicate", match: 3});
    it.sentEntries(2, 20);
    it.sentEntries(1, 10);
    expect([it.flowPaused, it.nextIndex]).toEqual([false, 7]);
    expect(it.inflights.list()).toEqual([
      {last: 5, bytes: 20},
      {last: 6, bytes: 10},
    ]);
    it.sentEntries(0, 0);
    expect([it.flowPaused, it.inflights.count]).toEqual([false, 2]);
    it.sentEntries(1, 1);
    expect([it.flowPaused, it.inflights.full]).toEqual([true, true]);
    // A heartbeat's answer lets one empty message through.
    it.flowPaused = false;
    it.sentEntries(0, 0);
    expect([it.flowPaused, it.nextIndex]).toEqual([true, 8]);
  });

  it.each([
    [5, 4, 10, true],
    [4, 4, 10, false],
    [3, 4, 10, false],
    [9, 4, 5, false],
    [9, 4, 6, true],
  ])("may be told of commit %i, told of %i before, next %i: %s", (commit, sentCommit, next, may) => {
    expect(progress({match: 1, next, sentCommit}).canBumpCommit(commit)).toBe(may);
  });

  it("is found by its member, or not", () => {
    const role = {progress: [progress()]};
    expect(progressOf(role, 2)).toBe(role.progress[0]);
    expect(progressOf(role, 3)).toBeUndefined();
  });

  it("in a twin goes its own way", () => {
    const it = progress({state: "replicate", match: 3, next: 6, sentCommit: 2, inflight: 2, paused: true});
    it.isLearner = true;
    it.recentActive = false;
    const twin = it.fork();
    expect(twin.view()).toEqual(it.view());
    twin.becomeSnapshot(9);
    expect(twin.fork().view()).toEqual(twin.view());
    expect(it.view()).toMatchObject({state: "replicate", inflight: 2, nextIndex: 6});
  });

  it("keeps what matches below what is next, whatever comes", () => {
    type Step = readonly [kind: string, index: number, other: number];
    const kinds = ["probe", "replicate", "snapshot", "update", "decrease", "send", "unpause", "commit"];
    const step: fc.Arbitrary<Step> = fc.tuple(
      fc.constantFrom(...kinds),
      fc.nat({max: 12}),
      fc.nat({max: 12}),
    );
    fc.assert(
      fc.property(fc.array(step, {minLength: 5, maxLength: 30, size: "max"}), (steps) => {
        const it = progress();
        let match = 0;
        for (const [kind, index, other] of steps) {
          if (kind === "probe") it.becomeProbe();
          else if (kind === "replicate") it.becomeReplicate();
          else if (kind === "snapshot") it.becomeSnapshot(it.matchIndex + 1 + index);
          else if (kind === "update") it.maybeUpdate(index);
          else if (kind === "decrease") {
            const moved = it.maybeDecreaseTo(it.nextIndex - 1, other);
            // As the leader does with what was replicated to.
            if (moved && it.state === "replicate") it.becomeProbe();
          } else if (kind === "unpause") it.flowPaused = false;
          else if (kind === "send" && !it.paused) it.sentEntries(it.inflights.full ? 0 : index % 3, other);
          else if (kind === "commit" && it.canBumpCommit(index)) it.sentCommit = it.nextIndex - 1;
          expect(it.matchIndex).toBeLessThan(it.nextIndex);
          expect(it.matchIndex).toBeGreaterThanOrEqual(match);
          if (it.state !== "replicate") expect(it.inflights.count).toBe(0);
          if (it.state !== "snapshot") expect(it.pendingSnapshot).toBe(0);
          if (it.inflights.full) expect(it.inflights.count).toBe(3);
          for (const {last} of it.inflights.list()) expect(last).toBeLessThan(it.nextIndex);
          match = it.matchIndex;
        }
      }),
      {numRuns: 300},
    );
  });
});
