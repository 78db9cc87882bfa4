// n1's election timeout takes 375 ms by a true clock; it counts its quorum, hears from it once more, and is cut off.

import {leaseOnSlowClock as bug, plaque} from "../../../sim/bug/raft/leaseOnSlowClock.ts";
import {exhibit} from "../exhibit.ts";

export const leaseOnSlowClock = exhibit(bug, plaque, {
  config: {
    members: 3,
    clients: 1,
    profile: "teaching",
    raft: {checkQuorum: true},
    network: {peerLatency: "5ms"},
  },
  steps: [
    {id: "slow", clock: "n1", rate: 400000},
    {id: "campaign", timeout: "n1"},
    {id: "cut", when: {leader: "n1"}, after: "420ms", split: [["n1"], ["n2", "n3"]]},
    {id: "again", after: "135ms", timeout: "n2"},
    {
      id: "write",
      when: {any: [{leader: "n2"}, {leader: "n3"}]},
      client: "c1",
      op: "put x 1",
      as: "write",
      to: "leader",
    },
    {id: "read", when: {op: "op:#write", is: "done"}, client: "c1", op: "get x", to: "n1"},
  ],
});
