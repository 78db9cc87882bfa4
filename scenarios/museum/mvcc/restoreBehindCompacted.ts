// A key is put (2) and deleted (3), the store is compacted at 3 in the file too, and the member restarts.

import {restoreBehindCompacted as bug, plaque} from "../../../sim/bug/mvcc/restoreBehindCompacted.ts";
import {exhibit} from "../exhibit.ts";

export const restoreBehindCompacted = exhibit(bug, plaque, {
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
    {id: "again", when: {leader: "n1"}, after: "100ms", client: "c1", op: "put b 1", as: "again"},
  ],
});
