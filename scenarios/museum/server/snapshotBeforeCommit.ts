// Every put fills a segment of the log; after four of them a snapshot lets the oldest go. Then the power goes.

import {snapshotBeforeCommit as bug, plaque} from "../../../sim/bug/server/snapshotBeforeCommit.ts";
import {exhibit} from "../exhibit.ts";

export const snapshotBeforeCommit = exhibit(bug, plaque, {
  config: {
    members: 1,
    clients: 1,
    profile: "teaching",
    raft: {snapshotEvery: 4, snapshotKeep: 1},
    store: {walSegmentBytes: 1024, commitEvery: "10s", snapshotFilesMax: 1},
  },
  load: [{load: "loop", by: "c1", ops: [`put a ${"v".repeat(1000)}`], until: {step: "power"}}],
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "forgets", fault: "loseUnsynced", on: "n1"},
    {id: "power", when: {snapshot: "n1"}, after: "100ms", crash: "n1"},
    {id: "back", restart: "n1"},
  ],
});
