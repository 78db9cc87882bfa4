// A bit of a large value flips in the backend file of n2, n2 restarts, and another put is applied.

import {trustPages as bug, plaque} from "../../../sim/bug/storage/trustPages.ts";
import {exhibit} from "../exhibit.ts";

export const trustPages = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching", store: {commitEvery: "20ms"}},
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "put", when: {leader: "n1"}, client: "c1", op: `put a ${"v".repeat(1800)}`, as: "put", to: "n1"},
    {
      id: "rot",
      when: {op: "op:#put", is: "done"},
      after: "300ms",
      fault: "rot",
      on: "n2",
      file: "db",
      sector: 6,
      bit: 800,
    },
    {id: "down", crash: "n2"},
    {id: "back", restart: "n2"},
    {id: "again", after: "100ms", client: "c1", op: "put b 1", to: "n1"},
  ],
});
