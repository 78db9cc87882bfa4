// A lease with a negative id is granted; n3 starts again, and a key is put on the lease.

import {negativeLeasesLost as bug, plaque} from "../../../sim/bug/lease/negativeLeasesLost.ts";
import {exhibit} from "../exhibit.ts";

const lease = "8000000000000001";

export const negativeLeasesLost = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching"},
  steps: [
    {id: "campaign", timeout: "n1"},
    {
      id: "grant",
      when: {leader: "n1"},
      client: "c1",
      op: `lease grant 60 --id ${lease}`,
      as: "grant",
      to: "n1",
    },
    {id: "stop", when: {op: "op:#grant", is: "done"}, after: "200ms", crash: "n3"},
    {id: "start", after: "20ms", restart: "n3"},
    {id: "put", after: "100ms", client: "c1", op: `put x 1 --lease ${lease}`, to: "n1"},
  ],
});
