// A cluster of one answers a write and loses power; it leads again, and is asked before its slow disk has the entry of its term.

import {plaque, readAloneAtOnce as bug} from "../../../sim/bug/raft/readAloneAtOnce.ts";
import {exhibit} from "../exhibit.ts";

export const readAloneAtOnce = exhibit(bug, plaque, {
  config: {members: 1, clients: 1, profile: "teaching", raft: {electionTicks: 1000}},
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "write", when: {leader: "n1"}, after: "100ms", client: "c1", op: "put x 1", as: "write", to: "n1"},
    {id: "forgets", fault: "loseUnsynced", on: "n1"},
    {id: "power", when: {op: "op:#write", is: "done"}, crash: "n1"},
    {id: "back", after: "20ms", restart: "n1"},
    {id: "slow", after: "50ms", fault: "slow", on: "n1", factor: 50},
    {id: "again", timeout: "n1"},
    {id: "read", when: {leader: "n1"}, client: "c1", op: "get x", to: "n1"},
  ],
});
