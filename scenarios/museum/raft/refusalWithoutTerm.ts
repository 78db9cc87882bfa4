// n4 and n5 campaigned by themselves before they were given pre-vote; n2 and n3 have what was written meanwhile; n1 is lost for
// good. Any three need both cohorts.

import {refusalWithoutTerm as bug, plaque} from "../../../sim/bug/raft/refusalWithoutTerm.ts";
import {exhibit} from "../exhibit.ts";
import {lastPuts} from "../lastPuts.ts";

export const refusalWithoutTerm = exhibit(bug, plaque, {
  config: {members: 5, clients: 1, profile: "teaching", raft: {preVote: true}},
  steps: [
    {id: "n1-leads", timeout: "n1"},
    {id: "n4-stops", when: {leader: "n1"}, after: "100ms", crash: "n4"},
    {id: "n5-stops", crash: "n5"},
    {
      id: "cohorts",
      split: [
        ["n1", "n2", "n3", "c1"],
        ["n4", "n5"],
      ],
    },
    {id: "n4-without-pre-vote", restart: "n4", with: {raft: {preVote: false}}},
    {id: "n5-without-pre-vote", restart: "n5", with: {raft: {preVote: false}}},
    {id: "write", client: "c1", op: "put x 1", as: "write", to: "n1"},
    {
      id: "n4-stops-again",
      when: {
        all: [
          {term: "n4", atLeast: 4},
          {term: "n5", atLeast: 4},
        ],
      },
      crash: "n4",
    },
    {id: "n5-stops-again", crash: "n5"},
    {id: "n1-is-lost", fault: "rot", on: "n1", file: "*.wal"},
    {id: "n1-is-gone", crash: "n1"},
    {id: "n4-with-pre-vote", restart: "n4", with: {raft: {preVote: true}}},
    {id: "n5-with-pre-vote", restart: "n5", with: {raft: {preVote: true}}},
    {id: "together", heal: "all"},
    ...lastPuts(["n2", "n3", "n4", "n5"]),
  ],
});
