// n3 is away until the log that it needs is gone; the snapshot that it is sent gets lost.

import {snapshotUnreported as bug, plaque} from "../../../sim/bug/server/snapshotUnreported.ts";
import {exhibit} from "../exhibit.ts";
import {lastPuts} from "../lastPuts.ts";

export const snapshotUnreported = exhibit(bug, plaque, {
  config: {
    members: 3,
    clients: 1,
    profile: "teaching",
    raft: {electionTicks: 1000, snapshotEvery: 4, snapshotKeep: 1},
  },
  load: [{load: "loop", by: "c1", ops: ["put x {n}"], from: {step: "without-n3"}, until: {step: "together"}}],
  steps: [
    {id: "n1-leads", timeout: "n1"},
    {id: "without-n3", when: {leader: "n1"}, after: "100ms", split: [["n1", "n2", "c1"], ["n3"]]},
    {id: "together", when: {snapshot: "n1", atLeast: 8}, heal: "all"},
    {
      id: "lost",
      when: {sent: {to: "n3", kind: "InstallSnapshot"}},
      message: {to: "n3", kind: "InstallSnapshot"},
      do: "drop",
    },
    ...lastPuts(["n1", "n2", "n3"]),
  ],
});
