// Who is in the cluster, and how that changes (§6, thesis §4). etcd decides by a configuration from when it is applied, the
// paper from when it is appended. After etcd's raft_test.go and the issues named.

import {describe, expect, it} from "vitest";
import type {ConfChange} from "../../../core/raft/confChange.ts";
import type {RaftNote} from "../../../core/raft/notes.ts";
import {changeOf, conf} from "./changes.ts";
import {Cluster} from "./cluster.ts";
import {
  Alone,
  aloneAs,
  answersHeartbeat,
  append,
  applyEntries,
  asks,
  electionTicks,
  holds,
  only,
  termsOf,
  timeoutNow,
} from "./notation.ts";

const from = (member: number, term = 1) => ({from: member, to: 1, term});

/** `1:normal 2:confChangeV2`: what a node's log holds. */
function kinds(alone: Alone): string {
  const {firstIndex, lastIndex} = alone.node;
  const list: string[] = [];
  for (let index = firstIndex; index <= lastIndex; index++) {
    const entry = alone.node.entryAt(index);
    list.push(`${index}:${entry?.type}${entry?.data.length === 0 ? " empty" : ""}`);
  }
  return list.join(" ");
}

/** Leads term 1, of which the first entry is committed and applied. */
function leading(members: string, notes?: (note: RaftNote) => void): Alone {
  const alone = aloneAs("leader", {
    conf: conf(members),
    ...(notes === undefined ? {} : {notes: {note: notes}}),
  });
  alone.take(...alone.node.progress().map(({member}) => holds(from(member), 1)));
  return alone;
}

function ask(alone: Alone, change: ConfChange): void {
  expect(alone.node.proposeConfChange(change)).toEqual({ok: true, value: undefined});
  alone.drain();
}

describe("a proposed change", () => {
  it("is an entry like any other, and decides nothing until it is applied", () => {
    const alone = leading("1 2 3");
    ask(alone, changeOf("v4"));
    expect(kinds(alone)).toBe("1:normal empty 2:confChangeV2");
    expect([alone.node.pendingConfIndex, alone.node.confState]).toEqual([2, conf("1 2 3")]);
    alone.take(holds(from(2), 2));
    expect(alone.node.confState).toEqual(conf("1 2 3 4"));
  });

  it("may be in the older form", () => {
    const alone = leading("1 2 3");
    ask(alone, changeOf("r3", {version: 1}));
    expect(kinds(alone)).toBe("1:normal empty 2:confChange");
    alone.take(holds(from(2), 2));
    expect(alone.node.confState).toEqual(conf("1 2"));
  });

  it("becomes an empty entry while another one is not applied (thesis §4.1: one at a time)", () => {
    const notes: RaftNote[] = [];
    const alone = leading("1 2 3", (note) => notes.push(note));
    ask(alone, changeOf("v4"));
    ask(alone, changeOf("v5"));
    expect(kinds(alone)).toBe("1:normal empty 2:confChangeV2 3:normal empty");
    expect(alone.node.pendingConfIndex).toBe(2);
    expect(notes.flatMap((note) => (note.kind === "changeIgnored" ? [note.why] : []))).toEqual(["pending"]);
    alone.take(holds(from(2), 3));
    ask(alone, changeOf("v5"));
    expect(kinds(alone)).toContain("4:confChangeV2");
  });

  it("may be one of several entries of a proposal; the second change among them is empty", () => {
    const follower = new Alone({id: 2});
    follower.take(append({from: 1, to: 2, term: 1}, "1", 0));
    const changes = ["v4", "v5"].map((text) => {
      follower.node.proposeConfChange(changeOf(text));
      return only(follower.drain(), "Propose")[0]?.proposals[0];
    });
    const alone = leading("1 2 3");
    const command = {type: "normal", data: new Uint8Array(1)} as const;
    const proposals = [command, ...changes.filter((one) => one !== undefined)];
    alone.take({kind: "Propose", ...from(2, 0), proposals});
    expect(kinds(alone)).toBe("1:normal empty 2:normal 3:confChangeV2 4:normal empty");
    expect(alone.node.pendingConfIndex).toBe(3);
  });

  const refused: readonly [members: string, change: ConfChange, why: string][] = [
    ["1 2 3", changeOf(""), "notJoint"],
    ["1 2 4 && 1 2 3", changeOf("v5"), "mustLeaveJoint"],
    ["1 2 4 && 1 2 3", changeOf("v5 r1", {transition: "explicit"}), "mustLeaveJoint"],
  ];
  for (const [members, change, why] of refused) {
    it(`becomes an empty entry in (${members}) if it is impossible there: ${why}`, () => {
      const notes: RaftNote[] = [];
      const alone = leading(members, (note) => notes.push(note));
      ask(alone, change);
      expect(kinds(alone)).toBe("1:normal empty 2:normal empty");
      expect(notes.flatMap((note) => (note.kind === "changeIgnored" ? [note.why] : []))).toEqual([why]);
    });
  }

  it("goes unchecked into the log of a leader that was told not to look", () => {
    const alone = aloneAs("leader", {config: {disableConfChangeValidation: true}});
    ask(alone, changeOf("v4"));
    ask(alone, changeOf("v5"));
    expect(kinds(alone)).toBe("1:normal empty 2:confChangeV2 3:confChangeV2");
  });

  it("waits in a new leader until all that it found in its log is applied: a change may be among it", () => {
    for (const applied of [false, true]) {
      const alone = new Alone({log: "1 1", hard: {commit: applied ? 2 : 1}});
      alone.lead();
      expect(alone.node.pendingConfIndex).toBe(2);
      ask(alone, changeOf("v4"));
      expect(alone.node.entryAt(4)?.type).toBe(applied ? "confChangeV2" : "normal");
    }
  });
});

describe("an applied change", () => {
  const rows: readonly [members: string, change: ConfChange, becomes: string][] = [
    ["1", changeOf("v2"), "1 2"],
    ["1 3", changeOf("v2"), "1 2 3"],
    ["1", changeOf("l2"), "1 learners 2"],
    ["1 learners 2", changeOf("v2"), "1 2"],
    ["1 2", changeOf("l2"), "1 learners 2"],
    ["1 2 learners 3", changeOf("l1"), "2 learners 1 3"],
    ["1 2", changeOf("r2"), "1"],
    ["1 learners 2", changeOf("r2"), "1"],
    ["1 2", changeOf("u2"), "1 2"],
    ["1", changeOf("v3", {transition: "implicit"}), "1 3 && 1 autoleave"],
    ["1", changeOf("v3", {transition: "explicit"}), "1 3 && 1"],
    ["1 2 3", changeOf("r1 v4 l3"), "2 4 && 1 2 3 next 3 autoleave"],
    ["2 4 && 1 2 3 next 3", changeOf(""), "2 4 learners 3"],
  ];
  for (const [members, change, becomes] of rows) {
    it(`makes (${members}) into (${becomes}), on a follower too`, () => {
      const alone = new Alone({conf: conf(members)});
      expect(alone.node.applyConfChange(change)).toEqual(conf(becomes));
      expect(alone.node.confState).toEqual(conf(becomes));
    });
  }

  it("that is impossible is our bug, and fails", () => {
    for (const [members, change, why] of [
      ["1", changeOf("r1"), "removed all voters"],
      ["1 2", changeOf(""), "can't leave a non-joint config"],
      ["1 3 && 1 2", changeOf("v4"), "can't apply simple config change in joint config"],
    ] as const) {
      expect(() => new Alone({conf: conf(members)}).node.applyConfChange(change)).toThrow(why);
    }
  });

  it("begins and ends replication, by ascending member, whatever the order of changes", () => {
    const alone = leading("1");
    for (const text of ["v3", "l2", "v4"]) {
      ask(alone, changeOf(text));
      alone.take(...alone.node.progress().map(({member}) => holds(from(member), alone.node.lastIndex)));
    }
    expect(alone.node.confState).toEqual(conf("1 3 4 learners 2"));
    expect(alone.node.progress().map(({member, isLearner}) => [member, isLearner])).toEqual([
      [1, false],
      [2, true],
      [3, false],
      [4, false],
    ]);
    ask(alone, changeOf("r3"));
    alone.take(...alone.node.progress().map(({member}) => holds(from(member), alone.node.lastIndex)));
    expect(alone.node.progress().map(({member}) => member)).toEqual([1, 2, 4]);
  });

  it("promotes a learner without forgetting what it holds", () => {
    const alone = leading("1 learners 2");
    const before = alone.node.progress()[1];
    expect(before).toMatchObject({isLearner: true, matchIndex: 1, state: "replicate"});
    ask(alone, changeOf("v2"));
    expect(alone.node.progress()[1]).toEqual({
      ...before,
      isLearner: false,
      nextIndex: 3,
      inflight: 1,
      sentCommit: 2,
    });
  });

  it("gives a new member a whole election timeout before its silence counts (check-quorum)", () => {
    const alone = aloneAs("leader", {size: 1, config: {checkQuorum: true}});
    alone.ticks(electionTicks - 1);
    ask(alone, changeOf("v2"));
    expect(alone.node.confState).toEqual(conf("1 2"));
    expect(alone.node.progress()[1]).toMatchObject({recentActive: true});
    alone.ticks(1);
    expect(alone.node.role).toBe("leader");
    alone.ticks(electionTicks);
    expect(alone.node.role).toBe("follower");
  });

  it("may commit what is waiting, because the quorum became smaller", () => {
    const alone = leading("1 2");
    ask(alone, changeOf("r2"));
    alone.propose("waits");
    alone.take(holds(from(2), 2));
    expect(alone.node.confState).toEqual(conf("1"));
    expect([alone.node.commitIndex, alone.applied.length]).toEqual([3, 3]);
  });
});

describe("thesis §4.2.1", () => {
  it("a new server is sent the log, and is not yet counted for commitment or elections", () => {
    const alone = leading("1 2 learners 3 4");
    const sent = only(alone.propose("x"), "AppendEntries");
    expect(sent.map(({to}) => to)).toEqual([2, 3, 4]);
    alone.take(holds(from(3), 2), holds(from(4), 2));
    expect(alone.node.commitIndex).toBe(1);
    alone.take(holds(from(2), 2));
    expect(alone.node.commitIndex).toBe(2);
  });

  it("catches up before it is promoted, from the leader's snapshot if need be", () => {
    const cluster = new Cluster({size: 4, conf: conf("1 2 3")});
    cluster.elect(1);
    cluster.propose(1, "a", "b");
    cluster.settle();
    cluster.isolate(4);
    cluster.proposeChange(1, changeOf("l4"));
    cluster.settle();
    // A snapshot from before the change would be none for n4: it is no member there.
    cluster.compact(1);
    cluster.propose(1, "c");
    cluster.heal();
    cluster.tick(1);
    cluster.settle();
    expect([cluster.node(4).firstIndex, termsOf(cluster.node(4))]).toEqual([5, "1"]);
    cluster.proposeChange(1, changeOf("v4"));
    cluster.settle();
    for (const {node} of cluster.members) expect(node.confState).toEqual(conf("1 2 3 4"));
    cluster.elect(4);
    expect(cluster.roles()[3]).toBe("leader 2");
  });
});

describe("thesis §4.2.2", () => {
  it("a leader that is removed manages a cluster that does not include itself, without counting itself (raft: remove_leader)", () => {
    for (const [text, members] of [
      ["r1", "2 3"],
      ["l1", "2 3 learners 1"],
    ] as const) {
      const alone = leading("1 2 3");
      ask(alone, changeOf(text));
      alone.propose("x");
      alone.take(holds(from(2), 2));
      expect(alone.node.confState).toEqual(conf(members));
      // Itself and n2 hold 3, and that is no quorum of (2 3).
      alone.take(holds(from(2), 3));
      expect([alone.node.role, alone.node.commitIndex]).toEqual(["leader", 2]);
      alone.take(holds(from(3), 3));
      expect(alone.node.commitIndex).toBe(3);
      // It goes on sending heartbeats: nobody told it to step down.
      expect(only(alone.ticks(1), "Heartbeat").map(({to}) => to)).toEqual([2, 3]);
    }
  });

  it("a leader that was removed commits by the others' answers only, not at the moment of its removal", () => {
    const alone = leading("1 2");
    ask(alone, changeOf("r1"));
    alone.node.propose([new Uint8Array(1)]);
    alone.node.ready();
    // n2 holds 3, which is not on the leader's own disk yet.
    alone.node.step(holds(from(2), 3));
    const {apply} = alone.node.ready();
    expect(apply.map(({index}) => index)).toEqual([2]);
    applyEntries(apply, alone.node);
    alone.node.applied(apply);
    expect([alone.node.confState, alone.node.commitIndex]).toEqual([conf("2"), 2]);
    expect(alone.node.hasReady()).toBe(false);
  });

  it("a leader that was removed drops proposals, one that was demoted does not", () => {
    const alone = leading("1 2 3");
    ask(alone, changeOf("r1"));
    alone.take(holds(from(2), 2));
    expect(alone.node.propose([new Uint8Array(1)])).toEqual({ok: false, error: "proposalDropped"});
    const demoted = leading("1 2 3");
    ask(demoted, changeOf("l1"));
    demoted.take(holds(from(2), 2));
    expect(demoted.node.propose([new Uint8Array(1)]).ok).toBe(true);
  });

  for (const text of ["r1", "l1"]) {
    it(`a leader steps down once its removal is committed, if it was told to (${text})`, () => {
      const cluster = new Cluster({size: 3, config: {stepDownOnRemoval: true}});
      cluster.elect(1);
      cluster.proposeChange(1, changeOf(text));
      expect(cluster.node(1).role).toBe("leader");
      cluster.settle();
      expect(cluster.roles()).toEqual(["follower 1", "follower 1", "follower 1"]);
      cluster.elect(1);
      expect(cluster.roles()[0]).toBe("follower 1");
      cluster.elect(2);
      expect(cluster.roles().slice(1)).toEqual(["leader 2", "follower 2"]);
    });
  }
});

describe("thesis §4.2.3: removed servers", () => {
  it("disrupt the cluster by their campaigns, unless those who hear of a leader do not listen", () => {
    const disrupted = (checkQuorum: boolean): readonly string[] => {
      const cluster = new Cluster({size: 3, config: {checkQuorum}});
      cluster.elect(1);
      // n3 is removed, and does not hear of it.
      cluster.isolate(3);
      cluster.proposeChange(1, changeOf("r3"));
      cluster.settle();
      cluster.heal();
      cluster.elect(3);
      return cluster.roles();
    };
    expect(disrupted(false)).toEqual(["follower 2", "follower 2", "follower 2"]);
    expect(disrupted(true)).toEqual(["leader 1", "follower 1", "candidate 2"]);
  });
});

describe("thesis §4.1", () => {
  it("a server accepts appends from a leader that is not in its configuration", () => {
    const alone = new Alone({conf: conf("1 2")});
    expect(alone.take(append(from(9), "1", 0))).toEqual([holds({from: 1, to: 9, term: 1}, 1)]);
    expect(alone.node.leader).toBe(9);
  });

  it("a server grants its vote to a candidate that is not in its configuration", () => {
    const alone = new Alone({conf: conf("1 2")});
    expect(alone.take(asks(from(9), 0, 0))).toMatchObject([{to: 9, voteGranted: true}]);
  });

  it("answers of who is not in the leader's configuration say nothing", () => {
    const alone = leading("1 2 3");
    alone.propose("x");
    for (const message of [holds(from(9), 2), answersHeartbeat(from(9))]) {
      expect(alone.node.step(message)).toEqual({ok: false, error: "peerNotFound"});
    }
    expect(alone.node.commitIndex).toBe(1);
  });
});

describe("a committed change that is not applied", () => {
  // Three entries: a command, a change in either form, an empty entry of the old leader's.
  const lagging = (version: 1 | 2, applied: boolean, config = {}): Alone => {
    const alone = new Alone({config});
    const proposer = leading("1 2 3");
    ask(proposer, changeOf("r3", {version}));
    const entries = [1, 2].flatMap((index) => proposer.node.entryAt(index) ?? []);
    alone.node.step({
      kind: "AppendEntries",
      ...from(2),
      prevLogIndex: 0,
      prevLogTerm: 0,
      entries,
      leaderCommit: 2,
    });
    if (applied) {
      alone.drain();
    } else {
      // The disk is done; the store has not begun.
      const {append: work} = alone.node.ready();
      alone.storage.append(work?.entries ?? []);
      if (work?.receipt !== undefined) alone.node.appended(work.receipt);
    }
    expect([alone.node.commitIndex, alone.node.lastApplied]).toEqual([2, applied ? 2 : 0]);
    return alone;
  };
  for (const version of [1, 2] as const) {
    for (const [what, begin] of [
      ["campaign", (alone: Alone) => alone.node.campaign()],
      ["its timer", (alone: Alone) => Array.from({length: 2 * electionTicks}, () => alone.node.tick())],
      ["TimeoutNow", (alone: Alone) => alone.node.step(timeoutNow(from(2)))],
    ] as const) {
      for (const preVote of [false, true]) {
        it(`keeps a server from campaigning by ${what} (version ${version}${preVote ? ", pre-vote" : ""})`, () => {
          const waiting = lagging(version, false, {preVote});
          begin(waiting);
          expect([waiting.node.role, waiting.node.term]).toEqual(["follower", 1]);
          const done = lagging(version, true, {preVote});
          begin(done);
          expect(done.node.role).toBe(preVote && what !== "TimeoutNow" ? "preCandidate" : "candidate");
        });
      }
    }
  }
});
