// c1 watches x from revision 100 on, and is told every now and then how far it is.

import {plaque, progressBelowStart as bug} from "../../../sim/bug/watch/progressBelowStart.ts";
import {exhibit} from "../exhibit.ts";

export const progressBelowStart = exhibit(bug, plaque, {
  config: {members: 1, clients: 1, profile: "teaching", store: {progressNotifyEvery: "100ms"}},
  steps: [{id: "watch", when: {leader: "n1"}, client: "c1", op: "watch x --rev 100 --progress-notify"}],
});
