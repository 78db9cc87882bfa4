// n1 leads, is cut off, and takes three writes alone; n2 leads and commits one entry. Then n1 asks n3 for its vote.

import {plaque, voteForLongerLog as bug} from "../../../sim/bug/raft/voteForLongerLog.ts";
import {exhibit} from "../exhibit.ts";

export const voteForLongerLog = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching", raft: {electionTicks: 1000}},
  steps: [
    {id: "campaign", timeout: "n1"},
    {
      id: "alone",
      when: {leader: "n1"},
      after: "100ms",
      split: [
        ["n1", "c1"],
        ["n2", "n3"],
      ],
    },
    {id: "one", client: "c1", op: "put x 1", to: "n1"},
    {id: "two", client: "c1", op: "put x 2", to: "n1"},
    {id: "three", client: "c1", op: "put x 3", as: "three", to: "n1"},
    {id: "again", when: {entry: "op:#three", in: "n1"}, timeout: "n2"},
    {id: "without-n2", when: {leader: "n2", term: 2}, after: "100ms", split: [["n1", "n3"], ["n2"]]},
    {id: "back", crash: "n1"},
    {id: "restart", after: "20ms", restart: "n1"},
    {id: "n1-asks", after: "20ms", timeout: "n1"},
    {id: "n1-asks-again", after: "60ms", timeout: "n1"},
  ],
});
