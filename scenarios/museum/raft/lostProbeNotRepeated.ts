// The first entry that n1 sends to n3 is lost.

import {lostProbeNotRepeated as bug, plaque} from "../../../sim/bug/raft/lostProbeNotRepeated.ts";
import {exhibit} from "../exhibit.ts";
import {lastPuts} from "../lastPuts.ts";

export const lostProbeNotRepeated = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching"},
  steps: [
    {id: "n1-leads", timeout: "n1"},
    {id: "lost", when: {leader: "n1"}, message: {from: "n1", to: "n3", kind: "AppendEntries"}, do: "drop"},
    ...lastPuts(["n1", "n2", "n3"]),
  ],
});
