// The first put fills a segment of the log; the second goes into the next one, and the power goes.

import {leaveSegmentUnnamed as bug, plaque} from "../../../sim/bug/storage/leaveSegmentUnnamed.ts";
import {exhibit} from "../exhibit.ts";

export const leaveSegmentUnnamed = exhibit(bug, plaque, {
  config: {
    members: 1,
    clients: 1,
    profile: "teaching",
    store: {walSegmentBytes: 1024, commitEvery: "10s"},
  },
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "fill", when: {leader: "n1"}, client: "c1", op: `put a ${"v".repeat(1000)}`, as: "fill"},
    {id: "put", when: {op: "op:#fill", is: "done"}, client: "c1", op: "put b 1", as: "put"},
    {id: "forgets", fault: "loseNames", on: "n1"},
    {id: "power", when: {op: "op:#put", is: "done"}, crash: "n1"},
    {id: "back", restart: "n1"},
    {id: "read", when: {leader: "n1"}, after: "100ms", client: "c1", op: "get b"},
  ],
});
