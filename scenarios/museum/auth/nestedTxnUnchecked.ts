// ann writes a key that is not hers, within a transaction within a transaction.

import {nestedTxnUnchecked as bug, plaque} from "../../../sim/bug/auth/nestedTxnUnchecked.ts";
import {exhibit} from "../exhibit.ts";
import {asAnn, users} from "./users.ts";

export const nestedTxnUnchecked = exhibit(bug, plaque, {
  config: {members: 1, clients: 1, profile: "teaching"},
  steps: [...users(), asAnn("nested", "txn : ( txn : put secret 2 : ) :")],
});
