// n3 is promoted and does not hear of it; n1 is lost for good. n2 needs a vote of n3.

import {learnerRefusesVote as bug, plaque} from "../../../sim/bug/raft/learnerRefusesVote.ts";
import {exhibit} from "../exhibit.ts";
import {lastPuts} from "../lastPuts.ts";

export const learnerRefusesVote = exhibit(bug, plaque, {
  config: {members: 2, learners: 1, clients: 1, profile: "teaching"},
  steps: [
    {id: "n1-leads", timeout: "n1"},
    {id: "apart", when: {leader: "n1"}, after: "100ms", cut: ["n1", "n3"]},
    {id: "promote", client: "c1", op: "member promote n3", as: "promote", to: "n1"},
    {id: "n1-is-lost", when: {member: "n3", is: "voter", at: "n2"}, fault: "rot", on: "n1", file: "*.wal"},
    {id: "n1-is-gone", crash: "n1"},
    ...lastPuts(["n2"]),
  ],
});
