// n1 counts its quorum every 150 ms; it is cut off 35 ms after that, and another leads 180 ms later.

import {leaseOnQuorumCredit as bug, plaque} from "../../../sim/bug/raft/leaseOnQuorumCredit.ts";
import {exhibit} from "../exhibit.ts";

export const leaseOnQuorumCredit = exhibit(bug, plaque, {
  config: {
    members: 3,
    clients: 1,
    profile: "teaching",
    raft: {checkQuorum: true},
    network: {peerLatency: "5ms"},
  },
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "cut", when: {leader: "n1"}, after: "185ms", split: [["n1"], ["n2", "n3"]]},
    {id: "again", after: "165ms", timeout: "n2"},
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
