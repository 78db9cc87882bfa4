// One transaction deletes everything from a on, and puts a anew (3); the store is compacted at 3.

import {compactRebirth as bug, plaque} from "../../../sim/bug/mvcc/compactRebirth.ts";
import {exhibit} from "../exhibit.ts";

export const compactRebirth = exhibit(bug, plaque, {
  config: {members: 1, clients: 1, profile: "teaching"},
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "put", when: {leader: "n1"}, client: "c1", op: "put a 1", as: "put"},
    {
      id: "anew",
      when: {op: "op:#put", is: "done"},
      client: "c1",
      op: "txn : del a --from-key ; put a 2 :",
      as: "anew",
    },
    {id: "compact", after: "100ms", client: "c1", op: "compact 3"},
    {id: "read", after: "100ms", client: "c1", op: "get a"},
  ],
});
