// n3 is away and n1's disk is slow; n2's acknowledgement is enough. n1 loses power and its entry, and n3 leads.

import {countOwnBeforeSync as bug, plaque} from "../../../sim/bug/raft/countOwnBeforeSync.ts";
import {exhibit} from "../exhibit.ts";

export const countOwnBeforeSync = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching", raft: {electionTicks: 1000}},
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "without-n3", when: {leader: "n1"}, after: "100ms", split: [["n1", "n2", "c1"], ["n3"]]},
    {id: "slow", fault: "slow", on: "n1", factor: 100},
    {id: "forgets", fault: "loseUnsynced", on: "n1"},
    {id: "write", client: "c1", op: "put x 1", as: "write", to: "n1"},
    {id: "power", when: {entry: "op:#write", in: "n2"}, after: "20ms", crash: "n1"},
    {id: "without-n2", split: [["n1", "n3"], ["n2"]]},
    {id: "fast", fault: "mend", on: "n1"},
    {id: "back", restart: "n1"},
    {id: "again", timeout: "n3"},
  ],
});
