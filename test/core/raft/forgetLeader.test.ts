// A follower told to take its leader for gone. After etcd's testdata/forget_leader*.txt.

import {describe, expect, it} from "vitest";
import {conf} from "./changes.ts";
import {Cluster} from "./cluster.ts";
import {Alone, aloneAs, append, asks, asksPreVote, electionTicks, heartbeat, roles} from "./notation.ts";

const address = {from: 2, to: 1, term: 1};
const leased = {checkQuorum: true, preVote: true};

describe("to forget the leader", () => {
  it("leaves term, vote, role and timer as they are", () => {
    const alone = new Alone({hard: {term: 1, votedFor: 2}});
    alone.take(heartbeat(address));
    alone.ticks(4);
    const {ticksToElection} = alone.node;
    alone.node.forgetLeader();
    const {node} = alone;
    expect([node.role, node.term, node.votedFor, node.leader]).toEqual(["follower", 1, 2, 0]);
    expect(node.ticksToElection).toEqual(ticksToElection);
    expect(alone.drain()).toEqual([]);
  });

  it("lasts until that leader is heard again", () => {
    for (const message of [heartbeat(address), append(address, "1", 0)]) {
      const alone = new Alone();
      alone.take(message);
      alone.node.forgetLeader();
      expect(alone.node.leader).toBe(0);
      alone.take(message);
      expect(alone.node.leader).toBe(2);
    }
  });

  for (const role of roles) {
    if (role === "follower") continue;
    it(`means nothing to a ${role}`, () => {
      const alone = aloneAs(role);
      const before = [alone.node.role, alone.node.term, alone.node.leader];
      alone.node.forgetLeader();
      expect([alone.node.role, alone.node.term, alone.node.leader]).toEqual(before);
      expect(alone.node.hasReady()).toBe(false);
    });
  }

  it("means nothing to a follower that knows none, and something to a learner", () => {
    const alone = new Alone({id: 1, conf: conf("2 3 learners 1")});
    alone.node.forgetLeader();
    expect(alone.node.leader).toBe(0);
    alone.take(heartbeat(address));
    alone.node.forgetLeader();
    expect(alone.node.leader).toBe(0);
  });

  it("makes it drop proposals, which it would have handed on", () => {
    const alone = new Alone();
    alone.take(heartbeat(address));
    expect(alone.node.propose([new Uint8Array(1)]).ok).toBe(true);
    alone.node.forgetLeader();
    expect(alone.node.propose([new Uint8Array(1)])).toEqual({ok: false, error: "proposalDropped"});
  });

  it("lets it promise its vote within the leader's lease, to a log that is not behind", () => {
    const ask = (forget: boolean, lastLogIndex: number) => {
      const alone = new Alone({log: "1 1", config: leased, draw: () => electionTicks - 1});
      alone.take(heartbeat(address));
      if (forget) alone.node.forgetLeader();
      return alone.take(asksPreVote({from: 3, to: 1, term: 2}, lastLogIndex, 1));
    };
    expect(ask(false, 2)).toEqual([]);
    expect(ask(true, 2)).toMatchObject([{to: 3, voteGranted: true}]);
    expect(ask(true, 1)).toMatchObject([{to: 3, voteGranted: false}]);
  });

  it("gives no second vote in the term", () => {
    const alone = new Alone({hard: {term: 1, votedFor: 2}});
    alone.take(heartbeat(address));
    alone.node.forgetLeader();
    expect(alone.take(asks({from: 3, to: 1, term: 1}, 9, 1))).toMatchObject([{voteGranted: false}]);
  });

  it("elects another at once, when a quorum does it", () => {
    for (const forgetful of [[], [2], [2, 3]]) {
      const cluster = new Cluster({size: 3, config: leased});
      cluster.elect(1);
      for (const id of forgetful) cluster.act(id, (node) => node.forgetLeader());
      cluster.elect(2);
      const won = forgetful.length === 2;
      expect(cluster.roles()).toEqual(
        won ? ["follower 2", "leader 2", "follower 2"] : ["leader 1", "preCandidate 1", "follower 1"],
      );
    }
  });

  it("is refused where reads rely on the lease", () => {
    const alone = new Alone({config: {checkQuorum: true, readOnly: "leaseBased"}});
    alone.take(heartbeat(address));
    alone.node.forgetLeader();
    expect(alone.node.leader).toBe(2);
  });
});
