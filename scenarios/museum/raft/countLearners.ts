// n2 and n3 are away; n1 has the learner n4.

import {countLearners as bug, plaque} from "../../../sim/bug/raft/countLearners.ts";
import {exhibit} from "../exhibit.ts";

export const countLearners = exhibit(bug, plaque, {
  config: {members: 3, learners: 1, clients: 1, profile: "teaching", raft: {electionTicks: 1000}},
  steps: [
    {id: "campaign", timeout: "n1"},
    {
      id: "apart",
      when: {leader: "n1"},
      after: "100ms",
      split: [
        ["n1", "n4", "c1"],
        ["n2", "n3"],
      ],
    },
    {id: "write", client: "c1", op: "put x 1", as: "write", to: "n1"},
  ],
});
