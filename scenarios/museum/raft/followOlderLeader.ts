// n1's append to n3 is late; n2 leads, and commits its own entry at that index with n3.

import {followOlderLeader as bug, plaque} from "../../../sim/bug/raft/followOlderLeader.ts";
import {exhibit} from "../exhibit.ts";

export const followOlderLeader = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching", raft: {electionTicks: 1000}},
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "apart", when: {leader: "n1"}, after: "100ms", cut: ["n1", "n2"]},
    {id: "write", client: "c1", op: "put x 1", as: "write", to: "n1"},
    {
      id: "late",
      when: {entry: "op:#write", in: "n1"},
      message: {from: "n1", to: "n3", kind: "AppendEntries"},
      do: "hold",
    },
    {id: "again", timeout: "n2"},
    {
      id: "arrives",
      when: {entry: "entry:n2/2", in: "n2", committed: true},
      message: {from: "n1", to: "n3", kind: "AppendEntries"},
      do: "release",
    },
  ],
});
