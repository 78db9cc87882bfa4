// n3 misses the only append that may be on its way to it, and the log is compacted beyond that; then it hears a heartbeat.

import {appendWithoutTerm as bug, plaque} from "../../../sim/bug/raft/appendWithoutTerm.ts";
import {exhibit} from "../exhibit.ts";

export const appendWithoutTerm = exhibit(bug, plaque, {
  config: {
    members: 3,
    clients: 1,
    profile: "teaching",
    raft: {electionTicks: 1000, inflightMax: 1, snapshotEvery: 2, snapshotKeep: 0},
  },
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "without-n3", when: {leader: "n1"}, after: "100ms", split: [["n1", "n2", "c1"], ["n3"]]},
    {id: "one", client: "c1", op: "put x 1", as: "one", to: "n1"},
    {id: "two", when: {op: "op:#one", is: "done"}, client: "c1", op: "put x 2", as: "two", to: "n1"},
    {id: "three", when: {op: "op:#two", is: "done"}, client: "c1", op: "put x 3", to: "n1"},
    {id: "joined", when: {snapshot: "n1", atLeast: 3}, after: "100ms", heal: "all"},
  ],
});
