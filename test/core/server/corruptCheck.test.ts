// The corruption check alone: when it judges, and what it compares.

import {expect, test} from "vitest";
import {Store} from "../../../core/mvcc/store.ts";
import {CorruptCheck} from "../../../core/server/corruptCheck.ts";
import type {CheckSight, CheckStep} from "../../../core/server/corruptCheck.ts";

const every = 1000;

/** A check of n1 that has asked n2, and what it sees. */
function asked(): {readonly check: CorruptCheck; readonly sight: CheckSight; readonly hash: number} {
  const store = new Store();
  const check = new CorruptCheck({corruptCheckEvery: every, compactHashCheckEvery: 0, pausePoints: []});
  const sight = {
    isLeader: true,
    store,
    compactions: [],
    self: 1,
    others: [2],
    appliedIndex: 5,
    commitIndex: 5,
    knowsCommitted: true,
  };
  expect(check.next(sight, 0)).toEqual({kind: "none"});
  check.wake(every);
  expect(check.next(sight, every)).toEqual({kind: "ask", ticket: 1, revision: 1});
  const own = store.hashKv(0);
  return {check, sight, hash: own.ok ? own.value.hash : 0};
}

const answer = (hash: number, compactRevision: number) =>
  ({kind: "hashKv", hash, compactRevision, hashRevision: 1}) as const;
const alarm: CheckStep = {kind: "alarm", members: [2]};
const none: CheckStep = {kind: "none"};

test("a store is judged only when this one has applied all that was committed when the last answer came", () => {
  const {check, sight, hash} = asked();
  check.heard(1, 2, answer(hash + 1, -1));
  expect(check.next({...sight, commitIndex: 8}, every)).toEqual(none);
  expect(check.next({...sight, commitIndex: 20, appliedIndex: 7}, every)).toEqual(none);
  expect(check.next({...sight, commitIndex: 20, appliedIndex: 8}, every)).toEqual(alarm);
});

test("a leader that has committed nothing of its own term waits: others may know more to be committed", () => {
  const {check, sight, hash} = asked();
  check.heard(1, 2, answer(hash, 1));
  expect(check.next({...sight, knowsCommitted: false}, every)).toEqual(none);
  expect(check.next({...sight, commitIndex: 8}, every)).toEqual(none);
  expect(check.next({...sight, commitIndex: 8, appliedIndex: 8}, every)).toEqual(alarm);
});

test("hashes are compared only behind the same compaction; one that the leader does not know of is wrong", () => {
  for (const [compactRevision, step] of [
    [-1, alarm],
    [-2, none],
    [1, alarm],
  ] as const) {
    const {check, sight, hash} = asked();
    check.heard(1, 2, answer(hash + 1, compactRevision));
    expect(check.next(sight, every)).toEqual(step);
  }
});

test("who leads no more judges nobody, and an answer to an earlier question is none", () => {
  const {check, sight, hash} = asked();
  check.heard(7, 2, answer(hash + 1, -1));
  expect(check.next(sight, every)).toEqual(none);
  check.heard(1, 2, answer(hash + 1, -1));
  expect(check.next({...sight, isLeader: false}, every)).toEqual(none);
  expect(check.next(sight, every)).toEqual(none);
});
