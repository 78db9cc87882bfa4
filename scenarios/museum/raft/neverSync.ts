// A write is answered, and the power goes, for all three.

import {neverSync as bug, plaque} from "../../../sim/bug/raft/neverSync.ts";
import {exhibit} from "../exhibit.ts";

export const neverSync = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching", raft: {electionTicks: 1000}},
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "write", when: {leader: "n1"}, after: "100ms", client: "c1", op: "put x 1", as: "write", to: "n1"},
    {id: "n1-forgets", fault: "loseUnsynced", on: "n1"},
    {id: "n2-forgets", fault: "loseUnsynced", on: "n2"},
    {id: "n3-forgets", fault: "loseUnsynced", on: "n3"},
    {id: "n1-power", when: {op: "op:#write", is: "done"}, crash: "n1"},
    {id: "n2-power", crash: "n2"},
    {id: "n3-power", crash: "n3"},
    {id: "n1-back", after: "100ms", restart: "n1"},
    {id: "n2-back", restart: "n2"},
    {id: "n3-back", restart: "n3"},
  ],
});
