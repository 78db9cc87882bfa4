// How a leader finds where a follower's log agrees with its own (§5.3). After etcd's TestFastLogRejection and
// TestLogReplicationWithReorderedMessage.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import type {Message} from "../../../core/raft/message.ts";
import {ack, appendsTo, leading, modes, nack, progressOf, pulse} from "./leading.ts";
import {Alone, only, termsOf} from "./notation.ts";

interface Exchange {
  /** Where the leader tried, one after the other. */
  readonly tried: readonly number[];
  /** What the follower hinted at: index, term. */
  readonly hints: readonly (readonly [number, number])[];
  readonly follower: Alone;
}

/** A leader elected with `ours`, and a follower with `theirs`, talk until their logs agree. `blind`: without hints. */
function exchange(
  ours: string,
  theirs: string,
  options: {compacted?: number; blind?: boolean} = {},
): Exchange {
  const {compacted = 0, blind = false} = options;
  const leader = leading({log: ours, hard: {term: 8}});
  const follower = new Alone({id: 2, log: theirs, hard: {commit: compacted}});
  follower.drain();
  if (compacted > 0) {
    follower.storage.createSnapshot(compacted, follower.node.confState, new Uint8Array());
    follower.storage.compact(compacted);
  }
  const tried: number[] = [];
  const hints: (readonly [number, number])[] = [];
  // Its first append was sent, and lost; the heartbeat's answer makes it probe again.
  let sent: readonly Message[] = appendsTo(2, leader.take(pulse(leader, 2)));
  while (hints.length === tried.length) {
    tried.push(...only(sent, "AppendEntries").map(({prevLogIndex}) => prevLogIndex));
    const said = only(follower.take(...sent), "AppendEntriesResponse");
    const answers = said.map((one) =>
      blind && !one.success ? {...one, hintIndex: one.index - 1, hintTerm: 0} : one,
    );
    for (const {success, hintIndex, hintTerm} of answers) if (!success) hints.push([hintIndex, hintTerm]);
    sent = appendsTo(2, leader.take(...answers));
  }
  leader.take(...follower.take(...sent));
  expect(progressOf(leader, 2)).toMatchObject({state: "replicate", matchIndex: leader.node.lastIndex});
  if (compacted === 0) expect(termsOf(follower.node)).toBe(termsOf(leader.node));
  return {tried, hints, follower};
}

describe("a leader whose follower's log differs", () => {
  it.each([
    ["ends a little earlier", "1 2 2 4 4 4 4", "1 2 2 4 4 4", [7, 6], [[6, 4]]],
    ["ends earlier, in a term that the leader's has", "1 2 2 4 4 4 4", "1 2 2 4 4", [7, 5], [[5, 4]]],
    ["ends earlier, in a term that ended sooner there", "1 2 2 3 4 4 4 5", "1 2 2 3 4", [8, 5], [[5, 4]]],
    ["is longer, in an older term", "1 1 1 1 5 5", "1 1 1 1 4 4 4 4", [6, 4], [[6, 4]]],
    ["is of many older terms", "1 3 3 3 3 3", "1 1 1 1 2 2", [6, 1], [[6, 2]]],
    [
      "has old terms where the leader's are older",
      "1 1 1 1 1 1 5",
      "1 1 2 2 4 4 4",
      [7, 6, 2],
      [
        [7, 4],
        [2, 1],
      ],
    ],
    ["has newer terms, all of them", "2 2 2 2", "2 5 5 5", [4, 1], [[1, 2]]],
    ["shares nothing but the beginning", "3 3 3 3", "1 1 1 1", [4, 0], [[4, 1]]],
    ["is empty", "1 1 1", "", [3, 0], [[0, 0]]],
  ] satisfies [string, string, string, number[], [number, number][]][])(
    "because it %s (%s, %s) tries at %j",
    (_, ours, theirs, tried, hints) => {
      expect(exchange(ours, theirs)).toMatchObject({tried, hints});
    },
  );

  it.each([
    ["1 2 2 4 4 4 4", "1 2 2 4 4", 2, [7, 5], [[5, 4]]],
    ["1 1 1 3 3", "1 1 1 2 2", 3, [5, 3], [[5, 2]]],
  ] satisfies [string, string, number, number[], [number, number][]][])(
    "%s, and the follower's, %s, is compacted to %i, tries at %j",
    (ours, theirs, compacted, tried, hints) => {
      expect(exchange(ours, theirs, {compacted})).toMatchObject({tried, hints});
    },
  );

  it("needs at most as many tries as there are terms, not entries (D11)", () => {
    const ours = `1 ${"2 ".repeat(20)}5`;
    const theirs = `1 ${"3 ".repeat(20)}4`;
    expect(exchange(ours, theirs).tried).toEqual([22, 21, 1]);
    expect(exchange(ours, theirs, {blind: true}).tried.length).toBe(22);
  });

  it("always makes it equal, and never with more tries than without hints", () => {
    const terms = fc
      .array(fc.integer({min: 1, max: 5}), {minLength: 1, maxLength: 9})
      .map((list) => list.toSorted((a, b) => a - b).join(" "));
    fc.assert(
      fc.property(terms, terms, (ours, theirs) => {
        // Log matching (§5.3): entries of one index and term follow the same.
        fc.pre(isMatching(ours.split(" "), theirs.split(" ")));
        const quick = exchange(ours, theirs);
        const slow = exchange(ours, theirs, {blind: true});
        expect(quick.tried.length).toBeLessThanOrEqual(slow.tried.length);
      }),
      {numRuns: 200},
    );
  });

  it.each(modes)("goes back by nothing for a refusal that is older than what matches, %s", (_, mode) => {
    const leader = leading({log: "1 1 1"}, mode);
    const follower = new Alone({id: 2, log: "1", config: {asyncStorageWrites: mode}});
    const [probe] = appendsTo(2, leader.take(pulse(leader, 2)));
    if (probe === undefined) throw new Error("no probe");
    const [refusal] = follower.take(probe);
    if (refusal === undefined) throw new Error("no refusal");
    const [second] = appendsTo(2, leader.take(refusal));
    if (second === undefined) throw new Error("no second probe");
    leader.take(...follower.take(second));
    expect(progressOf(leader, 2)).toMatchObject({state: "replicate", matchIndex: 4, nextIndex: 5});
    // The network brings the refusal once more.
    expect(leader.take(refusal)).toEqual([]);
    expect(progressOf(leader, 2)).toMatchObject({state: "replicate", matchIndex: 4, nextIndex: 5});
  });

  it("goes back, refused in replicate, to what it knows to match", () => {
    const leader = leading({log: "1 1 1"});
    leader.take(nack(leader, 2, {index: 3, hintIndex: 1, hintTerm: 1}));
    leader.take(ack(leader, 2, 2));
    expect(progressOf(leader, 2)).toMatchObject({state: "replicate", matchIndex: 2});
    leader.take(nack(leader, 2, {index: 4, hintIndex: 0, hintTerm: 0}));
    expect(progressOf(leader, 2)).toMatchObject({state: "probe", matchIndex: 2, nextIndex: 3});
  });
});

function isMatching(ours: readonly string[], theirs: readonly string[]): boolean {
  let agreed = true;
  for (let i = 0; i < Math.min(ours.length, theirs.length); i++) {
    if (ours[i] !== theirs[i]) agreed = false;
    else if (!agreed) return false;
  }
  return true;
}
