import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const voteForOlderLog: Bug = {
  id: "vote-for-older-log",
  apply: withRules("raft", {isUpToDate: () => true}),
};

export const plaque: Plaque = {
  title: {
    en: "A member votes for a candidate whose log is older than its own",
    zh: "成员把票投给日志比自己旧的候选人",
  },
  happened: {
    en: "The check that Raft's election restriction asks for, left out; dropping it is a mutant of most test suites of Raft.",
    zh: "略去了 Raft 选举限制所要求的检查；去掉它是多数 Raft 测试都有的变异。",
  },
  source: "Raft §5.4.1",
  condition: {
    en: "A member that missed a committed entry campaigns, and a member that has it votes.",
    zh: "缺少某个已提交条目的成员参选，而拥有它的成员投了票。",
  },
  caughtBy: [
    "Leader Completeness",
    "State Machine Safety",
    "Quorum Log",
    "More Up To Date",
    "Committed Is Durable",
    "Equal States",
  ],
  fix: {
    en: "A voter refuses a candidate whose last entry has an older term, or the same term and a lower index.",
    zh: "若候选人最后条目的任期更旧，或任期相同而索引更小，投票者就拒绝。",
  },
  links: ["https://raft.github.io/raft.pdf"],
  hunt: {by: "trials", seeds: 16},
};
