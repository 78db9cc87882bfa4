// n3 is away; n1 sends n2 two entries, the first of them twice. The second copy comes when both are committed.

import {plaque, truncateOnOldAppend as bug} from "../../../sim/bug/raft/truncateOnOldAppend.ts";
import {exhibit} from "../exhibit.ts";

export const truncateOnOldAppend = exhibit(bug, plaque, {
  config: {
    members: 3,
    clients: 1,
    profile: "teaching",
    raft: {electionTicks: 1000},
    network: {peerLatency: "10ms"},
  },
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "without-n3", when: {leader: "n1"}, after: "100ms", split: [["n1", "n2", "c1"], ["n3"]]},
    {id: "first", client: "c1", op: "put x 1", as: "first", to: "n1"},
    {id: "second", client: "c1", op: "put y 1", as: "second", to: "n1"},
    {
      id: "twice",
      when: {sent: {from: "n1", to: "n2", kind: "AppendEntries"}},
      message: {from: "n1", to: "n2", kind: "AppendEntries"},
      do: "duplicate",
    },
    {id: "late", message: {from: "n1", to: "n2", kind: "AppendEntries"}, do: {delay: "18ms"}},
  ],
});
