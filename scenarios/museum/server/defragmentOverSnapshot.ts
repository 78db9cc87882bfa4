// n3 is cut off and slowly defragmented; when it is back, a snapshot overtakes it. Then n3 restarts.

import {defragmentOverSnapshot as bug, plaque} from "../../../sim/bug/server/defragmentOverSnapshot.ts";
import {exhibit} from "../exhibit.ts";

export const defragmentOverSnapshot = exhibit(bug, plaque, {
  config: {
    members: 3,
    clients: 2,
    profile: "teaching",
    raft: {snapshotEvery: 4, snapshotKeep: 1},
    pausePoints: ["beforeApplyOneEntryNormal", "defragBeforeRename"],
  },
  steps: [
    {id: "campaign", timeout: "n1"},
    {
      id: "without-n3",
      when: {leader: "n1"},
      after: "100ms",
      split: [
        ["n1", "n2", "c1"],
        ["n3", "c2"],
      ],
    },
    {id: "slowly", slow: "defragment", on: "n3", factor: 1000},
    {id: "defragment", client: "c2", op: "defrag", to: "n3"},
    {id: "one", client: "c1", op: "put a 1", as: "one", to: "n1"},
    {id: "two", when: {op: "op:#one", is: "done"}, client: "c1", op: "put a 2", as: "two", to: "n1"},
    {id: "three", when: {op: "op:#two", is: "done"}, client: "c1", op: "put a 3", as: "three", to: "n1"},
    {id: "four", when: {op: "op:#three", is: "done"}, client: "c1", op: "put a 4", as: "four", to: "n1"},
    {id: "five", when: {op: "op:#four", is: "done"}, client: "c1", op: "put a 5", as: "five", to: "n1"},
    {id: "joined", when: {snapshot: "n1"}, heal: "all"},
    {id: "power", when: {snapshot: "n3", received: true}, after: "2s", crash: "n3"},
    {id: "back", restart: "n3"},
  ],
});
