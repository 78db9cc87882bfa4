// n3 is away; of two entries that n1 sends n2 the second is lost.

import {matchWholeLog as bug, plaque} from "../../../sim/bug/raft/matchWholeLog.ts";
import {exhibit} from "../exhibit.ts";

export const matchWholeLog = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching", raft: {electionTicks: 1000}},
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "without-n3", when: {leader: "n1"}, after: "100ms", split: [["n1", "n2", "c1"], ["n3"]]},
    {id: "first", client: "c1", op: "put x 1", as: "first", to: "n1"},
    {id: "second", client: "c1", op: "put y 1", as: "second", to: "n1"},
    {
      id: "lost",
      when: {
        all: [
          {entry: "op:#first", in: "n1"},
          {entry: "op:#second", in: "n1"},
        ],
      },
      message: {from: "n1", to: "n2", kind: "AppendEntries", nth: 2},
      do: "drop",
    },
  ],
});
