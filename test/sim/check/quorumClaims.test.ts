// The claims about quorums, each broken by hand: a cluster made of bare logs, and what a checker says of it. That runs
// which are sound keep them, with membership changes too, is seeds.test.ts's.

import {describe, expect, it} from "vitest";
import {InvariantViolation} from "../../../core/base/assert.ts";
import {confState} from "../../../core/raft/confState.ts";
import type {ConfState} from "../../../core/raft/confState.ts";
import type {Entry} from "../../../core/raft/entry.ts";
import type {Checker, Violation} from "../../../sim/check/checker.ts";
import {MoreUpToDate} from "../../../sim/check/moreUpToDate.ts";
import {committedIsDurable, quorumLog} from "../../../sim/check/quorumClaims.ts";
import {RaftInvariants} from "../../../sim/check/raftInvariants.ts";
import type {Change, EventRecord} from "../../../sim/event.ts";
import type {WorldView} from "../../../sim/view.ts";
import {World} from "../../../sim/world/world.ts";
import {resolve} from "../../../sim/profile.ts";
import {versionOf} from "../../../sim/bug/museum.ts";

interface Node {
  readonly log: string;
  readonly term?: number;
  readonly durable?: number;
  readonly firstIndex?: number;
  readonly conf?: ConfState;
}

function entriesOf(terms: string): Entry[] {
  return terms
    .split(" ")
    .filter((term) => term !== "")
    .map((term, i) => ({
      index: i + 1,
      term: Number(term),
      type: "normal",
      data: Uint8Array.of(Number(term)),
    }));
}

/** Shows a checker one event in a cluster of these nodes; undefined: it is down. */
function shown(
  checker: Checker,
  step: number,
  nodes: readonly (Node | undefined)[],
  touched: number,
  ...changes: Change[]
): Violation | undefined {
  const members = nodes.map((node, i) => {
    if (node === undefined) return {id: i + 1, server: undefined};
    const entries = entriesOf(node.log);
    const {firstIndex = 1, term = 0, durable = entries.length, conf = confState([1, 2, 3])} = node;
    const raft = {
      term,
      firstIndex,
      lastIndex: entries.length,
      confState: conf,
      entryAt: (index: number) => (index < firstIndex ? undefined : entries[index - 1]),
      termAt: (index: number) => (index === 0 ? 0 : entries[index - 1]?.term),
    };
    return {id: i + 1, server: {raft, durableIndex: durable, appliedIndex: entries.length}};
  });
  const event = {id: `n#${step}`, step, changes} as unknown as EventRecord;
  return checker.after?.({members, step} as unknown as WorldView, event, touched);
}

const committed: Change = {kind: "commit", member: 1, from: 1, to: 2};
const cut = (member: number): Change => ({kind: "log", member, from: 2, to: 1, truncated: true});

describe("Quorum Log", () => {
  const leader: Node = {log: "1 1", term: 1};

  it("wants what is committed in a log of every quorum, and goes on wanting it", () => {
    expect(shown(quorumLog(), 1, [leader, {log: "1"}, {log: "1"}], 1, committed)).toMatchObject({
      check: "Quorum Log",
      said: {id: "quorumLacks", args: {index: 2, term: 1}},
    });
    const checker = quorumLog();
    expect(shown(checker, 1, [leader, {log: "1 1"}, {log: "1"}], 1, committed)).toBeUndefined();
    expect(checker.exercised()).toBe(1);
    expect(shown(checker.fork(), 2, [leader, {log: "1"}, {log: "1"}], 2, cut(2))).toMatchObject({
      evidence: ["n#1", "n#2"],
    });
    // One that is down is asked when it is back; one whose log begins behind the entry holds it.
    expect(shown(checker.fork(), 2, [leader, undefined, {log: "1"}], 3, cut(3))).toBeUndefined();
    expect(
      shown(checker.fork(), 2, [leader, {log: "1 2 2", firstIndex: 3}, {log: "1"}], 2, cut(2)),
    ).toBeUndefined();
  });

  it("asks the configuration that decided, both halves of it, and the newest one", () => {
    const joint = {...confState([3, 4]), votersOutgoing: [1, 2]};
    const nodes = [{...leader, conf: joint}, {log: "1 1"}, {log: "1"}, {log: "1"}];
    // A quorum of a joint configuration has a majority of each half; one without the entry must do without it in both.
    expect(shown(quorumLog(), 1, nodes, 1, committed)).toBeUndefined();
    const neither = [{...leader, conf: joint}, {log: "1"}, {log: "1"}, {log: "1"}];
    expect(shown(quorumLog(), 1, neither, 1, committed)).toBeUndefined();
    const checker = quorumLog();
    expect(shown(checker, 1, [leader, {log: "1 1"}, {log: "1"}, {log: "1"}], 1, committed)).toBeUndefined();
    const configured = (voters: readonly number[]): Change => ({
      kind: "configuration",
      member: 1,
      confState: confState(voters),
    });
    const now = [leader, {log: "1 1"}, {log: "1"}, {log: "1"}];
    expect(shown(checker.fork(), 2, now, 1, configured([1, 2, 3, 4]))).toBeUndefined();
    expect(shown(checker.fork(), 2, now, 1, configured([1, 3, 4]))?.said.id).toBe("quorumLacks");
  });
});

describe("Committed Is Durable", () => {
  it("wants it on the disks of every quorum", () => {
    const nodes = (durable: number): Node[] => [
      {log: "1 1", term: 1, durable: 1},
      {log: "1 1", durable},
      {log: "1 1", durable: 1},
    ];
    const checker = committedIsDurable();
    expect(shown(checker.fork(), 1, nodes(1), 1, committed)?.said.id).toBe("committedVolatile");
    // Of three, two that lack it are a quorum.
    expect(shown(checker.fork(), 1, nodes(2), 1, committed)?.said.id).toBe("committedVolatile");
    const held = [{log: "1 1", term: 1, durable: 2}, {log: "1 1", durable: 2}, {log: "1"}];
    expect(shown(checker, 1, held, 1, committed)).toBeUndefined();
    expect(shown(checker, 2, [{log: "1 1", durable: 2}, {log: "1"}, {log: "1"}], 2, cut(2))?.check).toBe(
      "Committed Is Durable",
    );
  });
});

describe("More Up To Date", () => {
  it("wants what is committed in every log that could win a vote against its end", () => {
    const nodes = (other: string): Node[] => [{log: "1 2", term: 2}, {log: "1 2"}, {log: other}];
    expect(shown(new MoreUpToDate(), 1, nodes("1 3"), 1, committed)).toMatchObject({
      check: "More Up To Date",
      said: {id: "upToDateLacks", args: {member: "n3", last: 2, lastTerm: 3, index: 2, term: 2}},
    });
    expect(shown(new MoreUpToDate(), 1, nodes("1 1 1"), 1, committed)).toBeUndefined();
    const checker = new MoreUpToDate();
    expect(shown(checker, 1, nodes("1 2 2"), 1, committed)).toBeUndefined();
    const wrote: Change = {kind: "log", member: 3, from: 2, to: 2, truncated: true};
    expect(shown(checker, 2, nodes("1 3"), 3, wrote)?.evidence).toEqual(["n#1", "n#2"]);
  });

  it("does not want it of a log that is newer than that of a member which knows it committed (Figure 8)", () => {
    // Entry 2/2 is committed in term 4, which n2 knows, though it was sent the log no further. n5's 2/3 beats its log.
    const nodes = [{log: "1 2 4", term: 4}, {log: "1 2"}, {log: "1 2 4"}, {log: "1 2 4"}, {log: "1 3"}];
    const all: Change = {kind: "commit", member: 1, from: 1, to: 3};
    expect(shown(new MoreUpToDate(), 1, nodes, 1, all)).toBeUndefined();
  });
});

describe("Raft Invariants", () => {
  const run = (versions: Readonly<Record<string, readonly string[]>>) =>
    World.create(
      {
        format: 1,
        config: resolve({members: 3, clients: 0}),
        seed: "1",
        versions,
        script: [],
        choices: [],
        limits: {events: 1000, until: 1e7},
      },
      versionOf,
    );

  it("hold in a sound world, also across a fork", () => {
    let world = run({});
    let checker = new RaftInvariants();
    for (let i = 0; i < 600; i++) {
      const next = world.next();
      if (next === undefined) break;
      const record = world.take(next);
      expect(checker.after(world.view, record, world.touched)).toBeUndefined();
      if (i === 300) {
        world = world.fork();
        checker = checker.fork();
      }
    }
    expect(checker.exercised()).toBeGreaterThan(200);
  });

  it("are broken by a node whose term falls, and not asked of one with a planted bug", () => {
    const first = {term: 2} as object;
    const view = (node: object, versions: readonly string[]): WorldView =>
      ({members: [{id: 1, versions, server: {raft: node}}]}) as unknown as WorldView;
    const event = {id: "n#1", step: 1, changes: []} as unknown as EventRecord;
    const broken = new Proxy(first, {
      get() {
        throw new InvariantViolation("termNeverFalls: n1");
      },
    });
    expect(new RaftInvariants().after(view(broken, []), event, 1)).toMatchObject({
      check: "Raft Invariants",
      said: {id: "invariantBroken", args: {member: "n1"}},
    });
    expect(new RaftInvariants().after(view(broken, ["a-bug"]), event, 1)).toBeUndefined();
  });
});
