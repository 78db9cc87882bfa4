// The example of 2015. n1 adds n5, in a log that n5 alone shares; n2, elected by the others, removes n1 and needs two of three.
//
//            n1 leads term 1    n2 leads term 2         n1 leads again
//   n1       1 +n5              1 +n5                   by n1, n4, n5: three of five
//   n2       1                  1 2 -n1 [committed]
//   n3       1                  1 2 -n1
//   n4       1                  1
//   n5       1 +n5              1 +n5

import {changeBeforeOwnCommit as bug, plaque} from "../../../sim/bug/raft/changeBeforeOwnCommit.ts";
import {exhibit} from "../exhibit.ts";

export const changeBeforeOwnCommit = exhibit(bug, plaque, {
  config: {members: 4, spares: 1, clients: 2, profile: "teaching", raft: {electionTicks: 1000}},
  steps: [
    {id: "n1-leads", timeout: "n1"},
    {
      id: "apart",
      when: {leader: "n1"},
      after: "100ms",
      split: [
        ["n1", "n5", "c1"],
        ["n2", "n3", "n4", "c2"],
      ],
    },
    {id: "start-n5", restart: "n5"},
    {id: "add-n5", client: "c1", op: "member add n5", as: "add-n5", to: "n1"},
    {id: "n2-leads", after: "200ms", timeout: "n2"},
    {id: "without-n4", when: {leader: "n2", term: 2}, cut: ["n2", "n4"]},
    {id: "remove-n1", client: "c2", op: "member remove n1", as: "remove-n1", to: "n2"},
    {
      id: "others",
      after: "200ms",
      split: [
        ["n1", "n4", "n5"],
        ["n2", "n3"],
      ],
    },
    // It lacks n1's entry and is refused; but n1 hears that there are newer terms.
    {id: "n4-asks", timeout: "n4"},
    {id: "n1-asks", after: "100ms", timeout: "n1"},
  ],
  linger: "60ms",
});
