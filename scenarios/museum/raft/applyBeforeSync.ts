// A cluster of one with a slow disk answers a write, and loses power.

import {applyBeforeSync as bug, plaque} from "../../../sim/bug/raft/applyBeforeSync.ts";
import {exhibit} from "../exhibit.ts";

export const applyBeforeSync = exhibit(bug, plaque, {
  config: {members: 1, clients: 1, profile: "teaching", raft: {electionTicks: 1000}},
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "slow", when: {leader: "n1"}, after: "100ms", fault: "slow", on: "n1", factor: 50},
    {id: "forgets", fault: "loseUnsynced", on: "n1"},
    {id: "write", client: "c1", op: "put x 1", as: "write", to: "n1"},
    {id: "power", when: {key: "x", at: "n1", value: "1"}, after: "10ms", crash: "n1"},
    {id: "back", after: "100ms", restart: "n1"},
  ],
});
