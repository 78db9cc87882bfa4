// A key is put on a lease; n3 starts again, and the lease is revoked.

import {keysLetGo as bug, plaque} from "../../../sim/bug/lease/keysLetGo.ts";
import {exhibit} from "../exhibit.ts";

export const keysLetGo = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching"},
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "grant", when: {leader: "n1"}, client: "c1", op: "lease grant 60 --id 7b", as: "grant", to: "n1"},
    {
      id: "put",
      when: {op: "op:#grant", is: "done"},
      client: "c1",
      op: "put x 1 --lease 7b",
      as: "put",
      to: "n1",
    },
    {id: "stop", when: {op: "op:#put", is: "done"}, after: "200ms", crash: "n3"},
    {id: "start", after: "20ms", restart: "n3"},
    {id: "revoke", after: "100ms", client: "c1", op: "lease revoke 7b", to: "n1"},
  ],
});
