// n1 hands over to n2 and is cut off; its quorum answered a moment ago.

import {leaseWhileHandingOver as bug, plaque} from "../../../sim/bug/raft/leaseWhileHandingOver.ts";
import {exhibit} from "../exhibit.ts";

export const leaseWhileHandingOver = exhibit(bug, plaque, {
  config: {
    members: 3,
    clients: 1,
    profile: "teaching",
    raft: {checkQuorum: true},
    network: {peerLatency: "5ms"},
  },
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "hand-over", when: {leader: "n1"}, after: "100ms", client: "c1", op: "move-leader n2", to: "n1"},
    {id: "cut", when: {role: "n2", is: "candidate"}, split: [["n1"], ["n2", "n3"]]},
    {id: "write", when: {leader: "n2"}, client: "c1", op: "put x 1", as: "write", to: "n2"},
    {id: "read", when: {op: "op:#write", is: "done"}, client: "c1", op: "get x", to: "n1"},
  ],
});
