// c2 watches x on n3 from revision 100 on; n3 is cut off, and is sent a snapshot when it comes back. Then x is written again.

import {futureWatchLowered as bug, plaque} from "../../../sim/bug/watch/futureWatchLowered.ts";
import {exhibit} from "../exhibit.ts";
import {away, begin, config} from "./behindSnapshot.ts";

export const futureWatchLowered = exhibit(bug, plaque, {
  config,
  steps: [
    ...begin,
    {id: "watch", client: "c2", op: "watch x --rev 100", to: "n3"},
    ...away(["put x 2", "put x 3", "put x 4", "put x 5"]),
    // By then n3 has looked after its watches.
    {id: "last", after: "200ms", client: "c1", op: "put x 6", to: "n1"},
  ],
});
