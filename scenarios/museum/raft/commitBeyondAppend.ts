// n3 misses three writes; when it is back it is sent one at a time.

import {commitBeyondAppend as bug, plaque} from "../../../sim/bug/raft/commitBeyondAppend.ts";
import {exhibit} from "../exhibit.ts";

export const commitBeyondAppend = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching", raft: {messageBytesMax: 1}},
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "without-n3", when: {leader: "n1"}, after: "100ms", split: [["n1", "n2", "c1"], ["n3"]]},
    {id: "one", client: "c1", op: "put x 1", to: "n1"},
    {id: "two", client: "c1", op: "put x 2", to: "n1"},
    {id: "three", client: "c1", op: "put x 3", as: "last", to: "n1"},
    {id: "joined", when: {op: "op:#last", is: "done"}, heal: "all"},
  ],
});
