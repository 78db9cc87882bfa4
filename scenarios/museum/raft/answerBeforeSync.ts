// n2 acknowledges an entry and loses power; its acknowledgement arrives, and the entry is committed by it.

import {answerBeforeSync as bug, plaque} from "../../../sim/bug/raft/answerBeforeSync.ts";
import {exhibit} from "../exhibit.ts";

export const answerBeforeSync = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching"},
  steps: [
    {id: "campaign", timeout: "n1"},
    {
      id: "without-n3",
      when: {leader: "n1"},
      after: "100ms",
      split: [["n1", "n2", "c1"], ["n3"]],
    },
    {id: "forgets", fault: "loseUnsynced", on: "n2"},
    {id: "write", client: "c1", op: "put x 1", as: "write", to: "n1"},
    {id: "power", when: {entry: "op:#write", in: "n2"}, crash: "n2"},
    {id: "back", after: "100ms", restart: "n2"},
  ],
});
