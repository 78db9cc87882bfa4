// Who is elected, when, and what an election leaves behind (§5.2, §5.4.1). After etcd's raft_test.go. Where a case says
// "with and without pre-vote", both come to the same.

import {describe, expect, it} from "vitest";
import {changeOf, conf} from "./changes.ts";
import {Cluster} from "./cluster.ts";
import {
  Alone,
  aloneAs,
  append,
  asks,
  electionTicks,
  granted,
  heartbeat,
  only,
  roles,
  seededDraw,
  termsOf,
} from "./notation.ts";

for (const preVote of [false, true]) {
  describe(`an election ${preVote ? "with" : "without"} pre-vote`, () => {
    const asking = preVote ? "preCandidate 0" : "candidate 1";
    const topologies: readonly [size: number, dead: readonly number[], becomes: string, logs?: string[]][] = [
      [1, [], "leader 1"],
      [3, [], "leader 1"],
      [3, [3], "leader 1"],
      [3, [2, 3], asking],
      [4, [2, 3], asking],
      [5, [2, 3], "leader 1"],
      // The others' logs are longer, and in the term that is asked for: they refuse, rather than ignore.
      [5, [], "follower 1", ["", "1", "1", "1", ""]],
    ];
    for (const [size, dead, becomes, logs = []] of topologies) {
      const situation = logs.length > 0 ? "behind three others" : `with ${dead.length} dead`;
      it(`of ${size} ${situation} makes its candidate ${becomes}`, () => {
        const cluster = new Cluster({size, logs, config: {preVote}});
        for (const id of dead) cluster.isolate(id);
        cluster.elect(1);
        expect(cluster.roles()[0]).toBe(becomes);
      });
    }

    it("can be won by each in turn", () => {
      const cluster = new Cluster({size: 3, config: {preVote}});
      for (const [round, id] of [1, 2, 3, 1].entries()) {
        cluster.elect(id);
        const expected = [1, 2, 3].map((one) => `${one === id ? "leader" : "follower"} ${round + 1}`);
        expect(cluster.roles()).toEqual(expected);
      }
    });

    it("overwrites the newer log of a leader that reached nobody, once the voters have caught up with its term", () => {
      const cluster = new Cluster({size: 5, logs: ["1", "1"], term: 1, config: {preVote}});
      for (const id of [1, 2]) cluster.isolate(id);
      cluster.campaign(3);
      cluster.settle(({kind}) => kind === "AppendEntries");
      cluster.heal();
      expect(cluster.members.map(({node}) => termsOf(node))).toEqual(["1", "1", "2", "", ""]);
      cluster.elect(1);
      // Three have voted in term 2; but now n1 knows of that term.
      expect(cluster.roles()[0]).toBe("follower 2");
      cluster.elect(1);
      expect(cluster.roles()[0]).toBe("leader 3");
      expect(cluster.members.map(({node}) => termsOf(node))).toEqual(Array.from({length: 5}, () => "1 3"));
    });
  });
}

describe("dueling candidates", () => {
  const duel = (preVote: boolean) => {
    const cluster = new Cluster({size: 3, config: {preVote}});
    cluster.cut(1, 3);
    cluster.elect(1);
    cluster.elect(3);
    const during = cluster.roles();
    cluster.heal();
    cluster.elect(3);
    return {during, after: cluster.roles(), logs: cluster.members.map(({node}) => termsOf(node))};
  };

  it("leave one in office, and the loser, whose log is shorter, ends that term without winning", () => {
    expect(duel(false)).toEqual({
      during: ["leader 1", "follower 1", "candidate 1"],
      after: ["follower 2", "follower 2", "follower 2"],
      logs: ["1", "1", ""],
    });
  });

  it("do not disturb the winner when they ask for pre-votes first", () => {
    const {during, after, logs} = duel(true);
    expect(during).toEqual(["leader 1", "follower 1", "follower 1"]);
    // n3 learned of the term by a refusal, and is refused for the next as well.
    expect(after).toEqual(["leader 1", "follower 1", "follower 1"]);
    expect(logs).toEqual(["1", "1", ""]);
  });
});

describe("a candidate", () => {
  it("concedes when it hears from the leader of its term, and takes over that leader's log", () => {
    const cluster = new Cluster({size: 3});
    cluster.isolate(1);
    cluster.elect(1);
    cluster.elect(3);
    cluster.heal();
    cluster.tick(3);
    cluster.propose(3, "x");
    cluster.settle();
    expect(cluster.roles()).toEqual(["follower 1", "follower 1", "leader 1"]);
    expect(cluster.members.map(({node}) => termsOf(node))).toEqual(["1 1", "1 1", "1 1"]);
  });

  for (const what of ["Heartbeat", "AppendEntries"] as const) {
    it(`that went ahead takes back its candidacy at a ${what} of the leader, in that one's term`, () => {
      const cluster = new Cluster({size: 3});
      cluster.elect(1);
      cluster.isolate(3);
      cluster.elect(2);
      cluster.elect(1);
      expect(cluster.roles()[0]).toBe("leader 3");
      cluster.campaign(3);
      cluster.campaign(3);
      cluster.settle();
      expect(cluster.roles()[2]).toBe("candidate 3");
      cluster.heal();
      if (what === "Heartbeat") cluster.tick(1);
      else cluster.deliverTo(3, append({from: 1, to: 3, term: 3}, "", 0));
      cluster.settle();
      expect(cluster.roles()[2]).toBe("follower 3");
      expect(cluster.node(3).leader).toBe(1);
    });
  }

  it("leads at once if it is alone, with and without pre-vote", () => {
    for (const preVote of [false, true]) {
      const alone = new Alone({size: 1, config: {preVote}});
      alone.node.campaign();
      alone.drain();
      expect([alone.node.role, alone.node.term]).toEqual(["leader", 1]);
    }
  });

  it("waits for its own vote to be durable, even if it is alone", () => {
    const {node} = new Alone({size: 1});
    node.campaign();
    expect(node.role).toBe("candidate");
    expect(node.ready().append?.messages).toEqual([granted({from: 1, to: 1, term: 1})]);
    expect(node.role).toBe("candidate");
  });
});

describe("a leader", () => {
  for (const preVote of [false, true]) {
    it(`does not campaign, ${preVote ? "nor ask for pre-votes" : "whoever wants it"}`, () => {
      const alone = aloneAs("leader", {config: {preVote}});
      alone.node.campaign();
      expect([alone.node.role, alone.node.term, alone.drain()]).toEqual(["leader", 1, []]);
    });
  }
});

describe("the election timeout", () => {
  const drawn = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

  it("is electionTicks and what was drawn, for a follower and for each later campaign", () => {
    for (const extra of drawn) {
      const alone = new Alone({draw: () => extra});
      for (const term of [1, 2]) {
        expect(alone.ticks(electionTicks + extra - 1)).toEqual([]);
        expect(only(alone.ticks(1), "RequestVote").map((message) => message.term)).toEqual([term, term]);
      }
    }
  });

  it("is drawn from as many numbers as it has ticks, at every loss of a role and every campaign", () => {
    const bounds: number[] = [];
    const draw = (bound: number) => {
      bounds.push(bound);
      return 0;
    };
    const alone = new Alone({draw});
    alone.lead();
    alone.take(heartbeat({from: 2, to: 1, term: 5}));
    // At birth, as candidate, as leader, as follower again.
    expect(bounds).toEqual([10, 10, 10, 10]);
  });

  for (const role of ["follower", "candidate"] as const) {
    it(`keeps ${role}s of five from campaigning at the same time, mostly`, () => {
      const five = [1, 2, 3, 4, 5].map((id) => aloneAs(role, {id, size: 5, draw: seededDraw(7 * id)}));
      const rounds = 300;
      let conflicts = 0;
      for (let round = 0; round < rounds; round++) {
        const term = Math.max(...five.map(({node}) => node.term)) + 1;
        for (const alone of five) {
          if (role === "candidate") {
            alone.node.campaign();
            alone.drain();
          } else {
            alone.take(heartbeat({from: (alone.node.id % 5) + 1, to: alone.node.id, term}));
          }
        }
        let campaigns = 0;
        while (campaigns === 0) {
          for (const alone of five) if (only(alone.ticks(1), "RequestVote").length > 0) campaigns++;
        }
        if (campaigns > 1) conflicts++;
      }
      expect(conflicts / rounds).toBeLessThan(0.3);
    });
  }
});

describe("a learner", () => {
  it("never campaigns, neither by its timer nor when told to", () => {
    const alone = new Alone({id: 2, conf: conf("1 learners 2")});
    expect(alone.ticks(5 * electionTicks)).toEqual([]);
    alone.node.campaign();
    expect([alone.node.promotable, alone.node.role, alone.node.term, alone.drain()]).toEqual([
      false,
      "follower",
      0,
      [],
    ]);
    alone.take({kind: "TimeoutNow", from: 1, to: 2, term: 1});
    expect([alone.node.role, alone.node.term]).toEqual(["follower", 1]);
  });

  it("can lead once it was promoted", () => {
    const cluster = new Cluster({size: 2, conf: conf("1 learners 2")});
    cluster.elect(1);
    cluster.proposeChange(1, changeOf("v2"));
    cluster.settle();
    cluster.elect(2);
    expect(cluster.roles()).toEqual(["follower 2", "leader 2"]);
  });

  it("lets its timer run on, and campaigns at its first tick when it was promoted meanwhile", () => {
    const alone = new Alone({id: 2, conf: conf("1 learners 2")});
    alone.ticks(3 * electionTicks);
    expect(alone.node.ticksToElection.elapsed).toBe(3 * electionTicks);
    alone.node.applyConfChange(changeOf("v2"));
    expect(only(alone.ticks(1), "RequestVote").map(({to}) => to)).toEqual([1]);
  });

  it("is not asked for its vote, but gives it: it may have been promoted without having heard of it (etcd #10998)", () => {
    const leader = new Alone({conf: conf("1 2 learners 3")});
    leader.node.campaign();
    expect(only(leader.drain(), "RequestVote").map(({to}) => to)).toEqual([2]);
    const learner = new Alone({id: 3, conf: conf("1 2 learners 3")});
    expect(learner.take(asks({from: 2, to: 3, term: 1}, 0, 0))).toEqual([granted({from: 3, to: 2, term: 1})]);
  });
});

describe("who may campaign", () => {
  for (const [members, promotable] of [
    ["1", true],
    ["1 2 3", true],
    ["", false],
    ["2 3", false],
    ["2 3 learners 1", false],
    ["2 3 && 1 2 3", true],
    ["2 3 && 1 2 3 next 1", true],
  ] as const) {
    it(`n1 ${promotable ? "may" : "may not"} in the configuration (${members})`, () => {
      expect(new Alone({conf: conf(members)}).node.promotable).toBe(promotable);
    });
  }

  it("nobody whose snapshot is still on its way to the disk", () => {
    const alone = new Alone();
    const snapshot = {index: 5, term: 1, confState: conf("1 2 3"), data: new Uint8Array()};
    alone.node.step({kind: "InstallSnapshot", from: 2, to: 1, term: 1, snapshot});
    expect(alone.node.promotable).toBe(false);
    const work = alone.node.ready();
    expect([work.append?.snapshot, alone.node.promotable]).toEqual([snapshot, false]);
    alone.storage.applySnapshot(snapshot);
    if (work.append?.receipt !== undefined) alone.node.appended(work.append.receipt);
    expect(alone.node.promotable).toBe(true);
  });
});

describe("every role", () => {
  for (const role of roles) {
    it(`steps down for a request for votes and for an append of a newer term, as ${role}`, () => {
      for (const message of [
        asks({from: 3, to: 1, term: 3}, 9, 2),
        append({from: 3, to: 1, term: 3}, "2", 1),
      ]) {
        const alone = aloneAs(role);
        const {lastIndex} = alone.node;
        alone.take(message);
        const isVote = message.kind === "RequestVote";
        expect([alone.node.role, alone.node.term]).toEqual(["follower", 3]);
        expect([alone.node.leader, alone.node.votedFor]).toEqual(isVote ? [0, 3] : [3, 0]);
        expect(alone.node.lastIndex).toBe(lastIndex);
      }
    });
  }
});
