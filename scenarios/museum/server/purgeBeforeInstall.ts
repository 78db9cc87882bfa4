// n3 is slow to put a snapshot in use. Meanwhile it is away again for so long that it needs another.

import {purgeBeforeInstall as bug, plaque} from "../../../sim/bug/server/purgeBeforeInstall.ts";
import {exhibit} from "../exhibit.ts";

export const purgeBeforeInstall = exhibit(bug, plaque, {
  config: {
    members: 3,
    clients: 1,
    profile: "teaching",
    raft: {snapshotEvery: 4, snapshotKeep: 1},
    pausePoints: ["beforeApplyOneEntryNormal", "applyBeforeOpenSnapshot"],
  },
  load: [
    {
      load: "loop",
      by: "c1",
      ops: ["put a {n}"],
      rest: "10ms",
      from: {step: "without-n3"},
      until: {step: "rejoined"},
    },
  ],
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "slowly", slow: "install", on: "n3", factor: 1000},
    {
      id: "without-n3",
      when: {leader: "n1"},
      after: "100ms",
      split: [["n1", "n2", "c1"], ["n3"]],
    },
    {id: "joined", when: {snapshot: "n1"}, heal: "all"},
    {
      id: "without-n3-again",
      when: {snapshot: "n3", received: true},
      split: [["n1", "n2", "c1"], ["n3"]],
    },
    {id: "rejoined", after: "600ms", heal: "all"},
  ],
  linger: "3s",
});
