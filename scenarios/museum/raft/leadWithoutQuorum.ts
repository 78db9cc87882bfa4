// n1 leads and has gone deaf: its heartbeats go on. At the end it is taken away for good, to see what the other two came to.

import {leadWithoutQuorum as bug, plaque} from "../../../sim/bug/raft/leadWithoutQuorum.ts";
import {exhibit} from "../exhibit.ts";
import {lastPuts} from "../lastPuts.ts";

export const leadWithoutQuorum = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching", raft: {checkQuorum: true}},
  steps: [
    {id: "n1-leads", timeout: "n1"},
    {id: "deaf-to-n2", when: {leader: "n1"}, after: "100ms", cut: ["n2", "n1"], oneWay: true},
    {id: "deaf-to-n3", cut: ["n3", "n1"], oneWay: true},
    ...lastPuts(["n2", "n3"]),
    {id: "n1-is-lost", after: "1s", fault: "rot", on: "n1", file: "*.wal"},
    {id: "n1-is-gone", crash: "n1"},
  ],
  linger: "1ms",
});
