// c1's write is done, and its answer does not come.

import {plaque, timeoutIsFailure as bug} from "../../../sim/bug/client/timeoutIsFailure.ts";
import {exhibit} from "../exhibit.ts";

export const timeoutIsFailure = exhibit(bug, plaque, {
  config: {members: 1, clients: 2, profile: "teaching"},
  who: ["c1"],
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "write", when: {leader: "n1"}, client: "c1", op: "put x 1", as: "write"},
    {id: "no-answer", when: {key: "x", at: "n1", value: "1"}, cut: ["n1", "c1"]},
    {id: "read", after: "1s", client: "c2", op: "get x"},
  ],
});
