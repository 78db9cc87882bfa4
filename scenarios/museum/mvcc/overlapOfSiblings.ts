// One transaction with two within it: the first puts a, the second deletes it.

import {overlapOfSiblings as bug, plaque} from "../../../sim/bug/mvcc/overlapOfSiblings.ts";
import {exhibit} from "../exhibit.ts";

export const overlapOfSiblings = exhibit(bug, plaque, {
  config: {members: 1, clients: 1, profile: "teaching"},
  steps: [
    {id: "campaign", timeout: "n1"},
    {
      id: "both",
      when: {leader: "n1"},
      client: "c1",
      op: "txn : ( txn : put a 1 : ) ; ( txn : del a : ) :",
      as: "both",
    },
  ],
});
