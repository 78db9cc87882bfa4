// ann may write what begins with drop/, and is shown what another has put there.

import {plaque, txnPutHalfChecked as bug} from "../../../sim/bug/auth/txnPutHalfChecked.ts";
import {exhibit} from "../exhibit.ts";
import {asAnn, users} from "./users.ts";

export const txnPutHalfChecked = exhibit(bug, plaque, {
  config: {members: 1, clients: 1, profile: "teaching"},
  steps: [...users("put drop/1 theirs"), asAnn("shown", "txn : put drop/1 mine --prev-kv :")],
});
