// ann, who may read and write some keys, compacts the store.

import {compactByAnyone as bug, plaque} from "../../../sim/bug/auth/compactByAnyone.ts";
import {exhibit} from "../exhibit.ts";
import {asAnn, users} from "./users.ts";

export const compactByAnyone = exhibit(bug, plaque, {
  config: {members: 1, clients: 1, profile: "teaching"},
  steps: [...users("put x 1", "put x 2"), asAnn("compacted", "compact 2")],
});
