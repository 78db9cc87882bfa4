import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const skipWhatDidNotFit: Bug = {
  id: "skip-what-did-not-fit",
  apply: withRules("raft", {appliedAfter: ({commitIndex}) => commitIndex}),
};

export const plaque: Plaque = {
  title: {
    en: "What did not fit into a portion of committed entries counts as applied",
    zh: "没能放进一批已提交条目的内容也算作已应用",
  },
  happened: {
    en: "etcd's raft lost count of what it had handed out when a limit cut a portion short: after a restart its commit index went back (TestNodeCommitPaginationAfterRestart). Here the rest counts as applied.",
    zh: "当限额截短一批时，etcd 的 raft 曾算错自己交出了多少：重启后提交索引倒退（TestNodeCommitPaginationAfterRestart）。此处其余部分被算作已应用。",
  },
  source: "Raft Figure 2, lastApplied; etcd-io/raft, CommittedEntries",
  condition: {
    en: "More is committed at once than one portion may hold: after a restart, or behind a slow apply.",
    zh: "一次提交的内容超过一批的容量：例如重启之后，或应用较慢时。",
  },
  caughtBy: ["Equal States", "Equal Hashes", "Replay Agreement"],
  fix: {
    en: "The state machine is where the last entry took it that it was handed.",
    zh: "状态机的位置由交给它的最后一个条目决定。",
  },
  links: ["https://github.com/etcd-io/raft/blob/main/rawnode_test.go"],
  hunt: {by: "trials", seeds: 16},
};
