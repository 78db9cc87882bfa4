// c1 stands still with the lock; c2 takes it when c1's lease has run out, and counts; then c1 goes on.

import {fenceNotCompared as bug, plaque} from "../../../sim/bug/client/fenceNotCompared.ts";
import {exhibit} from "../exhibit.ts";

const count = "critical door visits --ttl 2 --hold 500ms --fenced";

export const fenceNotCompared = exhibit(bug, plaque, {
  config: {members: 1, clients: 2, profile: "teaching"},
  who: ["c1"],
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "first", when: {leader: "n1"}, client: "c1", op: count, as: "first"},
    {id: "second", when: {recipe: "op:#first", is: "holds"}, client: "c2", op: count, as: "second"},
    {id: "pause", after: "200ms", pause: "c1"},
    {id: "resume", when: {recipe: "op:#second", is: "done"}, resume: "c1"},
  ],
});
