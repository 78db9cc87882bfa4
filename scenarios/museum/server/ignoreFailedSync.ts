// The sync of an entry fails at n2, which acknowledges it, and the entry is committed by that; at its next sync n2 loses power.

import {ignoreFailedSync as bug, plaque} from "../../../sim/bug/server/ignoreFailedSync.ts";
import {exhibit} from "../exhibit.ts";

export const ignoreFailedSync = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching"},
  steps: [
    {id: "campaign", timeout: "n1"},
    {
      id: "without-n3",
      when: {leader: "n1"},
      after: "100ms",
      split: [["n1", "n2", "c1"], ["n3"]],
    },
    {id: "fails", fault: "syncFails", on: "n2", file: "*.wal"},
    {id: "put", client: "c1", op: "put a 1", as: "put", to: "n1"},
    {id: "power", after: "100ms", crashAtDisk: "before", on: "n2", what: "sync"},
    {id: "another", client: "c1", op: "put b 1", as: "another", to: "n1"},
    {id: "back", after: "100ms", restart: "n2"},
  ],
});
