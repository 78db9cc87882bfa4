// n1 finds that the lease has expired, and takes its time to say so; meanwhile c1 keeps it alive.

import {expiredRenewed as bug, plaque} from "../../../sim/bug/lease/expiredRenewed.ts";
import {exhibit} from "../exhibit.ts";

export const expiredRenewed = exhibit(bug, plaque, {
  config: {members: 1, clients: 1, profile: "teaching", pausePoints: ["beforeRevokeExpiredLeases"]},
  steps: [
    {id: "slow", when: {leader: "n1"}, slow: "lease", on: "n1", factor: 500},
    {id: "grant", client: "c1", op: "lease grant 2 --id 7b", as: "grant"},
    // The look after the lease's two seconds has found it.
    {
      id: "keep",
      when: {op: "op:#grant", is: "done"},
      after: "2600ms",
      client: "c1",
      op: "lease keep-alive 7b",
    },
  ],
  linger: "2s",
});
