// A lease of 14 seconds, checkpointed every two: n1 grants it and n2 takes over at once. Twelve seconds later n3 does.

import {checkpointedOnce as bug, plaque} from "../../../sim/bug/lease/checkpointedOnce.ts";
import {exhibit} from "../exhibit.ts";

export const checkpointedOnce = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching", store: {leaseCheckpointEvery: "2s"}},
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "grant", when: {leader: "n1"}, client: "c1", op: "lease grant 14 --id 7b", as: "grant", to: "n1"},
    {id: "over", when: {op: "op:#grant", is: "done"}, client: "c1", op: "move-leader n2", to: "n1"},
    {id: "again", when: {leader: "n2"}, after: "12s", client: "c1", op: "move-leader n3", to: "n2"},
  ],
  linger: "16s",
});
