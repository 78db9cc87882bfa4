// The power goes before a large put is synced, and of what was written some sectors survive.

import {refuseTornTail as bug, plaque} from "../../../sim/bug/storage/refuseTornTail.ts";
import {exhibit} from "../exhibit.ts";

export const refuseTornTail = exhibit(bug, plaque, {
  config: {members: 1, clients: 1, profile: "teaching"},
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "torn", when: {leader: "n1"}, after: "200ms", fault: "tearUnsynced", on: "n1"},
    {id: "power", crashAtDisk: "before", on: "n1", what: "sync"},
    {id: "put", client: "c1", op: `put a ${"v".repeat(4000)}`, to: "n1"},
    {id: "back", when: {role: "n1", is: "crashed"}, restart: "n1"},
  ],
});
