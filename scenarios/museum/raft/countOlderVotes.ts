// n2's vote of term 1 is late; n1 campaigns in term 2, in which n2 votes for n3.

import {countOlderVotes as bug, plaque} from "../../../sim/bug/raft/countOlderVotes.ts";
import {exhibit} from "../exhibit.ts";

export const countOlderVotes = exhibit(bug, plaque, {
  config: {members: 3, profile: "teaching", raft: {electionTicks: 1000}},
  steps: [
    {id: "apart", cut: ["n1", "n3"]},
    {id: "n1-asks", timeout: "n1"},
    {
      id: "late",
      when: {sent: {from: "n2", to: "n1", kind: "RequestVoteResponse"}},
      message: {from: "n2", to: "n1", kind: "RequestVoteResponse"},
      do: "hold",
    },
    {id: "unheard", cut: ["n1", "n2"], oneWay: true},
    {id: "n1-asks-again", timeout: "n1"},
    {id: "n3-asks", timeout: "n3"},
    {id: "n3-asks-again", after: "60ms", timeout: "n3"},
    {
      id: "arrives",
      when: {leader: "n3", term: 2},
      message: {from: "n2", to: "n1", kind: "RequestVoteResponse"},
      do: "release",
    },
  ],
});
