// n2 campaigned alone before it was given pre-vote; n3 has what was written meanwhile; n1 is lost for good.
//
//   n2   term 5 or so, log 1        its pre-votes: refused, the log is shorter
//   n3   term 1, log 1 2            its pre-votes: of an older term

import {olderPreVoteUnanswered as bug, plaque} from "../../../sim/bug/raft/olderPreVoteUnanswered.ts";
import {exhibit} from "../exhibit.ts";
import {lastPuts} from "../lastPuts.ts";

export const olderPreVoteUnanswered = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching", raft: {preVote: true}},
  steps: [
    {id: "n1-leads", timeout: "n1"},
    {id: "n2-stops", when: {leader: "n1"}, after: "100ms", crash: "n2"},
    {id: "without-n2", split: [["n1", "n3", "c1"], ["n2"]]},
    {id: "n2-without-pre-vote", restart: "n2", with: {raft: {preVote: false}}},
    {id: "write", client: "c1", op: "put x 1", as: "write", to: "n1"},
    {id: "n2-stops-again", when: {term: "n2", atLeast: 4}, crash: "n2"},
    {id: "n1-is-lost", fault: "rot", on: "n1", file: "*.wal"},
    {id: "n1-is-gone", crash: "n1"},
    {id: "n2-with-pre-vote", restart: "n2", with: {raft: {preVote: true}}},
    {id: "together", heal: "all"},
    ...lastPuts(["n2", "n3"]),
  ],
});
