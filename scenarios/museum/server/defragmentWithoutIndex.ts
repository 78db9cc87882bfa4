// A put is not committed to the backend when the member is defragmented and loses power; it is read when the member is back.

import {defragmentWithoutIndex as bug, plaque} from "../../../sim/bug/server/defragmentWithoutIndex.ts";
import {exhibit} from "../exhibit.ts";

export const defragmentWithoutIndex = exhibit(bug, plaque, {
  config: {members: 1, clients: 1, profile: "teaching", store: {commitEvery: "10s"}},
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "put", when: {leader: "n1"}, client: "c1", op: "put a 1", as: "put"},
    {id: "defragment", when: {op: "op:#put", is: "done"}, client: "c1", op: "defrag", as: "defragment"},
    {id: "power", when: {op: "op:#defragment", is: "done"}, crash: "n1"},
    {id: "back", restart: "n1"},
    {id: "read", when: {leader: "n1"}, after: "100ms", client: "c1", op: "get a"},
  ],
});
