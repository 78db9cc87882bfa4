// The window is one message, and that is lost.

import {fullWindowUnprobed as bug, plaque} from "../../../sim/bug/raft/fullWindowUnprobed.ts";
import {exhibit} from "../exhibit.ts";
import {lastPuts} from "../lastPuts.ts";

export const fullWindowUnprobed = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching", raft: {electionTicks: 1000, inflightMax: 1}},
  steps: [
    {id: "n1-leads", timeout: "n1"},
    {
      id: "lost",
      when: {progress: "n3", is: "replicate"},
      after: "100ms",
      message: {from: "n1", to: "n3", kind: "AppendEntries"},
      do: "drop",
      while: {not: {op: "op:#write", is: "done"}},
    },
    {id: "write", client: "c1", op: "put x 1", as: "write", to: "n1"},
    ...lastPuts(["n1", "n2", "n3"]),
  ],
});
