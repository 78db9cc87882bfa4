// n2 loses power after the first batch of a compaction, and does the rest when it is back; then the leader compares hashes.

import {hashResumedCompaction as bug, plaque} from "../../../sim/bug/mvcc/hashResumedCompaction.ts";
import {exhibit} from "../exhibit.ts";

export const hashResumedCompaction = exhibit(bug, plaque, {
  config: {
    members: 3,
    clients: 1,
    profile: "teaching",
    store: {compactionBatch: 1, compactHashCheckEvery: "500ms"},
    pausePoints: ["beforeApplyOneEntryNormal", "compactAfterCommitBatch"],
  },
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "one", when: {leader: "n1"}, client: "c1", op: "put a 1", as: "one", to: "n1"},
    {id: "two", when: {op: "op:#one", is: "done"}, client: "c1", op: "put a 2", as: "two", to: "n1"},
    {id: "three", when: {op: "op:#two", is: "done"}, client: "c1", op: "put a 3", as: "three", to: "n1"},
    {id: "power", crashAt: "compactAfterCommitBatch", on: "n2"},
    {id: "compact", when: {op: "op:#three", is: "done"}, client: "c1", op: "compact 4", to: "n1"},
    {id: "back", when: {role: "n2", is: "crashed"}, restart: "n2"},
  ],
  linger: "3s",
});
