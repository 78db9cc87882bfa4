// n1 finds that the lease has expired, and takes its time to say so; meanwhile n2 leads, and renews the lease for c1.

import {plaque, staleRevocation as bug} from "../../../sim/bug/lease/staleRevocation.ts";
import {exhibit} from "../exhibit.ts";

export const staleRevocation = exhibit(bug, plaque, {
  config: {
    members: 3,
    clients: 1,
    profile: "teaching",
    pausePoints: ["beforeRevokeExpiredLeases"],
  },
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "slow", when: {leader: "n1"}, slow: "lease", on: "n1", factor: 1000},
    {id: "grant", client: "c1", op: "lease grant 2 --id 7b", as: "grant", to: "n1"},
    // The look after the lease's two seconds has found it.
    {
      id: "move",
      when: {op: "op:#grant", is: "done"},
      after: "2600ms",
      client: "c1",
      op: "move-leader n2",
      to: "n1",
    },
    {id: "keep", when: {leader: "n2"}, after: "100ms", client: "c1", op: "lease keep-alive 7b", to: "n2"},
  ],
  linger: "3s",
});
