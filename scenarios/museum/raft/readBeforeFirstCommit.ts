// n1 commits a write and is gone before n2 hears that it is committed; n2 leads, and is asked at once.

import {plaque, readBeforeFirstCommit as bug} from "../../../sim/bug/raft/readBeforeFirstCommit.ts";
import {exhibit} from "../exhibit.ts";

export const readBeforeFirstCommit = exhibit(bug, plaque, {
  // Nobody campaigns by itself.
  config: {members: 3, clients: 1, profile: "teaching", raft: {electionTicks: 1000}},
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "write", when: {leader: "n1"}, after: "100ms", client: "c1", op: "put x 1", as: "write", to: "n1"},
    {id: "cut", when: {op: "op:#write", is: "done"}, split: [["n1"], ["n2", "n3"]]},
    {id: "again", timeout: "n2"},
    {
      id: "slow",
      when: {leader: "n2"},
      message: {from: "n2", kind: "AppendEntries"},
      do: "hold",
      while: {not: {step: "let-go"}},
    },
    {id: "read", client: "c1", op: "get x", to: "n2"},
    {id: "let-go", after: "60ms", wait: true},
  ],
});
