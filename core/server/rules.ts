// Small named decisions of a server that a bug could get wrong (law 12), as core/raft/rules.ts has those of raft.

export interface ServerRules {
  /** Under which context a question that was not answered is asked again; `fresh` was never used. etcd #20418. */
  retryContext(asked: {readonly last: number; readonly fresh: () => number}): number;
}

export const serverRules: ServerRules = {
  retryContext({fresh}) {
    // A late answer to the first asking must not be taken for one to the second.
    return fresh();
  },
};
