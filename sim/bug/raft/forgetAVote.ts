import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const forgetAVote: Bug = {
  id: "forget-a-vote",
  apply: withRules("raft", {mustSync: (_before, _after, entries) => entries.length > 0}),
};

export const plaque: Plaque = {
  title: {
    en: "A vote leaves before the disk is made to keep it",
    zh: "投票在磁盘确保保存之前就已发出",
  },
  happened: {
    en: "nodedb wrote its entries and never its term and vote (nodedb#165). Here they are written, and not synced.",
    zh: "nodedb 写入条目，却从不写入任期与投票（nodedb#165）。此处写了，但没有同步。",
  },
  source: "Raft Figure 2, persistent state; §5.2",
  condition: {
    en: "A member grants its vote, loses power, and is asked by another candidate of that term.",
    zh: "成员投票后断电，恢复时同一任期的另一候选人请求投票。",
  },
  caughtBy: ["Election Safety", "Durable Term", "Durable Vote"],
  fix: {
    en: "Term and vote are synced before the vote leaves, though no entry comes with them.",
    zh: "即使没有随之而来的条目，任期与投票也要先同步，投票才能发出。",
  },
  links: ["https://raft.github.io/raft.pdf"],
  hunt: {by: "scenario", seeds: 16},
};
