// n1 takes its time with c1's keep-alive; meanwhile c2 revokes the lease.

import {plaque, renewedAfterRevoke as bug} from "../../../sim/bug/lease/renewedAfterRevoke.ts";
import {exhibit} from "../exhibit.ts";

export const renewedAfterRevoke = exhibit(bug, plaque, {
  config: {members: 1, clients: 2, profile: "teaching", pausePoints: ["beforeCheckpointInLeaseRenew"]},
  steps: [
    {id: "slow", when: {leader: "n1"}, slow: "lease", on: "n1", factor: 200},
    {id: "grant", client: "c1", op: "lease grant 60 --id 7b", as: "grant"},
    {id: "keep", when: {op: "op:#grant", is: "done"}, client: "c1", op: "lease keep-alive 7b"},
    {id: "revoke", after: "20ms", client: "c2", op: "lease revoke 7b"},
  ],
});
