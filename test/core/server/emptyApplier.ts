// What entries are applied to where there is no server around it.

import {authRules} from "../../../core/auth/rules.ts";
import {mvccRules} from "../../../core/mvcc/rules.ts";
import {Applier, stateOf} from "../../../core/server/applier.ts";
import {leaseRules} from "../../../core/lease/rules.ts";
import {lessorConfig} from "../../../core/server/leaseState.ts";
import {serverRules} from "../../../core/server/rules.ts";
import {Backend} from "../../../core/storage/backend.ts";
import {Watchers} from "../../../core/watch/watchers.ts";
import {serverConfig} from "./cluster.ts";

/** Before its first entry, without a quota. */
export function emptyApplier(): Applier {
  const state = stateOf(Backend.empty({pageBytes: 512}));
  if (state === undefined) throw new Error("an empty backend has a state");
  return Applier.from(state, new Watchers(state.store), {
    quotaBytes: 0,
    lessor: lessorConfig(serverConfig(1)),
    leaseRules,
    hashesCompactions: false,
    rules: serverRules,
    storeRules: mvccRules,
    authRules,
    member: 1,
  });
}
