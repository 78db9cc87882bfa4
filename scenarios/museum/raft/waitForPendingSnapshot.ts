// The message with n3's next entry is late, those that follow are lost, and the log is compacted up to that entry. n3 is sent a
// snapshot, which does not come; the late message does.

import {waitForPendingSnapshot as bug, plaque} from "../../../sim/bug/raft/waitForPendingSnapshot.ts";
import {exhibit} from "../exhibit.ts";
import {lastPuts} from "../lastPuts.ts";

export const waitForPendingSnapshot = exhibit(bug, plaque, {
  config: {
    members: 3,
    clients: 1,
    profile: "teaching",
    raft: {electionTicks: 1000, snapshotEvery: 8, snapshotKeep: 6},
  },
  load: [{load: "loop", by: "c1", ops: ["put x {n}"], from: {step: "lost"}, until: {step: "compacted"}}],
  steps: [
    {id: "n1-leads", timeout: "n1"},
    {
      id: "first",
      when: {progress: "n3", is: "replicate"},
      after: "100ms",
      client: "c1",
      op: "put x 0",
      as: "first",
      to: "n1",
    },
    {
      id: "late",
      when: {entry: "op:#first", in: "n1"},
      message: {from: "n1", to: "n3", kind: "AppendEntries"},
      do: "hold",
    },
    {id: "lost", cut: ["n1", "n3"]},
    {id: "compacted", when: {snapshot: "n1"}, heal: ["n1", "n3"]},
    {
      id: "on-its-way",
      when: {sent: {to: "n3", kind: "InstallSnapshot"}},
      message: {to: "n3", kind: "InstallSnapshot"},
      do: "hold",
    },
    {id: "arrives", after: "100ms", message: {from: "n1", to: "n3", kind: "AppendEntries"}, do: "release"},
    ...lastPuts(["n1", "n2", "n3"]),
  ],
});
