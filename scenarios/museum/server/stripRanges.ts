// A transaction through n1 reads a at revision 2, which was compacted, and puts b.

import {stripRanges as bug, plaque} from "../../../sim/bug/server/stripRanges.ts";
import {exhibit} from "../exhibit.ts";

export const stripRanges = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching"},
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "one", when: {leader: "n1"}, client: "c1", op: "put a 1", as: "one", to: "n1"},
    {id: "two", when: {op: "op:#one", is: "done"}, client: "c1", op: "put a 2", as: "two", to: "n1"},
    {
      id: "compact",
      when: {op: "op:#two", is: "done"},
      client: "c1",
      op: "compact 3",
      as: "compact",
      to: "n1",
    },
    {
      id: "both",
      when: {op: "op:#compact", is: "done"},
      client: "c1",
      op: "txn : get a --rev 2 ; put b 1 :",
      to: "n1",
    },
  ],
});
