// c1 asks n1 how long its lease lives; n1 takes its time, and leads no more as it looks.

import {plaque, restOfForever as bug} from "../../../sim/bug/lease/restOfForever.ts";
import {exhibit} from "../exhibit.ts";

export const restOfForever = exhibit(bug, plaque, {
  config: {members: 3, clients: 2, profile: "teaching", pausePoints: ["beforeLookupWhenLeaseTimeToLive"]},
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "slow", when: {leader: "n1"}, slow: "lease", on: "n1", factor: 300},
    {id: "grant", client: "c1", op: "lease grant 60 --id 7b", as: "grant", to: "n1"},
    {
      id: "ask",
      when: {op: "op:#grant", is: "done"},
      client: "c1",
      op: "lease timetolive 7b",
      as: "ask",
      to: "n1",
    },
    {id: "move", after: "20ms", client: "c2", op: "move-leader n2", to: "n1"},
  ],
});
