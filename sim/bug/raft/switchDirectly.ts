import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const switchDirectly: Bug = {
  id: "switch-directly",
  apply: withRules("raft", {needsJoint: () => false, mayChangeAtOnce: () => true}),
};

export const plaque: Plaque = {
  title: {
    en: "Several voters come and go at once, without a joint configuration",
    zh: "多个投票者同时增减，不经过联合配置",
  },
  happened: {
    en: "The paper shows why it cannot be: members go over at different times, and there are majorities of the old and of the new that share nobody. The model takes out both guards of this code: that several changes lead through a joint configuration, and that others change one voter.",
    zh: "论文说明了为何不可：各成员切换的时刻不同，旧配置与新配置的多数派可能没有共同成员。本模型去掉了代码中的两道防线：多项变更要经过联合配置，其余变更一次只动一个投票者。",
  },
  source: "Raft §6, Figure 10",
  condition: {
    en: "Two voters are added in one change; some members have applied it, and some have not heard that it is committed.",
    zh: "一次变更加入两个投票者；有些成员已应用，有些还不知道它已提交。",
  },
  caughtBy: [
    "Election Safety",
    "Leader Completeness",
    "State Machine Safety",
    "More Up To Date",
    "Leader Has The Longest Log",
    "Configurations Agree",
  ],
  fix: {
    en: "Between two configurations that may have disjoint majorities lies a joint one, in which both decide.",
    zh: "若两个配置的多数派可能不相交，其间要经过由双方共同决定的联合配置。",
  },
  links: ["https://raft.github.io/raft.pdf"],
  hunt: {by: "scenario", seeds: 16},
};
