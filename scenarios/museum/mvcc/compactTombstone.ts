// A key is put (2) and deleted (3), the store is compacted at 3, and a watch begins at 3.

import {compactTombstone as bug, plaque} from "../../../sim/bug/mvcc/compactTombstone.ts";
import {exhibit} from "../exhibit.ts";

export const compactTombstone = exhibit(bug, plaque, {
  config: {members: 1, clients: 1, profile: "teaching"},
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "put", when: {leader: "n1"}, client: "c1", op: "put a 1", as: "put"},
    {id: "delete", when: {op: "op:#put", is: "done"}, client: "c1", op: "del a", as: "delete"},
    {id: "compact", when: {op: "op:#delete", is: "done"}, client: "c1", op: "compact 3", as: "compact"},
    {id: "watch", when: {op: "op:#compact", is: "done"}, client: "c1", op: "watch a --rev 3"},
    {id: "again", after: "200ms", client: "c1", op: "put a 2", as: "again"},
  ],
});
