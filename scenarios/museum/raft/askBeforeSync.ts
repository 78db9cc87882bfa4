// n1 holds entry 2, which is committed without it, in memory alone; asks n2 for its vote; loses power; and campaigns again as n2's answer comes.

import {askBeforeSync as bug, plaque} from "../../../sim/bug/raft/askBeforeSync.ts";
import {exhibit} from "../exhibit.ts";

export const askBeforeSync = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching", raft: {electionTicks: 1000}},
  steps: [
    {id: "campaign", timeout: "n3"},
    {id: "write", when: {leader: "n3"}, after: "100ms", client: "c1", op: "put x 1", as: "write", to: "n3"},
    {
      id: "late",
      when: {entry: "op:#write", in: "n3"},
      message: {from: "n3", to: "n1", kind: "AppendEntries"},
      do: {delay: "25ms"},
    },
    {id: "slow", link: ["n2", "n1"], set: {latency: "100ms"}, oneWay: true},
    {id: "forgets", fault: "loseUnsynced", on: "n1"},
    {id: "alone", when: {entry: "op:#write", in: "n1"}, split: [["n1", "n2"], ["n3"]]},
    {id: "asks", timeout: "n1"},
    {id: "power", crash: "n1"},
    {id: "back", after: "20ms", restart: "n1"},
    {id: "asks-again", after: "20ms", timeout: "n1"},
  ],
});
