// Figure 3's claims, each broken by hand: a cluster made of bare logs, and what a checker says of it.

import {describe, expect, it} from "vitest";
import type {Entry} from "../../../core/raft/entry.ts";
import type {Checker, Violation} from "../../../sim/check/checker.ts";
import {ElectionSafety} from "../../../sim/check/electionSafety.ts";
import {LeaderAppendOnly} from "../../../sim/check/leaderAppendOnly.ts";
import {LeaderCompleteness} from "../../../sim/check/leaderCompleteness.ts";
import {LogMatching} from "../../../sim/check/logMatching.ts";
import {MemberAssertions} from "../../../sim/check/memberAssertions.ts";
import {StateMachineSafety} from "../../../sim/check/stateMachineSafety.ts";
import type {Change, EventRecord} from "../../../sim/event.ts";
import type {WorldView} from "../../../sim/view.ts";

interface Node {
  readonly term: number;
  readonly role: "follower" | "candidate" | "leader";
  readonly log: readonly Entry[];
}

/** `log("1 1 2")`: terms by index; each entry's data is its term. */
function log(terms: string): Entry[] {
  return terms.split(" ").map((term, i) => ({
    index: i + 1,
    term: Number(term),
    type: "normal",
    data: Uint8Array.of(Number(term)),
  }));
}

/** Shows a checker one event in a cluster of these nodes. */
function shown(
  checker: Checker,
  step: number,
  nodes: readonly Node[],
  touched: number,
  ...changes: Change[]
): Violation | undefined {
  const members = nodes.map(({term, role, log: entries}, i) => ({
    id: i + 1,
    incarnation: 1,
    server: {
      raft: {
        term,
        role,
        firstIndex: 1,
        lastIndex: entries.length,
        entryAt: (index: number) => entries[index - 1],
        termAt: (index: number) => (index === 0 ? 0 : entries[index - 1]?.term),
      },
    },
  }));
  const event = {id: `n#${step}`, step, changes} as unknown as EventRecord;
  return checker.after?.({members, step} as unknown as WorldView, event, touched);
}

const follower = (term: number, entries: readonly Entry[]): Node => ({term, role: "follower", log: entries});
const leader = (term: number, entries: readonly Entry[]): Node => ({term, role: "leader", log: entries});

describe("Election Safety", () => {
  it("allows a leader per term, and no second one", () => {
    const checker = new ElectionSafety();
    expect(shown(checker, 1, [leader(1, []), follower(1, [])], 1)).toBeUndefined();
    expect(shown(checker, 2, [follower(2, []), leader(2, [])], 2)).toBeUndefined();
    expect(shown(checker.fork(), 3, [leader(2, []), leader(2, [])], 1)).toMatchObject({
      check: "Election Safety",
      evidence: ["n#2", "n#3"],
    });
  });
});

describe("Leader Append-Only", () => {
  it("lets a leader's log grow, and neither shrink nor change", () => {
    const own = log("1 1 2");
    const grown = [...own, ...log("1 1 2 2").slice(3)];
    const checker = new LeaderAppendOnly();
    shown(checker, 1, [leader(2, own)], 1);
    expect(shown(checker, 2, [leader(2, grown)], 1)).toBeUndefined();
    expect(shown(checker.fork(), 3, [leader(2, own)], 1)?.said.id).toBe("leaderOverwrote");
    expect(shown(checker.fork(), 3, [leader(2, [...own, ...log("1 1 2 3").slice(3)])], 1)?.said.id).toBe(
      "leaderOverwrote",
    );
    // As a follower it may.
    expect(shown(checker.fork(), 3, [follower(3, own)], 1)).toBeUndefined();
  });
});

describe("Log Matching", () => {
  const wrote = (member: number, from: number, to: number): Change => ({
    kind: "log",
    member,
    from,
    to,
    truncated: false,
  });

  it("lets logs differ in their tails, and not below an entry that they share", () => {
    const checker = new LogMatching();
    expect(
      shown(checker, 1, [follower(3, log("1 1 3")), follower(3, [])], 1, wrote(1, 1, 3)),
    ).toBeUndefined();
    expect(
      shown(checker.fork(), 2, [follower(3, []), follower(3, log("1 1 2"))], 2, wrote(2, 1, 3)),
    ).toBeUndefined();
    expect(
      shown(checker.fork(), 2, [follower(3, []), follower(3, log("1 2 3"))], 2, wrote(2, 1, 3))?.said,
    ).toMatchObject({
      id: "logsDiffer",
      args: {index: 3, term: 3},
    });
    const other = log("1 1 3").map((entry) => ({...entry, data: Uint8Array.of(9)}));
    expect(
      shown(checker.fork(), 2, [follower(3, []), follower(3, other)], 2, wrote(2, 1, 3))?.said.args["index"],
    ).toBe(1);
  });
});

describe("Leader Completeness", () => {
  it("asks of every later leader what was committed, and of no two members different entries", () => {
    const checker = new LeaderCompleteness();
    const committed: Change = {kind: "commit", member: 1, from: 1, to: 2};
    const elected: Change = {kind: "role", member: 2, role: "leader", term: 2};
    expect(shown(checker, 1, [leader(1, log("1 1")), follower(1, [])], 1, committed)).toBeUndefined();
    expect(shown(checker.fork(), 2, [follower(2, []), leader(2, log("1 1 2"))], 2, elected)).toBeUndefined();
    expect(
      shown(checker.fork(), 2, [follower(2, []), leader(2, log("1 2"))], 2, elected)?.said.args["index"],
    ).toBe(2);
    const again: Change = {kind: "commit", member: 2, from: 2, to: 2};
    expect(shown(checker.fork(), 2, [follower(2, []), follower(2, log("1 2"))], 2, again)?.said.id).toBe(
      "committedTwice",
    );
  });
});

describe("State Machine Safety", () => {
  const applied = (member: number, from: number, to: number): Change => ({kind: "apply", member, from, to});

  it("wants the same entry at the same index on every member, in order and without a gap", () => {
    const checker = new StateMachineSafety();
    const nodes = (other: string): Node[] => [follower(3, log("1 1 2")), follower(3, log(other))];
    expect(shown(checker, 1, nodes("1 1 2"), 1, applied(1, 1, 2))).toBeUndefined();
    expect(shown(checker.fork(), 2, nodes("1 1 2"), 2, applied(2, 1, 2))).toBeUndefined();
    expect(shown(checker.fork(), 2, nodes("1 3"), 2, applied(2, 1, 2))?.said).toMatchObject({
      id: "appliedTwice",
      args: {index: 2},
    });
    expect(shown(checker.fork(), 2, nodes("1 1 2"), 1, applied(1, 2, 3))?.said.id).toBe("appliedGap");
  });
});

describe("Member Assertions", () => {
  it("is broken by a member that stops on one, and names it", () => {
    const died: Change = {kind: "died", member: 1, message: "x is y"};
    const found = shown(new MemberAssertions(), 1, [follower(1, [])], 1, died);
    expect(found?.said).toMatchObject({id: "memberDied", args: {member: "n1", message: "x is y"}});
  });
});
