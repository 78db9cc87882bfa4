// Where exhibits about users begin: n1 leads, and c1 makes two users. root may do everything; ann may read and write what begins
// with app/, and write what begins with drop/. What c1 asks as ann, it asks with her token.

import type {Step} from "../../format.ts";

const root = ["user add root:secret", "user grant-role root root"];

const ann = [
  "role add apps",
  "role grant-permission apps readwrite app/ --prefix",
  "role grant-permission apps write drop/ --prefix",
  "user add ann:pw",
  "user grant-role ann apps",
];

/** One after another, on one stream. */
export function asked(...lines: readonly string[]): Step[] {
  return lines.map((op) => ({client: "c1", op, to: "n1"}));
}

/** `before`: what c1 asks before authentication is enabled, when everybody may do everything. */
export function users(...before: readonly string[]): Step[] {
  return [
    {id: "campaign", timeout: "n1"},
    {id: "n1-leads", when: {leader: "n1"}, after: "100ms", wait: true},
    ...asked(...before, ...root, ...ann),
    {id: "enable", client: "c1", op: "auth enable", as: "enable", to: "n1"},
    {
      id: "login",
      when: {op: "op:#enable", is: "done"},
      client: "c1",
      op: "auth login ann pw",
      as: "login",
      to: "n1",
    },
  ];
}

/** c1 asks n1 as ann; `id` is also the operation's name. */
export function asAnn(id: string, line: string): Step {
  return {
    id,
    when: {op: "op:#login", is: "done"},
    client: "c1",
    op: `--auth-jwt-token {tokenOf:ann} ${line}`,
    as: id,
    to: "n1",
  };
}
