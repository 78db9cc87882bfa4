// Three writes at once, of which n3, which is slow to apply them, is handed one entry at a time; then one more.

import {plaque, skipWhatDidNotFit as bug} from "../../../sim/bug/raft/skipWhatDidNotFit.ts";
import {exhibit} from "../exhibit.ts";

export const skipWhatDidNotFit = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching", raft: {electionTicks: 1000, messageBytesMax: 1}},
  who: ["n3"],
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "slow", slow: "apply", on: "n3", factor: 20},
    {id: "one", when: {leader: "n1"}, after: "100ms", client: "c1", op: "put x 1", to: "n1"},
    {id: "two", client: "c1", op: "put y 1", to: "n1"},
    {id: "three", client: "c1", op: "put z 1", to: "n1"},
    {id: "one-more", after: "200ms", client: "c1", op: "put x 2", to: "n1"},
  ],
});
