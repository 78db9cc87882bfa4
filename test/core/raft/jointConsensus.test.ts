// Joint consensus (§6, thesis §4.3): from one configuration to any other by way of both. After etcd's raft_test.go, its
// testdata/confchange_v2_*.txt and the issues named.

import {describe, expect, it} from "vitest";
import {changeOf, conf} from "./changes.ts";
import {Cluster} from "./cluster.ts";
import {Alone, aloneAs, electionTicks, granted, holds, only, refusedVote} from "./notation.ts";

const joint = "1 4 5 && 1 2 3";
const from = (member: number, term = 1) => ({from: member, to: 1, term});

/** Entries of a member's log that leave a joint configuration. */
function leaves(cluster: Cluster, id: number): number {
  const node = cluster.node(id);
  let count = 0;
  for (let index = node.firstIndex; index <= node.lastIndex; index++) {
    const entry = node.entryAt(index);
    if (entry?.type === "confChangeV2" && entry.data.length === 0) count++;
  }
  return count;
}

describe("thesis §4.3", () => {
  it("log entries are replicated to all servers in both configurations", () => {
    const alone = aloneAs("leader", {conf: conf("1 4 5 && 1 2 3 learners 6")});
    const rest = alone.node.progress().map(({member}) => member);
    expect(rest).toEqual([1, 2, 3, 4, 5, 6]);
    alone.take(...rest.map((member) => holds(from(member), 1)));
    expect(only(alone.propose("x"), "AppendEntries").map(({to}) => to)).toEqual([2, 3, 4, 5, 6]);
  });

  for (const id of [1, 2, 4]) {
    it(`any server from either configuration may serve as leader: n${id}`, () => {
      const cluster = new Cluster({size: 5, conf: conf(joint)});
      cluster.elect(id);
      cluster.propose(id, "x");
      cluster.settle();
      expect(cluster.roles()[id - 1]).toBe("leader 1");
      expect(cluster.members.map(({node}) => node.commitIndex)).toEqual([2, 2, 2, 2, 2]);
    });
  }

  const quorums: readonly [yes: readonly number[], enough: boolean][] = [
    [[], false],
    [[2, 3], false],
    [[4, 5], false],
    [[2], false],
    [[4], false],
    [[2, 4], true],
    [[3, 5], true],
    [[2, 3, 4], true],
  ];
  for (const [yes, enough] of quorums) {
    const whose = yes.length === 0 ? "nobody" : yes.map((member) => `n${member}`).join(", ");
    it(`agreement requires separate majorities: ${whose} with n1 ${enough ? "are enough" : "are not"}`, () => {
      const candidate = new Alone({conf: conf(joint)});
      candidate.node.campaign();
      expect(only(candidate.drain(), "RequestVote").map(({to}) => to)).toEqual([2, 3, 4, 5]);
      candidate.take(...yes.map((member) => granted(from(member))));
      expect(candidate.node.role).toBe(enough ? "leader" : "candidate");
      const leader = aloneAs("leader", {conf: conf(joint)});
      leader.take(...yes.map((member) => holds(from(member), 1)));
      expect(leader.node.commitIndex).toBe(enough ? 1 : 0);
    });
  }

  it("a candidate has lost when one of the halves cannot grant any more", () => {
    const alone = new Alone({conf: conf(joint)});
    alone.node.campaign();
    alone.drain();
    alone.take(granted(from(2)), granted(from(3)), refusedVote(from(4)));
    expect(alone.node.role).toBe("candidate");
    alone.take(refusedVote(from(5)));
    expect(alone.node.role).toBe("follower");
  });
});

describe("a joint configuration", () => {
  const changed = (transition: "auto" | "implicit" | "explicit"): Cluster => {
    const cluster = new Cluster({size: 5, conf: conf("1 2 3")});
    cluster.elect(1);
    cluster.proposeChange(1, changeOf("v4 v5 r3", {transition}));
    cluster.settle();
    return cluster;
  };

  for (const transition of ["auto", "implicit"] as const) {
    it(`is left as soon as it is applied (${transition})`, () => {
      const cluster = changed(transition);
      for (const id of [1, 2, 4, 5]) expect(cluster.node(id).confState).toEqual(conf("1 2 4 5"));
      expect(leaves(cluster, 1)).toBe(1);
    });
  }

  it("is stayed in until told to leave, if that was the wish (explicit)", () => {
    const cluster = changed("explicit");
    cluster.propose(1, "x");
    cluster.settle();
    for (const {node} of cluster.members) expect(node.confState).toEqual(conf("1 2 4 5 && 1 2 3"));
    cluster.proposeChange(1, changeOf(""));
    cluster.settle();
    expect(cluster.node(1).confState).toEqual(conf("1 2 4 5"));
  });

  it("is left once, though more is proposed and applied meanwhile (etcd #12582)", () => {
    // One entry is applied at a time, so that some are between the joint configuration and its end.
    const cluster = new Cluster({size: 5, conf: conf("1 2 3"), config: {applyingBytesMax: 1}});
    cluster.elect(1);
    cluster.proposeChange(1, changeOf("v4 v5 r3"));
    cluster.propose(1, "a", "b");
    for (let round = 0; round < 20; round++) {
      cluster.round();
      cluster.propose(1, `b${round}`);
    }
    cluster.settle();
    expect([cluster.node(1).confState, leaves(cluster, 1)]).toEqual([conf("1 2 4 5"), 1]);
    // Nor was it proposed in vain: but for that one, only the leader's first entry is empty.
    expect(cluster.member(1).applied.filter(({data}) => data.length === 0).length).toBe(2);
  });

  it("is left by the next leader, if the one that entered it steps down (etcd #12136)", () => {
    const cluster = new Cluster({size: 4, conf: conf("1 2 3")});
    cluster.elect(1);
    cluster.proposeChange(1, changeOf("v4 r1"));
    // All that n1 says after it has applied the joint configuration is lost.
    cluster.settle((message) => {
      const leave = message.kind === "AppendEntries" && message.entries.some(({data}) => data.length === 0);
      return leave && cluster.node(1).confState.autoLeave;
    });
    cluster.isolate(1);
    expect(cluster.node(1).confState).toEqual(conf("2 3 4 && 1 2 3 autoleave"));
    expect([leaves(cluster, 1), leaves(cluster, 2)]).toEqual([1, 0]);
    cluster.elect(2);
    expect(cluster.node(2).role).toBe("leader");
    cluster.tick(2);
    cluster.settle();
    for (const id of [2, 3, 4]) expect(cluster.node(id).confState).toEqual(conf("2 3 4"));
  });

  it("is left after a transfer that did not come about, which kept the leader from proposing it", () => {
    const cluster = new Cluster({size: 4, conf: conf("1 2 3")});
    cluster.elect(1);
    cluster.isolate(3);
    cluster.proposeChange(1, changeOf("v4 r3"));
    cluster.transfer(1, 3);
    cluster.settle();
    expect(cluster.node(1).confState).toEqual(conf("1 2 4 && 1 2 3 autoleave"));
    expect([leaves(cluster, 1), cluster.node(1).transferee]).toEqual([0, 3]);
    cluster.tick(1, electionTicks);
    cluster.propose(1, "x");
    cluster.settle();
    expect([leaves(cluster, 1), cluster.node(1).confState]).toEqual([1, conf("1 2 4")]);
  });

  it("replaces its leader by a newcomer, which takes over within", () => {
    const cluster = new Cluster({size: 4, conf: conf("1 2 3"), config: {checkQuorum: true, preVote: true}});
    cluster.elect(1);
    cluster.proposeChange(1, changeOf("v4 r1", {transition: "explicit"}));
    cluster.settle();
    cluster.transfer(1, 4);
    cluster.settle();
    expect(cluster.roles()).toEqual(["follower 2", "follower 2", "follower 2", "leader 2"]);
    cluster.proposeChange(4, changeOf(""));
    cluster.settle();
    for (const id of [2, 3, 4]) expect(cluster.node(id).confState).toEqual(conf("2 3 4"));
    expect(
      cluster
        .node(4)
        .progress()
        .map(({member}) => member),
    ).toEqual([2, 3, 4]);
  });

  it("keeps the vote of those who will be learners, until it is left", () => {
    const cluster = new Cluster({size: 4, conf: conf("1 2 3")});
    cluster.elect(1);
    cluster.proposeChange(1, changeOf("v4 l3", {transition: "explicit"}));
    cluster.settle();
    expect(cluster.node(3).confState).toEqual(conf("1 2 4 && 1 2 3 next 3"));
    cluster.elect(3);
    expect(cluster.roles()[2]).toBe("leader 2");
    cluster.proposeChange(3, changeOf(""));
    cluster.settle();
    expect(cluster.node(3).confState).toEqual(conf("1 2 4 learners 3"));
    expect(cluster.node(3).promotable).toBe(false);
  });
});
