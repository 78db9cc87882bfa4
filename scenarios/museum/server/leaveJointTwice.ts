// Two writes follow the change of membership at once.

import {leaveJointTwice as bug, plaque} from "../../../sim/bug/server/leaveJointTwice.ts";
import {exhibit} from "../exhibit.ts";

export const leaveJointTwice = exhibit(bug, plaque, {
  config: {members: 3, spares: 1, clients: 1, profile: "teaching"},
  steps: [
    {id: "n1-leads", timeout: "n1"},
    {
      id: "grow",
      when: {leader: "n1"},
      after: "100ms",
      client: "c1",
      op: "member reconfigure v4 --transition implicit",
      as: "grow",
      to: "n1",
    },
    {id: "one", client: "c1", op: "put x 1", as: "one", to: "n1"},
    {id: "two", client: "c1", op: "put x 2", as: "two", to: "n1"},
    {id: "start-n4", restart: "n4"},
  ],
  linger: "200ms",
});
