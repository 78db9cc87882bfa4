// n2 holds an entry, which it acknowledged; a bit of it flips, and n2 restarts.

import {cutOffRot as bug, plaque} from "../../../sim/bug/storage/cutOffRot.ts";
import {exhibit} from "../exhibit.ts";

export const cutOffRot = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching"},
  steps: [
    {id: "campaign", timeout: "n1"},
    {
      id: "without-n3",
      when: {leader: "n1"},
      after: "100ms",
      split: [["n1", "n2", "c1"], ["n3"]],
    },
    {id: "put", client: "c1", op: `put a ${"v".repeat(1000)}`, as: "put", to: "n1"},
    {
      id: "rot",
      when: {op: "op:#put", is: "done"},
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
