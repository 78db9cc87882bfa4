// n2 is slow to apply: b waits when the backend commits what a wrote. Then n2 loses power, and comes back without b.

import {indexBeforeEntry as bug, plaque} from "../../../sim/bug/server/indexBeforeEntry.ts";
import {exhibit} from "../exhibit.ts";

export const indexBeforeEntry = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching", store: {commitEvery: "300ms"}},
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "a", when: {leader: "n1"}, client: "c1", op: "put a 1", as: "a", to: "n1"},
    {id: "slowly", when: {key: "a", at: "n2", value: "1"}, slow: "apply", on: "n2", factor: 200},
    {id: "b", client: "c1", op: "put b 1", as: "b", to: "n1"},
    {id: "forgets", fault: "loseUnsynced", on: "n2"},
    {id: "power", after: "330ms", crash: "n2"},
    {id: "back", restart: "n2"},
    {id: "c", after: "100ms", client: "c1", op: "put c 1", to: "n1"},
  ],
});
