// The alarm stands, and a client puts within a transaction within a transaction.

import {nestedPutsFree as bug, plaque} from "../../../sim/bug/server/nestedPutsFree.ts";
import {exhibit} from "../exhibit.ts";

export const nestedPutsFree = exhibit(bug, plaque, {
  config: {members: 1, clients: 1, profile: "teaching"},
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "alarm", when: {leader: "n1"}, client: "c1", op: "alarm activate n1 NOSPACE", as: "alarm"},
    {id: "put", when: {op: "op:#alarm", is: "done"}, client: "c1", op: "txn : ( txn : put x 1 : ) :"},
  ],
});
