// c2 watches x on n3 and is told of a write; n3 is cut off, and is sent a snapshot when it comes back.

import {plaque, watchBackInTime as bug} from "../../../sim/bug/watch/watchBackInTime.ts";
import {exhibit} from "../exhibit.ts";
import {away, begin, config} from "./behindSnapshot.ts";

export const watchBackInTime = exhibit(bug, plaque, {
  config,
  steps: [
    ...begin,
    {id: "watch", client: "c2", op: "watch x", as: "watch", to: "n3"},
    {id: "second", after: "50ms", client: "c1", op: "put x 2", to: "n1"},
    {id: "told", when: {watcher: "op:#watch", saw: "x=2"}, wait: true},
    ...away(["put x 3", "put x 4", "put x 5", "put x 6"]),
  ],
});
