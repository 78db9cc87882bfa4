// A bit of a large value flips in the log of n2 before it is in the backend file, and n2 restarts.

import {trustRecords as bug, plaque} from "../../../sim/bug/storage/trustRecords.ts";
import {exhibit} from "../exhibit.ts";

export const trustRecords = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching", store: {commitEvery: "10s"}},
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "put", when: {leader: "n1"}, client: "c1", op: `put a ${"v".repeat(1000)}`, as: "put", to: "n1"},
    {
      id: "rot",
      when: {key: "a", at: "n2", value: "v".repeat(1000)},
      after: "50ms",
      fault: "rot",
      on: "n2",
      file: "*.wal",
      sector: 1,
      bit: 800,
    },
    {id: "down", crash: "n2"},
    {id: "back", restart: "n2"},
  ],
});
