// n1's answer to n2's question is late, and the client gives up. n2 misses a write, and is asked again.

import {plaque, takeAnyReadAnswer as bug} from "../../../sim/bug/server/takeAnyReadAnswer.ts";
import {exhibit} from "../exhibit.ts";

export const takeAnyReadAnswer = exhibit(bug, plaque, {
  config: {members: 3, clients: 2, profile: "teaching", raft: {electionTicks: 1000}},
  steps: [
    {id: "campaign", timeout: "n1"},
    {
      id: "late",
      when: {leader: "n1"},
      after: "100ms",
      message: {from: "n1", to: "n2", kind: "ReadIndexResponse"},
      do: "hold",
      while: {not: {step: "arrives"}},
    },
    {id: "first", client: "c1", op: "get x", as: "first", to: "n2"},
    {
      id: "behind",
      after: "1200ms",
      message: {from: "n1", to: "n2", kind: "AppendEntries"},
      do: "hold",
      while: {not: {step: "end"}},
    },
    {id: "write", client: "c2", op: "put x 1", as: "write", to: "n1"},
    {id: "second", when: {op: "op:#write", is: "done"}, client: "c2", op: "get x", to: "n2"},
    {id: "arrives", after: "20ms", wait: true},
  ],
});
