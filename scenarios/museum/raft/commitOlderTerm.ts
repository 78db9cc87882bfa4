// Raft's Figure 8.
//
//        n1 leads    n5 leads       n1 leads again          n5 leads again
//   n1   1 2         1 2            1 2 [committed]         1 3
//   n2   1 2         1 2            1 2                     1 3
//   n3   1           1              1 2                     1 3
//   n4   1           1              1                       1 3
//   n5   1           1 3            1 3                     1 3

import {commitOlderTerm as bug, plaque} from "../../../sim/bug/raft/commitOlderTerm.ts";
import {exhibit} from "../exhibit.ts";

export const commitOlderTerm = exhibit(bug, plaque, {
  // One entry in a message, one message on its way: the old entry reaches n3 before the new term's is sent behind it. Nobody
  // campaigns by itself.
  config: {
    members: 5,
    clients: 1,
    profile: "teaching",
    raft: {electionTicks: 1000, messageBytesMax: 1, inflightMax: 1},
    network: {peerLatency: "10ms"},
  },
  steps: [
    {id: "n1-leads", timeout: "n1"},
    {
      id: "with-n2",
      when: {leader: "n1"},
      after: "100ms",
      split: [
        ["n1", "n2", "c1"],
        ["n3", "n4", "n5"],
      ],
    },
    {id: "write", client: "c1", op: "put x 1", as: "write", to: "n1"},
    {id: "n1-is-gone", when: {entry: "op:#write", in: "n2"}, crash: "n1"},
    {id: "n5-leads", timeout: "n5"},
    {id: "alone", when: {leader: "n5", term: 2}, split: [["n5"], ["n1", "n2", "n3", "n4"]]},
    {id: "n5-is-gone", after: "50ms", crash: "n5"},
    {id: "n1-is-back", restart: "n1"},
    {id: "joined", heal: "all"},
    // The others voted for n5 in this term already.
    {id: "refused", timeout: "n1"},
    {id: "n1-leads-again", after: "60ms", timeout: "n1"},
    {id: "by-counting", when: {entry: "op:#write", in: "a majority"}, after: "14ms", wait: true},
    {id: "n1-is-away", split: [["n1"], ["n2", "n3", "n4", "n5"]]},
    {id: "n5-is-back", restart: "n5"},
    {id: "n5-asks", timeout: "n5"},
    {id: "n5-asks-again", after: "60ms", timeout: "n5"},
  ],
});
