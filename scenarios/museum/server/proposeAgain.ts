// c1 asks n2, which forwards to n1, which leads; n3 has the entry, and n1 is gone. n3 leads, and n2 proposes once more.

import {plaque, proposeAgain as bug} from "../../../sim/bug/server/proposeAgain.ts";
import {exhibit} from "../exhibit.ts";

export const proposeAgain = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching"},
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "n1-leads", when: {leader: "n1"}, after: "100ms", wait: true},
    {id: "write", client: "c1", op: "put x 1", as: "write", to: "n2"},
    {id: "n1-is-gone", when: {entry: "op:#write", in: "n3"}, crash: "n1"},
    {id: "n3-asks", timeout: "n3"},
    {id: "read", when: {op: "op:#write", is: "done"}, after: "200ms", client: "c1", op: "get x", to: "n3"},
  ],
});
