// A watch is created after a write, and its connection breaks before anything happens.

import {plaque, watchBeginsTooEarly as bug} from "../../../sim/bug/client/watchBeginsTooEarly.ts";
import {exhibit} from "../exhibit.ts";

export const watchBeginsTooEarly = exhibit(bug, plaque, {
  config: {members: 1, clients: 1, profile: "teaching"},
  who: ["c1"],
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "write", when: {leader: "n1"}, client: "c1", op: "put x 1", as: "write"},
    {id: "watch", when: {op: "op:#write", is: "done"}, client: "c1", op: "watch x", as: "watch"},
    {id: "broken", after: "100ms", connection: ["c1", "n1"], do: "reset"},
  ],
});
