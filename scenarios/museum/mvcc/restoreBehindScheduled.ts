// A key is put (2) and deleted (3), and the store compacted at 3. The compaction is slow: both records are deleted, and that is
// committed, when the power goes; that all is done is not written yet.

import {plaque, restoreBehindScheduled as bug} from "../../../sim/bug/mvcc/restoreBehindScheduled.ts";
import {exhibit} from "../exhibit.ts";

export const restoreBehindScheduled = exhibit(bug, plaque, {
  config: {
    members: 1,
    clients: 1,
    profile: "teaching",
    pausePoints: ["beforeApplyOneEntryNormal", "compactBeforeSetFinishedCompact"],
  },
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "put", when: {leader: "n1"}, client: "c1", op: "put a 1", as: "put"},
    {id: "delete", when: {op: "op:#put", is: "done"}, client: "c1", op: "del a", as: "delete"},
    {id: "slowly", slow: "compact", on: "n1", factor: 1000},
    {id: "compact", when: {op: "op:#delete", is: "done"}, client: "c1", op: "compact 3", as: "compact"},
    {id: "power", when: {op: "op:#compact", is: "done"}, after: "300ms", crash: "n1"},
    {id: "back", restart: "n1"},
    {id: "again", when: {leader: "n1"}, after: "100ms", client: "c1", op: "put b 1", as: "again"},
  ],
});
