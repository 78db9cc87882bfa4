// c2 watches x, and the member takes its time to send: one response is being sent, one has the only place on the stream, and the
// watch holds the third. What comes then is compacted before the watch gets to it.

import {compactedWatchSkips as bug, plaque} from "../../../sim/bug/watch/compactedWatchSkips.ts";
import {exhibit} from "../exhibit.ts";
import type {Step} from "../../format.ts";

const writes = [2, 3, 4, 5, 6].map((n): Step => ({
  id: `write${n}`,
  when: {op: n === 2 ? "op:#watch" : `op:#write${n - 1}`, is: n === 2 ? "sent" : "done"},
  after: "20ms",
  client: "c1",
  op: `put x ${n}`,
  as: `write${n}`,
}));

export const compactedWatchSkips = exhibit(bug, plaque, {
  config: {
    members: 1,
    clients: 2,
    profile: "teaching",
    store: {watchChannelMax: 1},
    pausePoints: ["beforeSendWatchResponse"],
  },
  steps: [
    {id: "slow", when: {leader: "n1"}, slow: "watchSend", on: "n1", factor: 200},
    {id: "watch", client: "c2", op: "watch x", as: "watch"},
    ...writes,
    {id: "compact", when: {op: "op:#write6", is: "done"}, client: "c1", op: "compact 6"},
    {id: "last", after: "2s", client: "c1", op: "put x 7"},
  ],
});
