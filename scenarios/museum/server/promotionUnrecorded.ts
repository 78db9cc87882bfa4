// n4 is promoted; n2 starts again and reads its file.

import {promotionUnrecorded as bug, plaque} from "../../../sim/bug/server/promotionUnrecorded.ts";
import {exhibit} from "../exhibit.ts";

export const promotionUnrecorded = exhibit(bug, plaque, {
  config: {members: 3, learners: 1, clients: 1, profile: "teaching"},
  steps: [
    {id: "n1-leads", timeout: "n1"},
    {
      id: "promote",
      when: {leader: "n1"},
      after: "100ms",
      client: "c1",
      op: "member promote n4",
      as: "promote",
      to: "n1",
    },
    {id: "stop", when: {op: "op:#promote", is: "done"}, after: "500ms", crash: "n2"},
    {id: "start", restart: "n2"},
  ],
  linger: "200ms",
});
