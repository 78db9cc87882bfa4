// n3 was away for long, and needs a snapshot. It loses power before the snapshot's files are written.

import {logBeforeSnapshot as bug, plaque} from "../../../sim/bug/server/logBeforeSnapshot.ts";
import {exhibit} from "../exhibit.ts";

export const logBeforeSnapshot = exhibit(bug, plaque, {
  config: {
    members: 3,
    clients: 1,
    profile: "teaching",
    raft: {snapshotEvery: 4, snapshotKeep: 1},
    pausePoints: ["beforeApplyOneEntryNormal", "raftBeforeSaveSnap"],
  },
  steps: [
    {id: "campaign", timeout: "n1"},
    {
      id: "without-n3",
      when: {leader: "n1"},
      after: "100ms",
      split: [["n1", "n2", "c1"], ["n3"]],
    },
    {id: "one", client: "c1", op: "put a 1", as: "one", to: "n1"},
    {id: "two", when: {op: "op:#one", is: "done"}, client: "c1", op: "put a 2", as: "two", to: "n1"},
    {id: "three", when: {op: "op:#two", is: "done"}, client: "c1", op: "put a 3", as: "three", to: "n1"},
    {id: "four", when: {op: "op:#three", is: "done"}, client: "c1", op: "put a 4", as: "four", to: "n1"},
    {id: "power", crashAt: "raftBeforeSaveSnap", on: "n3"},
    {id: "joined", when: {snapshot: "n1"}, heal: "all"},
    {id: "back", when: {role: "n3", is: "crashed"}, restart: "n3"},
  ],
});
