// n3 was away for long. When it is back, n1 is slow to apply, and sends a snapshot.

import {snapshotOfCommitted as bug, plaque} from "../../../sim/bug/server/snapshotOfCommitted.ts";
import {exhibit} from "../exhibit.ts";

export const snapshotOfCommitted = exhibit(bug, plaque, {
  config: {
    members: 3,
    clients: 1,
    profile: "teaching",
    raft: {snapshotEvery: 4, snapshotKeep: 1},
  },
  steps: [
    {id: "campaign", timeout: "n1"},
    {
      id: "without-n3",
      when: {leader: "n1"},
      after: "100ms",
      split: [["n1", "n2", "c1"], ["n3"]],
    },
    {id: "one", client: "c1", op: "put a 1", as: "one", to: "n1"},
    {id: "two", when: {op: "op:#one", is: "done"}, client: "c1", op: "put a 2", as: "two", to: "n1"},
    {id: "three", when: {op: "op:#two", is: "done"}, client: "c1", op: "put a 3", as: "three", to: "n1"},
    {id: "four", when: {op: "op:#three", is: "done"}, client: "c1", op: "put a 4", as: "four", to: "n1"},
    {id: "slowly", when: {snapshot: "n1"}, slow: "apply", on: "n1", factor: 300},
    {id: "five", client: "c1", op: "put b 1", as: "five", to: "n1"},
    {id: "joined", when: {entry: "op:#five", in: "n2", committed: true}, heal: "all"},
    {id: "six", when: {snapshot: "n3", received: true}, client: "c1", op: "put c 1", to: "n1"},
  ],
  linger: "2s",
});
