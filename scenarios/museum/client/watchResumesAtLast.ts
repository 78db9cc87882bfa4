// A watch tells a change, and its connection breaks.

import {plaque, watchResumesAtLast as bug} from "../../../sim/bug/client/watchResumesAtLast.ts";
import {exhibit} from "../exhibit.ts";

export const watchResumesAtLast = exhibit(bug, plaque, {
  config: {members: 1, clients: 2, profile: "teaching"},
  who: ["c1"],
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "watch", when: {leader: "n1"}, client: "c1", op: "watch x", as: "watch"},
    {id: "write", after: "100ms", client: "c2", op: "put x 1"},
    {id: "broken", when: {watcher: "op:#watch", saw: "x=1"}, connection: ["c1", "n1"], do: "reset"},
  ],
});
