// While a watch has no connection, the key changes.

import {plaque, watchResumesFromNow as bug} from "../../../sim/bug/client/watchResumesFromNow.ts";
import {exhibit} from "../exhibit.ts";

export const watchResumesFromNow = exhibit(bug, plaque, {
  config: {members: 1, clients: 2, profile: "teaching"},
  who: ["c1"],
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "watch", when: {leader: "n1"}, client: "c1", op: "watch x", as: "watch"},
    {id: "away", after: "100ms", connection: ["c1", "n1"], do: "refuse"},
    {id: "broken", connection: ["c1", "n1"], do: "reset"},
    {id: "missed", client: "c2", op: "put x missed", as: "missed"},
    {id: "back", when: {op: "op:#missed", is: "done"}, connection: ["c1", "n1"], do: "accept"},
    {id: "told", after: "200ms", client: "c2", op: "put x told"},
  ],
});
