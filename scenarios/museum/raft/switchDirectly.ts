// Raft's Figure 10. n3 leads and has gone over to five voters with n4 and n5; n1 and n2 have not heard of it.

import {switchDirectly as bug, plaque} from "../../../sim/bug/raft/switchDirectly.ts";
import {exhibit} from "../exhibit.ts";

export const switchDirectly = exhibit(bug, plaque, {
  config: {members: 3, spares: 2, clients: 1, profile: "teaching", raft: {electionTicks: 1000}},
  steps: [
    {id: "n3-leads", timeout: "n3"},
    {
      id: "grow",
      when: {leader: "n3"},
      after: "100ms",
      client: "c1",
      op: "member reconfigure v4 v5",
      as: "grow",
      to: "n3",
    },
    {
      id: "halves",
      when: {entry: "op:#grow", in: "n3", committed: true},
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
