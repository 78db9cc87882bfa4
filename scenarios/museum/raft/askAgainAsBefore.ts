// n2 asks n1 for a read index, which n2's answer to the heartbeat confirms; n3's is late, n1's answer is lost, and n2's second
// asking is late as well. n1 cannot be heard any more; n3 leads, and takes a write. Then n1 is asked for a read itself.

import {askAgainAsBefore as bug, plaque} from "../../../sim/bug/raft/askAgainAsBefore.ts";
import {exhibit} from "../exhibit.ts";

export const askAgainAsBefore = exhibit(bug, plaque, {
  config: {members: 3, clients: 2, profile: "teaching", raft: {electionTicks: 1000}},
  steps: [
    {id: "campaign", timeout: "n1"},
    {
      id: "late-answer",
      when: {leader: "n1"},
      after: "100ms",
      message: {from: "n3", to: "n1", kind: "HeartbeatResponse"},
      do: "hold",
      while: {not: {step: "arrives"}},
    },
    {id: "lost", message: {from: "n1", kind: "ReadIndexResponse"}, do: "drop", while: {not: {step: "write"}}},
    {id: "ask", client: "c1", op: "get x", to: "n2"},
    {
      id: "late-question",
      when: {sent: {from: "n2", kind: "ReadIndex", nth: 2}},
      message: {from: "n2", to: "n1", kind: "ReadIndex"},
      do: "hold",
    },
    {id: "unheard-by-n2", cut: ["n1", "n2"], oneWay: true},
    {id: "unheard-by-n3", cut: ["n1", "n3"], oneWay: true},
    {id: "deaf", message: {to: "n1", term: 2}, do: "drop", while: {not: {step: "arrives"}}},
    {id: "again", timeout: "n3"},
    {id: "write", when: {leader: "n3", term: 2}, client: "c2", op: "put x 1", as: "write", to: "n3"},
    {id: "read", when: {op: "op:#write", is: "done"}, client: "c2", op: "get x", to: "n1"},
    {
      id: "question-arrives",
      after: "20ms",
      message: {from: "n2", to: "n1", kind: "ReadIndex"},
      do: "release",
    },
    {id: "arrives", after: "20ms", wait: true},
  ],
});
