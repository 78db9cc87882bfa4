import type {Bug} from "../../core/server/config.ts";

/**
 * A leader answers reads without asking a quorum whether it still leads. Thesis §6.4: another may have been elected, and have
 * committed what this one has never heard of. etcd did so by default before 3.0's quorum reads (etcd#741). Caught by
 * Linearizability.
 */
export const readUnconfirmed: Bug = {
  id: "read-unconfirmed",
  apply: (version) => ({
    ...version,
    raft: {...version.raft, rules: {...version.raft.rules, mayServeRead: () => true}},
  }),
};
