// A write is answered; n1 is gone, n2 leads, and is asked.

import {applyAsLeaderAlone as bug, plaque} from "../../../sim/bug/server/applyAsLeaderAlone.ts";
import {exhibit} from "../exhibit.ts";

export const applyAsLeaderAlone = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching", raft: {electionTicks: 1000}},
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "write", when: {leader: "n1"}, after: "100ms", client: "c1", op: "put x 1", as: "write", to: "n1"},
    {id: "cut", when: {op: "op:#write", is: "done"}, after: "100ms", split: [["n1"], ["n2", "n3"]]},
    {id: "again", timeout: "n2"},
    {id: "read", when: {leader: "n2"}, after: "100ms", client: "c1", op: "get x", to: "n2"},
  ],
});
