// c1 watches x from a revision that is compacted, and stands still for a while before it takes the answer.

import {cancelledAgain as bug, plaque} from "../../../sim/bug/watch/cancelledAgain.ts";
import {exhibit} from "../exhibit.ts";

export const cancelledAgain = exhibit(bug, plaque, {
  config: {members: 1, clients: 1, profile: "teaching", store: {watchSyncWatchersMax: 1}},
  steps: [
    {id: "write", when: {leader: "n1"}, client: "c1", op: "put x 1", as: "write"},
    {id: "again", when: {op: "op:#write", is: "done"}, client: "c1", op: "put x 2", as: "again"},
    {id: "compact", when: {op: "op:#again", is: "done"}, client: "c1", op: "compact 3", as: "compact"},
    {id: "watch", when: {op: "op:#compact", is: "done"}, client: "c1", op: "watch x --rev 2", as: "watch"},
    {id: "pause", when: {op: "op:#watch", is: "sent"}, after: "20ms", pause: "c1"},
    {id: "resume", after: "500ms", resume: "c1"},
  ],
});
