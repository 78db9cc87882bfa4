// n1 leads and is asked to remove itself. A removed member stops after a second; what is asked here comes later.

import {removedLeaderLeadsOn as bug, plaque} from "../../../sim/bug/server/removedLeaderLeadsOn.ts";
import {exhibit} from "../exhibit.ts";
import {lastPuts} from "../lastPuts.ts";

export const removedLeaderLeadsOn = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching"},
  steps: [
    {id: "n1-leads", timeout: "n1"},
    {
      id: "remove",
      when: {leader: "n1"},
      after: "100ms",
      client: "c1",
      op: "member remove n1",
      as: "remove",
      to: "n1",
    },
    ...lastPuts(["n2", "n3"], "3s"),
  ],
});
