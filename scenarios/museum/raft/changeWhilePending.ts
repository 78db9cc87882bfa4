// n4 and n5 are added at the same moment. n3, which leads, has applied both; n1 and n2 have not heard that they are committed.

import {changeWhilePending as bug, plaque} from "../../../sim/bug/raft/changeWhilePending.ts";
import {exhibit} from "../exhibit.ts";

export const changeWhilePending = exhibit(bug, plaque, {
  config: {members: 3, spares: 2, clients: 1, profile: "teaching", raft: {electionTicks: 1000}},
  steps: [
    {id: "n3-leads", timeout: "n3"},
    {
      id: "add-n4",
      when: {leader: "n3"},
      after: "100ms",
      client: "c1",
      op: "member add n4",
      as: "add-n4",
      to: "n3",
    },
    {id: "add-n5", client: "c1", op: "member add n5", as: "add-n5", to: "n3"},
    {
      id: "halves",
      when: {member: "n4", is: "voter", at: "n3"},
      after: "4ms",
      split: [
        ["n1", "n2"],
        ["n3", "n4", "n5"],
      ],
    },
    {id: "start-n4", restart: "n4"},
    {id: "start-n5", restart: "n5"},
    {id: "n1-asks", after: "500ms", timeout: "n1"},
    {id: "n4-asks", timeout: "n4"},
  ],
  linger: "60ms",
});
