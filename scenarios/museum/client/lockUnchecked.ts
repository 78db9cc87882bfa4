// c2 waits for the lock, and its lease runs out by the member's clock, not by its own. When c1 unlocks, c2 takes itself for the
// holder, and c3 finds nobody there.

import {lockUnchecked as bug, plaque} from "../../../sim/bug/client/lockUnchecked.ts";
import {exhibit} from "../exhibit.ts";

export const lockUnchecked = exhibit(bug, plaque, {
  config: {members: 1, clients: 3, profile: "teaching"},
  who: ["c2"],
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "first", when: {leader: "n1"}, client: "c1", op: "lock jobs", as: "first"},
    {
      id: "second",
      when: {recipe: "op:#first", is: "done"},
      client: "c2",
      op: "lock jobs --ttl 5",
      as: "second",
    },
    {id: "slow", when: {recipe: "op:#second", is: "waits"}, clock: "c2", rate: 100_000},
    {id: "unlock", after: "10s", client: "c1", op: "unlock {callOf:first}"},
    {id: "third", after: "200ms", client: "c3", op: "lock jobs", as: "third"},
  ],
});
