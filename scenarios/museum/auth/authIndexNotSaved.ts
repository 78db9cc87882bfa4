// root grants one more permission, and n3 restarts; then ann writes.

import {authIndexNotSaved as bug, plaque} from "../../../sim/bug/auth/authIndexNotSaved.ts";
import {exhibit} from "../exhibit.ts";
import {asAnn, users} from "./users.ts";

export const authIndexNotSaved = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching"},
  steps: [
    ...users(),
    {id: "root", client: "c1", op: "auth login root secret", as: "root", to: "n1"},
    {
      id: "grant",
      when: {op: "op:#root", is: "done"},
      client: "c1",
      op: "--auth-jwt-token {tokenOf:root} role grant-permission apps read shared/ --prefix",
      to: "n1",
    },
    {id: "down", after: "500ms", crash: "n3"},
    {id: "up", after: "100ms", restart: "n3"},
    {id: "caught-up", after: "500ms", wait: true},
    asAnn("write", "put app/x 1"),
  ],
});
