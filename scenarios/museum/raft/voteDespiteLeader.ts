// n3 has gone deaf, and its clock runs three times as fast. At the end it is taken away for good, to see what the other two came to.

import {voteDespiteLeader as bug, plaque} from "../../../sim/bug/raft/voteDespiteLeader.ts";
import {exhibit} from "../exhibit.ts";
import {lastPuts} from "../lastPuts.ts";

export const voteDespiteLeader = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching", raft: {checkQuorum: true}},
  steps: [
    {id: "n1-leads", timeout: "n1"},
    {id: "hasty", when: {leader: "n1"}, after: "100ms", clock: "n3", rate: 3_000_000},
    {id: "deaf-to-n1", cut: ["n1", "n3"], oneWay: true},
    {id: "deaf-to-n2", cut: ["n2", "n3"], oneWay: true},
    ...lastPuts(["n1", "n2"]),
    {id: "n3-is-lost", after: "1s", fault: "rot", on: "n3", file: "*.wal"},
    {id: "n3-is-gone", crash: "n3"},
  ],
  linger: "1ms",
});
