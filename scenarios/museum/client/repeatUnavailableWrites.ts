// The answer to c1's write is lost with its connection; c2 writes; then c1 asks again.

import {plaque, repeatUnavailableWrites as bug} from "../../../sim/bug/client/repeatUnavailableWrites.ts";
import {exhibit} from "../exhibit.ts";

export const repeatUnavailableWrites = exhibit(bug, plaque, {
  config: {members: 1, clients: 2, profile: "teaching"},
  who: ["c1"],
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "write", when: {leader: "n1"}, client: "c1", op: "put x first", as: "write"},
    {id: "done", when: {key: "x", at: "n1", value: "first"}, connection: ["c1", "n1"], do: "refuse"},
    {id: "answer-lost", connection: ["c1", "n1"], do: "reset"},
    {id: "other", client: "c2", op: "put x second", as: "other"},
    {id: "again", when: {op: "op:#other", is: "done"}, connection: ["c1", "n1"], do: "accept"},
    {id: "read", after: "200ms", client: "c2", op: "get x"},
  ],
});
