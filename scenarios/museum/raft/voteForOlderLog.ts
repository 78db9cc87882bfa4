// n3 misses a write that n1 and n2 commit; then n1 is away, and n3 asks n2 for its vote.

import {plaque, voteForOlderLog as bug} from "../../../sim/bug/raft/voteForOlderLog.ts";
import {exhibit} from "../exhibit.ts";

export const voteForOlderLog = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching"},
  steps: [
    {id: "campaign", timeout: "n1"},
    {
      id: "without-n3",
      when: {leader: "n1"},
      after: "100ms",
      split: [["n1", "n2", "c1"], ["n3"]],
    },
    {id: "write", client: "c1", op: "put x 1", as: "write", to: "n1"},
    {id: "without-n1", when: {op: "op:#write", is: "done"}, split: [["n1"], ["n2", "n3"]]},
    {id: "older", timeout: "n3"},
  ],
});
