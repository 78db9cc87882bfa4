// n1 leads, is cut off, and takes two writes alone; n2 and then n3 lead. n3's first append follows n2's entry, where n1 has its own.

import {fitAnyLog as bug, plaque} from "../../../sim/bug/raft/fitAnyLog.ts";
import {exhibit} from "../exhibit.ts";

export const fitAnyLog = exhibit(bug, plaque, {
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
    {id: "one", client: "c1", op: "put x 1", to: "n1"},
    {id: "two", client: "c1", op: "put x 2", as: "two", to: "n1"},
    {id: "n2-leads", when: {entry: "op:#two", in: "n1"}, timeout: "n2"},
    {id: "n3-leads", when: {leader: "n2", term: 2}, after: "100ms", timeout: "n3"},
    {id: "joined", when: {leader: "n3", term: 3}, after: "100ms", heal: "all"},
  ],
});
