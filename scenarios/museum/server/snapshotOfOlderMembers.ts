// n4 is added after a snapshot was kept, and the beginning of the log is gone.

import {snapshotOfOlderMembers as bug, plaque} from "../../../sim/bug/server/snapshotOfOlderMembers.ts";
import {exhibit} from "../exhibit.ts";
import {lastPuts} from "../lastPuts.ts";

export const snapshotOfOlderMembers = exhibit(bug, plaque, {
  config: {
    members: 3,
    spares: 1,
    clients: 1,
    profile: "teaching",
    raft: {electionTicks: 1000, snapshotEvery: 8, snapshotKeep: 1},
  },
  load: [{load: "loop", by: "c1", ops: ["put x {n}"], from: {step: "filled"}, until: {step: "add-n4"}}],
  steps: [
    {id: "n1-leads", timeout: "n1"},
    {id: "filled", when: {leader: "n1"}, after: "100ms", wait: true},
    {
      id: "add-n4",
      when: {snapshot: "n1"},
      client: "c1",
      op: "member add n4 --learner",
      as: "add-n4",
      to: "n1",
    },
    {id: "start-n4", when: {op: "op:#add-n4", is: "done"}, restart: "n4"},
    ...lastPuts(["n1", "n2", "n3"]),
  ],
});
