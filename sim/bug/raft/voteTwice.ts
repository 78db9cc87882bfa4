import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const voteTwice: Bug = {
  id: "vote-twice",
  apply: withRules("raft", {canGrantVote: ({upToDate}) => upToDate}),
};

export const plaque: Plaque = {
  title: {
    en: "A member votes for every candidate of a term",
    zh: "成员在同一任期给每个候选人投票",
  },
  happened: {
    en: "A vote that is not remembered can be given again; hashicorp/raft writes term and vote in two steps, between which a crash can fall (2025).",
    zh: "没有记住的票可能再投一次；hashicorp/raft 分两步写任期与投票，崩溃可能恰在其间（2025 年）。",
  },
  source: "Raft §5.2",
  condition: {
    en: "Two members campaign in one term.",
    zh: "两个成员在同一任期参选。",
  },
  caughtBy: ["Election Safety"],
  fix: {
    en: "A member remembers, durably, for whom it voted in its term.",
    zh: "成员持久地记住自己在该任期把票投给了谁。",
  },
  links: ["https://github.com/hashicorp/raft/issues/661"],
  hunt: {by: "scenario", seeds: 16},
};
