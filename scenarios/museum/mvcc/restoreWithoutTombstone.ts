// A key is put (2) and deleted (3), the store is compacted at 3 in the file too; after a restart a watch begins at 3.

import {restoreWithoutTombstone as bug, plaque} from "../../../sim/bug/mvcc/restoreWithoutTombstone.ts";
import {exhibit} from "../exhibit.ts";

export const restoreWithoutTombstone = exhibit(bug, plaque, {
  config: {members: 1, clients: 1, profile: "teaching"},
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "put", when: {leader: "n1"}, client: "c1", op: "put a 1", as: "put"},
    {id: "delete", when: {op: "op:#put", is: "done"}, client: "c1", op: "del a", as: "delete"},
    {
      id: "compact",
      when: {op: "op:#delete", is: "done"},
      client: "c1",
      op: "compact 3 --physical",
      as: "compact",
    },
    {id: "down", when: {op: "op:#compact", is: "done"}, crash: "n1"},
    {id: "back", restart: "n1"},
    {id: "watch", when: {leader: "n1"}, client: "c1", op: "watch a --rev 3"},
    {id: "again", after: "300ms", client: "c1", op: "put a 2", as: "again"},
  ],
});
