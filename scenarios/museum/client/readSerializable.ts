// n3 is cut off and misses a write; then it is asked.

import {plaque, readSerializable as bug} from "../../../sim/bug/client/readSerializable.ts";
import {exhibit} from "../exhibit.ts";

export const readSerializable = exhibit(bug, plaque, {
  config: {members: 3, clients: 2, profile: "teaching"},
  who: ["c2"],
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "cut", when: {leader: "n1"}, after: "100ms", split: [["n1", "n2"], ["n3"]]},
    {id: "write", client: "c1", op: "put x 1", as: "write", to: "n1"},
    {id: "read", when: {op: "op:#write", is: "done"}, client: "c2", op: "get x", to: "n3"},
  ],
});
