// c1 holds the lock and is cut off; its lease runs out, and c2 takes the lock.

import {lossNotNoticed as bug, plaque} from "../../../sim/bug/client/lossNotNoticed.ts";
import {exhibit} from "../exhibit.ts";

export const lossNotNoticed = exhibit(bug, plaque, {
  config: {members: 1, clients: 2, profile: "teaching"},
  who: ["c1"],
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "first", when: {leader: "n1"}, client: "c1", op: "lock jobs --ttl 2", as: "first"},
    {id: "cut", when: {recipe: "op:#first", is: "done"}, cut: ["c1", "n1"]},
    {id: "second", client: "c2", op: "lock jobs --ttl 2", as: "second"},
    {id: "taken", when: {recipe: "op:#second", is: "done"}, wait: true},
  ],
});
