// c2 ends the lease; c1's put on it is on its way meanwhile.

import {keyOnDeadLease as bug, plaque} from "../../../sim/bug/lease/keyOnDeadLease.ts";
import {exhibit} from "../exhibit.ts";

export const keyOnDeadLease = exhibit(bug, plaque, {
  config: {members: 3, clients: 2, profile: "teaching"},
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "grant", when: {leader: "n1"}, client: "c1", op: "lease grant 60 --id 7b", as: "grant", to: "n1"},
    {
      id: "revoke",
      when: {op: "op:#grant", is: "done"},
      client: "c2",
      op: "lease revoke 7b",
      as: "revoke",
      to: "n1",
    },
    {id: "put", after: "10ms", client: "c1", op: "put x 1 --lease 7b", to: "n1"},
  ],
});
