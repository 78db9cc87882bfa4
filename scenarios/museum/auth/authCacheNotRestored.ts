// n3 is away while users are made, and comes back to a snapshot; then ann writes.

import {authCacheNotRestored as bug, plaque} from "../../../sim/bug/auth/authCacheNotRestored.ts";
import {exhibit} from "../exhibit.ts";
import {asAnn, users} from "./users.ts";

const [campaign, leads, ...made] = users();

export const authCacheNotRestored = exhibit(bug, plaque, {
  config: {
    members: 3,
    clients: 1,
    profile: "teaching",
    raft: {electionTicks: 100, snapshotEvery: 5, snapshotKeep: 1},
  },
  steps: [
    ...[campaign, leads].flatMap((step) => step ?? []),
    {id: "away", split: [["n1", "n2", "c1"], ["n3"]]},
    ...made,
    {id: "back", when: {op: "op:#login", is: "done"}, after: "200ms", heal: "all"},
    {id: "snapshot", when: {snapshot: "n3", received: true}, after: "300ms", wait: true},
    asAnn("write", "put app/x 1"),
  ],
});
