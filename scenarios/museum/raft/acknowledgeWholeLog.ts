// n1 leads, is cut off, and takes a write alone; n2 leads, and n1 acknowledges that entry to it. n2's own entry at that index counts as held by both.

import {acknowledgeWholeLog as bug, plaque} from "../../../sim/bug/raft/acknowledgeWholeLog.ts";
import {exhibit} from "../exhibit.ts";

export const acknowledgeWholeLog = exhibit(bug, plaque, {
  config: {members: 3, clients: 2, profile: "teaching", raft: {electionTicks: 1000}},
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "first", when: {leader: "n1"}, after: "100ms", client: "c1", op: "put x 1", as: "first", to: "n1"},
    {
      id: "alone",
      when: {op: "op:#first", is: "done"},
      after: "100ms",
      split: [
        ["n1", "c1"],
        ["n2", "n3", "c2"],
      ],
    },
    {id: "lost", client: "c1", op: "put x 2", as: "lost", to: "n1"},
    {id: "n2-leads", when: {entry: "op:#lost", in: "n1"}, timeout: "n2"},
    {id: "slow", link: ["n1", "n2"], set: {latency: "40ms"}, oneWay: true},
    {
      id: "joined",
      when: {leader: "n2", term: 2},
      after: "100ms",
      split: [
        ["n1", "n2", "c2"],
        ["n3", "c1"],
      ],
    },
    {
      id: "apart",
      when: {sent: {from: "n1", to: "n2", kind: "AppendEntriesResponse"}},
      cut: ["n2", "n1"],
      oneWay: true,
    },
    {id: "write", after: "20ms", client: "c2", op: "put x 3", as: "write", to: "n2"},
  ],
});
