// Two keys hang on a lease, and it is revoked.

import {keysInAnyOrder as bug, plaque} from "../../../sim/bug/lease/keysInAnyOrder.ts";
import {exhibit} from "../exhibit.ts";

export const keysInAnyOrder = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching"},
  who: ["n3"],
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "grant", when: {leader: "n1"}, client: "c1", op: "lease grant 60 --id 7b", as: "grant", to: "n1"},
    {
      id: "puts",
      when: {op: "op:#grant", is: "done"},
      client: "c1",
      op: "txn : put x 1 --lease 7b ; put y 1 --lease 7b :",
      as: "puts",
      to: "n1",
    },
    {id: "revoke", when: {op: "op:#puts", is: "done"}, client: "c1", op: "lease revoke 7b", to: "n1"},
  ],
});
