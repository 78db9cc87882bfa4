// n3 campaigns alone for a while. Back again, it hears n1 and does not listen, and n1 and n2 do not listen to it.

import {olderAppendUnanswered as bug, plaque} from "../../../sim/bug/raft/olderAppendUnanswered.ts";
import {exhibit} from "../exhibit.ts";
import {lastPuts} from "../lastPuts.ts";

export const olderAppendUnanswered = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching", raft: {checkQuorum: true}},
  steps: [
    {id: "n1-leads", timeout: "n1"},
    {id: "without-n3", when: {leader: "n1"}, after: "100ms", split: [["n1", "n2", "c1"], ["n3"]]},
    {id: "together", when: {term: "n3", atLeast: 3}, heal: "all"},
    ...lastPuts(["n1", "n2", "n3"]),
  ],
});
