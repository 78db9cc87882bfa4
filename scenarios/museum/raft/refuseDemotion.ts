// n3 was promoted, is away, and is made a learner again; the log that says so is gone when it is back.

import {refuseDemotion as bug, plaque} from "../../../sim/bug/raft/refuseDemotion.ts";
import {exhibit} from "../exhibit.ts";
import {lastPuts} from "../lastPuts.ts";

export const refuseDemotion = exhibit(bug, plaque, {
  config: {
    members: 2,
    learners: 1,
    clients: 1,
    profile: "teaching",
    raft: {electionTicks: 1000, snapshotEvery: 4, snapshotKeep: 1},
  },
  load: [{load: "loop", by: "c1", ops: ["put x {n}"], from: {step: "demote"}, until: {step: "together"}}],
  steps: [
    {id: "n1-leads", timeout: "n1"},
    {id: "promote", when: {leader: "n1"}, after: "100ms", client: "c1", op: "member promote n3", to: "n1"},
    {id: "without-n3", when: {member: "n3", is: "voter", at: "n3"}, split: [["n1", "n2", "c1"], ["n3"]]},
    {id: "demote", client: "c1", op: "member reconfigure l3", as: "demote", to: "n1"},
    {id: "together", when: {snapshot: "n1", atLeast: 12}, heal: "all"},
    ...lastPuts(["n1", "n2"]),
  ],
});
