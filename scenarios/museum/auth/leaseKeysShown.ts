// A key that is not ann's stands under a lease; ann asks how long the lease lasts, and for its keys.

import {leaseKeysShown as bug, plaque} from "../../../sim/bug/auth/leaseKeysShown.ts";
import {exhibit} from "../exhibit.ts";
import {asAnn, users} from "./users.ts";

export const leaseKeysShown = exhibit(bug, plaque, {
  config: {members: 1, clients: 1, profile: "teaching"},
  steps: [
    ...users("lease grant 60 --id 7", "put secret 1 --lease 7"),
    asAnn("told", "lease timetolive 7 --keys"),
  ],
});
