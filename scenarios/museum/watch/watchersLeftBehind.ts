// c2 watches x on n3; n3 is cut off while x is written, and is sent a snapshot when it comes back. Then x is written again.

import {plaque, watchersLeftBehind as bug} from "../../../sim/bug/watch/watchersLeftBehind.ts";
import {exhibit} from "../exhibit.ts";
import {away, begin, config} from "./behindSnapshot.ts";

export const watchersLeftBehind = exhibit(bug, plaque, {
  config,
  steps: [
    ...begin,
    {id: "watch", client: "c2", op: "watch x", to: "n3"},
    ...away(["put x 2", "put x 3", "put x 4", "put x 5"]),
    {id: "last", after: "100ms", client: "c1", op: "put x 6", to: "n1"},
  ],
});
