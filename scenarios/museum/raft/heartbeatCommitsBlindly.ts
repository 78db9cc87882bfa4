// n1 leads, is cut off, and takes a write alone; n2 leads and commits another entry at that index. Then n1 hears a heartbeat.

import {heartbeatCommitsBlindly as bug, plaque} from "../../../sim/bug/raft/heartbeatCommitsBlindly.ts";
import {exhibit} from "../exhibit.ts";

export const heartbeatCommitsBlindly = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching", raft: {electionTicks: 1000}},
  steps: [
    {id: "campaign", timeout: "n1"},
    {
      id: "alone",
      when: {leader: "n1"},
      after: "100ms",
      split: [
        ["n1", "c1"],
        ["n2", "n3"],
      ],
    },
    {id: "write", client: "c1", op: "put x 1", as: "write", to: "n1"},
    {id: "again", when: {entry: "op:#write", in: "n1"}, timeout: "n2"},
    {id: "joined", when: {leader: "n2", term: 2}, after: "100ms", heal: "all"},
  ],
});
