import type {Bug} from "../../core/server/config.ts";

/**
 * A leader commits an entry of an older term as soon as a majority holds it. Raft §5.4.2, Figure 8: such an entry can
 * still be overwritten by a leader with a newer last term. Shipped in LogCabin until 2013 (logcabin#44).
 * Caught by Leader Completeness or State Machine Safety.
 */
export const commitOlderTerm: Bug = {
  id: "commit-older-term",
  apply: (version) => ({
    ...version,
    raft: {...version.raft, rules: {...version.raft.rules, mayCommit: () => true}},
  }),
};
