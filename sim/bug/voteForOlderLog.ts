import type {Bug} from "../../core/server/config.ts";

/**
 * A member votes for any candidate, however old its log. Raft §5.4.1: a voter denies its vote to a candidate whose log is
 * less up to date than its own; so whoever is elected holds all that is committed. Caught by Leader Completeness.
 */
export const voteForOlderLog: Bug = {
  id: "vote-for-older-log",
  apply: (version) => ({
    ...version,
    raft: {...version.raft, rules: {...version.raft.rules, isUpToDate: () => true}},
  }),
};
