// What is remembered of a member so that claims need not be asked again: it must notice all that they look at.

import {describe, expect, it} from "vitest";
import {checkState, checkTransition, factsOf} from "../../../core/raft/checks.ts";
import type {RawNode} from "../../../core/raft/rawNode.ts";
import {ack, leading} from "./leading.ts";
import {Alone} from "./notation.ts";

/** Sees of `node` what it is, and says what was looked at. */
function watched(node: RawNode): {readonly seen: Set<string>; readonly view: RawNode} {
  const seen = new Set<string>();
  const view = new Proxy(node, {
    get(of, name) {
      if (typeof name === "string") seen.add(name);
      const value: unknown = Reflect.get(of, name, of);
      return typeof value === "function" ? value.bind(of) : value;
    },
  });
  return {seen, view};
}

/** `node`, but for one thing that can be seen of it. */
function doctored(node: RawNode, name: string, by: unknown): RawNode {
  return new Proxy(node, {
    get(of, asked) {
      const value: unknown = asked === name ? by : Reflect.get(of, asked, of);
      return typeof value === "function" ? value.bind(of) : value;
    },
  });
}

function busyLeader(): Alone {
  const alone = leading({size: 3});
  const {node} = alone;
  alone.propose("a");
  alone.take(ack(alone, 2, node.lastIndex));
  return alone;
}

/** Never changes, or is looked into by itself. */
const aside = ["id", "config", "termAt"];

const others: Readonly<Record<string, unknown>> = {
  term: 9,
  role: "follower",
  votedFor: 3,
  leader: 3,
  lastApplied: 0,
  applying: 0,
  commitIndex: 0,
  lastIndex: 9,
  firstIndex: 9,
  unstableFrom: 9,
  unstableWorkFrom: 9,
  unstableSnapshot: {index: 1, term: 1},
  confState: {},
  transferee: 2,
  pendingConfIndex: 9,
  promotable: false,
  electionTimeout: 99,
  ticksElapsed: 1000,
  entryAt: () => undefined,
  liveProgress: () => [],
  pendingMessages: () => [{}],
  pendingAnswers: () => [{}],
};

describe("facts of a member", () => {
  it("still hold of one to which nothing happened but that it heard its leader again", () => {
    const alone = new Alone({size: 3});
    const beat = {kind: "Heartbeat", from: 2, to: 1, term: 9, commit: 0, readPosition: 0} as const;
    alone.take(beat);
    const facts = factsOf(alone.node);
    alone.ticks(2);
    expect(facts.stillHold(alone.node)).toBe(true);
    alone.take(beat);
    expect(facts.stillHold(alone.node)).toBe(true);
    alone.node.step(beat);
    expect(facts.stillHold(alone.node)).toBe(false);
  });

  it("hold no more as soon as anything differs that a claim looks at", () => {
    const {node} = busyLeader();
    const {seen, view} = watched(node);
    const facts = factsOf(node);
    checkState(view);
    checkTransition(facts, view);
    const follower = leading({size: 3}).node;
    follower.step({kind: "Heartbeat", from: 2, to: 1, term: 9, commit: 0, readPosition: 0});
    const quiet = watched(follower);
    checkState(quiet.view);
    checkTransition(factsOf(follower), quiet.view);
    const looked = [...new Set([...seen, ...quiet.seen])].filter((name) => !aside.includes(name));
    expect(looked.length).toBeGreaterThan(15);
    for (const name of looked) expect(others, name).toHaveProperty(name);
    for (const [name, by] of Object.entries(others))
      expect([name, facts.stillHold(doctored(node, name, by))]).toEqual([name, false]);
  });

  it("hold no more as soon as a leader's view of another changes", () => {
    const {node} = busyLeader();
    const facts = factsOf(node);
    const [first, second] = node.liveProgress();
    const changes: readonly object[] = [
      {matchIndex: 0},
      {nextIndex: 77},
      {sentCommit: 77},
      {pendingSnapshot: 1},
      {state: "probe"},
      {flowPaused: true},
      {inflights: {count: 5}},
    ];
    for (const change of changes) {
      const progress = node.liveProgress() as object[];
      const its = Object.create(second ?? null) as object;
      for (const [name, value] of Object.entries(change)) Object.defineProperty(its, name, {value});
      progress[1] = its;
      expect([change, facts.stillHold(node)]).toEqual([change, false]);
      if (second !== undefined) progress[1] = second;
    }
    expect(first).toBeDefined();
    expect(facts.stillHold(node)).toBe(true);
  });
});
