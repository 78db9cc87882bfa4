// n1 leads and is cut off; n2 leads and takes a write; then n1 is asked.

import {plaque, readUnconfirmed as bug} from "../../../sim/bug/raft/readUnconfirmed.ts";
import {exhibit} from "../exhibit.ts";

export const readUnconfirmed = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching"},
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "cut", when: {leader: "n1"}, after: "100ms", split: [["n1"], ["n2", "n3"]]},
    {id: "again", timeout: "n2"},
    {id: "write", when: {leader: "n2"}, after: "100ms", client: "c1", op: "put x 1", as: "write", to: "n2"},
    {id: "read", when: {op: "op:#write", is: "done"}, client: "c1", op: "get x", to: "n1"},
  ],
});
