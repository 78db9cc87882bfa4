import type {Bug} from "../../core/server/config.ts";

/**
 * A member's votes and acknowledgements leave before what they say is durable. Raft Figure 2: updated on stable storage before
 * responding to RPCs. etcd's single member answered its clients so until 3.5.5 (etcd#14370). Caught by Quorum Log, Durable Log
 * and Durable Vote.
 */
export const answerBeforeSync: Bug = {
  id: "answer-before-sync",
  apply: (version) => ({
    ...version,
    raft: {...version.raft, rules: {...version.raft.rules, mustWaitForSync: () => false}},
  }),
};
