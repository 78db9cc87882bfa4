// n3 votes for n1 and loses power; when it is back n2 asks it in the same term.

import {forgetAVote as bug, plaque} from "../../../sim/bug/raft/forgetAVote.ts";
import {exhibit} from "../exhibit.ts";

export const forgetAVote = exhibit(bug, plaque, {
  config: {members: 3, profile: "teaching", raft: {electionTicks: 1000}},
  who: ["n3"],
  steps: [
    {id: "apart", cut: ["n1", "n2"]},
    {id: "forgets", fault: "loseUnsynced", on: "n3"},
    {id: "n1-asks", timeout: "n1"},
    {id: "power", when: {sent: {from: "n3", kind: "RequestVoteResponse"}}, crash: "n3"},
    {id: "unheard", cut: ["n1", "n3"], oneWay: true},
    {id: "back", after: "20ms", restart: "n3"},
    {id: "n2-asks", timeout: "n2"},
  ],
});
