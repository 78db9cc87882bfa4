// n1 hands over to n2 as the joint configuration is being committed: it may propose nothing meanwhile, and n2 has applied it
// already when it is elected.

import {stayJoint as bug, plaque} from "../../../sim/bug/raft/stayJoint.ts";
import {exhibit} from "../exhibit.ts";
import {lastPuts} from "../lastPuts.ts";

export const stayJoint = exhibit(bug, plaque, {
  config: {members: 3, spares: 1, clients: 1, profile: "teaching", raft: {electionTicks: 1000}},
  steps: [
    {id: "n1-leads", timeout: "n1"},
    {
      id: "grow",
      when: {leader: "n1"},
      after: "100ms",
      client: "c1",
      op: "member reconfigure v4 --transition implicit",
      as: "grow",
      to: "n1",
    },
    {id: "hand-over", when: {entry: "op:#grow", in: "n1"}, client: "c1", op: "move-leader n2", to: "n1"},
    {
      id: "late",
      message: {from: "n1", to: "n2", kind: "TimeoutNow"},
      do: "hold",
      while: {configuration: "n2", is: "simple"},
    },
    {id: "start-n4", when: {leader: "n2"}, restart: "n4"},
    ...lastPuts(["n1", "n2", "n3"]),
  ],
});
