// A lease lives for some seconds and is checkpointed every second; n3 starts again.

import {checkpointNotStored as bug, plaque} from "../../../sim/bug/lease/checkpointNotStored.ts";
import {exhibit} from "../exhibit.ts";

export const checkpointNotStored = exhibit(bug, plaque, {
  config: {
    members: 3,
    clients: 1,
    profile: "teaching",
    store: {leaseCheckpointEvery: "1s"},
  },
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "grant", when: {leader: "n1"}, client: "c1", op: "lease grant 60 --id 7b", as: "grant", to: "n1"},
    // The first checkpoint is on all disks, the second still to come.
    {id: "stop", when: {op: "op:#grant", is: "done"}, after: "1800ms", crash: "n3"},
    {id: "start", after: "20ms", restart: "n3"},
    {id: "write", after: "50ms", client: "c1", op: "put x 1", to: "n1"},
  ],
});
