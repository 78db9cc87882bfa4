// n1 is of the older version. ann revokes a lease with a key that is not hers: n1 does it, n2 and n3 refuse.

import {leaseRevokeByVersion as bug, plaque} from "../../../sim/bug/auth/leaseRevokeByVersion.ts";
import {exhibit} from "../exhibit.ts";
import {asAnn, users} from "./users.ts";

export const leaseRevokeByVersion = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching"},
  who: ["n1"],
  steps: [...users("lease grant 60 --id 7", "put secret 1 --lease 7"), asAnn("revoked", "lease revoke 7")],
});
