// n3 misses two elections; n2, which leads, is lost for good as n3 comes back.
//
//   n1   term 3        its pre-votes are granted in term 1
//   n3   term 1        its pre-votes are of an older term

import {preVoteOfOwnTerm as bug, plaque} from "../../../sim/bug/raft/preVoteOfOwnTerm.ts";
import {exhibit} from "../exhibit.ts";
import {lastPuts} from "../lastPuts.ts";

export const preVoteOfOwnTerm = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching", raft: {preVote: true}},
  steps: [
    {id: "n2-leads", timeout: "n2"},
    {id: "without-n3", when: {leader: "n2"}, after: "100ms", split: [["n1", "n2", "c1"], ["n3"]]},
    {id: "n1-leads", client: "c1", op: "move-leader n1", to: "n2"},
    {
      id: "n2-leads-again",
      when: {leader: "n1"},
      after: "100ms",
      client: "c1",
      op: "move-leader n2",
      to: "n1",
    },
    {id: "n2-is-lost", when: {leader: "n2", term: 3}, after: "100ms", fault: "rot", on: "n2", file: "*.wal"},
    {id: "n2-is-gone", crash: "n2"},
    {id: "n3-is-back", heal: "all"},
    ...lastPuts(["n1", "n3"]),
  ],
});
