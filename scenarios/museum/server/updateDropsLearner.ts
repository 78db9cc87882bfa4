// A learner moves to another address.

import {updateDropsLearner as bug, plaque} from "../../../sim/bug/server/updateDropsLearner.ts";
import {exhibit} from "../exhibit.ts";

export const updateDropsLearner = exhibit(bug, plaque, {
  config: {members: 3, learners: 1, clients: 1, profile: "teaching"},
  steps: [
    {id: "n1-leads", timeout: "n1"},
    {
      id: "move",
      when: {leader: "n1"},
      after: "100ms",
      client: "c1",
      op: "member update n4 --peer-urls=http://other:2380",
      as: "move",
      to: "n1",
    },
  ],
  linger: "200ms",
});
