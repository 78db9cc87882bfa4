// n3 is slow: it decides by three voters still when five vote. n3 is elected by n1 and itself, n2 by itself and the new ones.
//
//   n3 knows   (1) 2 (3)            n1 and n3: two of three
//   n2 knows    1 (2) 3 (4) (5)     n2, n4 and n5: three of five

import {campaignWithPendingChange as bug, plaque} from "../../../sim/bug/raft/campaignWithPendingChange.ts";
import {exhibit} from "../exhibit.ts";

export const campaignWithPendingChange = exhibit(bug, plaque, {
  config: {members: 3, spares: 2, clients: 1, profile: "teaching", raft: {electionTicks: 1000}},
  steps: [
    {id: "n1-leads", timeout: "n1"},
    {id: "n3-is-slow", when: {leader: "n1"}, after: "100ms", slow: "apply", on: "n3", factor: 1000},
    {id: "add-n4", client: "c1", op: "member add n4", as: "add-n4", to: "n1"},
    {id: "start-n4", when: {op: "op:#add-n4", is: "done"}, restart: "n4"},
    {id: "add-n5", after: "200ms", client: "c1", op: "member add n5", as: "add-n5", to: "n1"},
    {id: "start-n5", when: {op: "op:#add-n5", is: "done"}, restart: "n5"},
    {id: "apart", after: "200ms", cut: ["n1", "n2"]},
    {id: "n2-asks", timeout: "n2"},
    {id: "n3-asks", timeout: "n3"},
  ],
  linger: "60ms",
});
