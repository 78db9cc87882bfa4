import type {Bug} from "../../core/server/config.ts";

/**
 * A member votes for every candidate whose log is up to date, also when it has given its vote in that term already.
 * Raft §5.2: each server votes for at most one candidate in a given term. Caught by Election Safety.
 */
export const voteTwice: Bug = {
  id: "vote-twice",
  apply: (version) => ({
    ...version,
    raft: {...version.raft, rules: {...version.raft.rules, canGrantVote: ({upToDate}) => upToDate}},
  }),
};
