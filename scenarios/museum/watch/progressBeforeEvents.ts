// c1 watches x from the beginning, and asks for progress before the member has read the history for it.

import {plaque, progressBeforeEvents as bug} from "../../../sim/bug/watch/progressBeforeEvents.ts";
import {exhibit} from "../exhibit.ts";

export const progressBeforeEvents = exhibit(bug, plaque, {
  config: {members: 1, clients: 1, profile: "teaching"},
  steps: [
    {id: "write", when: {leader: "n1"}, client: "c1", op: "put x 1", as: "write"},
    {id: "watch", when: {op: "op:#write", is: "done"}, client: "c1", op: "watch x --rev 1", as: "watch"},
    {id: "progress", when: {op: "op:#watch", is: "sent"}, after: "20ms", client: "c1", op: "progress"},
  ],
});
