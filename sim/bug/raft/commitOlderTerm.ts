import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const commitOlderTerm: Bug = {
  id: "commit-older-term",
  apply: withRules("raft", {mayCommit: () => true}),
};

export const plaque: Plaque = {
  title: {
    en: "A leader commits an entry of an older term as soon as a majority holds it",
    zh: "旧任期的条目只要存于多数派，领导者就把它提交",
  },
  happened: {
    en: "LogCabin, the first implementation of Raft, committed so until 2013; the paper shows why it must not.",
    zh: "Raft 的第一个实现 LogCabin 直到 2013 年都这样提交；论文说明了为何不可。",
  },
  source: "Raft §5.4.2, Figure 8",
  condition: {
    en: "A leader replicates an entry of an earlier term to a majority and is gone before an entry of its own term follows; another member, whose last term is newer, may still be elected and overwrite it.",
    zh: "领导者把较早任期的条目复制到多数派，还没有自己任期的条目跟上就失效了；最后任期更新的另一成员仍可能当选并覆盖它。",
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
    en: "Only entries of the leader's own term are committed by counting; older ones are committed with them.",
    zh: "只有领导者自己任期的条目靠计数提交；更早的条目随之提交。",
  },
  links: ["https://github.com/logcabin/logcabin/issues/44"],
  hunt: {by: "trials", seeds: 60, deposed: true},
};
