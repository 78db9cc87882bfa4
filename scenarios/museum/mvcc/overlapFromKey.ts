// One transaction deletes everything from a on, and puts b.

import {overlapFromKey as bug, plaque} from "../../../sim/bug/mvcc/overlapFromKey.ts";
import {exhibit} from "../exhibit.ts";

export const overlapFromKey = exhibit(bug, plaque, {
  config: {members: 1, clients: 1, profile: "teaching"},
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "put", when: {leader: "n1"}, client: "c1", op: "put b 1", as: "put"},
    {
      id: "both",
      when: {op: "op:#put", is: "done"},
      client: "c1",
      op: "txn : del a --from-key ; put b 2 :",
      as: "both",
    },
  ],
});
