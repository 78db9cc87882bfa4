// ann watches all keys from app/ on, and is told of one that is not hers.

import {plaque, watchBeyondPermission as bug} from "../../../sim/bug/auth/watchBeyondPermission.ts";
import {exhibit} from "../exhibit.ts";
import {asAnn, users} from "./users.ts";

export const watchBeyondPermission = exhibit(bug, plaque, {
  config: {members: 1, clients: 1, profile: "teaching"},
  steps: [...users(), asAnn("watch", "watch app/ --from-key")],
});
