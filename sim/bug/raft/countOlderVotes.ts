import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const countOlderVotes: Bug = {
  id: "count-older-votes",
  apply: withRules("raft", {isOutdated: (kind) => kind !== "RequestVoteResponse"}),
};

export const plaque: Plaque = {
  title: {
    en: "A candidate counts a vote that was given to it in an earlier term",
    zh: "候选人把较早任期投给自己的票算进来",
  },
  happened: {
    en: "The guide for MIT's students calls it term confusion: an answer is taken without a look at the term in which the question was asked.",
    zh: "MIT 学生指南称之为任期混淆：接受应答时不看提问所在的任期。",
  },
  source: "Raft §5.1, §5.2",
  condition: {
    en: "A member campaigns twice, and an answer to its first campaign comes during the second.",
    zh: "成员两次参选，对第一次的应答在第二次期间到来。",
  },
  caughtBy: ["Election Safety"],
  fix: {
    en: "A message of an older term is not taken for what it says.",
    zh: "旧任期的消息不按其内容处理。",
  },
  links: ["https://thesquareplanet.com/blog/students-guide-to-raft/"],
  hunt: {by: "scenario", seeds: 16},
};
