// Small named decisions of a server that a bug could get wrong (law 12), as core/raft/rules.ts has those of raft.

import type {RoleName} from "../raft/entry.ts";

export interface ServerRules {
  /** Whether a committed command is applied by a member in that role. Raft Figure 2, "All Servers". */
  mustApply(role: RoleName): boolean;
  /** Whether an answer under `context` is one to a batch of reads that asked under those from `first` to `last`. */
  answersBatch(asked: {readonly context: number; readonly first: number; readonly last: number}): boolean;
  /** Under which context a question that was not answered is asked again; `fresh` was never used. etcd #20418. */
  retryContext(asked: {readonly last: number; readonly fresh: () => number}): number;
}

export const serverRules: ServerRules = {
  mustApply() {
    return true;
  },
  answersBatch({context, first, last}) {
    // One to an earlier batch may come late, and names an index from before these reads were asked.
    return context >= first && context <= last;
  },
  retryContext({fresh}) {
    // A late answer to the first asking must not be taken for one to the second.
    return fresh();
  },
};
