// A user is added, with a password.

import {passwordInLog as bug, plaque} from "../../../sim/bug/auth/passwordInLog.ts";
import {exhibit} from "../exhibit.ts";

export const passwordInLog = exhibit(bug, plaque, {
  config: {members: 1, clients: 1, profile: "teaching"},
  steps: [
    {id: "campaign", timeout: "n1"},
    {id: "user", when: {leader: "n1"}, client: "c1", op: "user add ann:open-sesame"},
  ],
});
