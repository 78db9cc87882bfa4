// Two of five cannot reach the three others; n2's vote for n1 comes twice, and n5 has the others'.

import {countMessages as bug, plaque} from "../../../sim/bug/raft/countMessages.ts";
import {exhibit} from "../exhibit.ts";

export const countMessages = exhibit(bug, plaque, {
  config: {members: 5, profile: "teaching", raft: {electionTicks: 1000}},
  steps: [
    {
      id: "apart",
      split: [
        ["n1", "n2"],
        ["n3", "n4", "n5"],
      ],
    },
    {id: "n1-asks", timeout: "n1"},
    {id: "n5-asks", timeout: "n5"},
    {
      id: "twice",
      when: {sent: {from: "n2", to: "n1", kind: "RequestVoteResponse"}},
      message: {from: "n2", to: "n1", kind: "RequestVoteResponse"},
      do: "duplicate",
    },
  ],
});
