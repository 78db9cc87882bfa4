import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const learnerRefusesVote: Bug = {
  id: "learner-refuses-vote",
  apply: withRules("raft", (rules) => ({
    canGrantVote: (asked) => !asked.isLearner && rules.canGrantVote(asked),
  })),
};

export const plaque: Plaque = {
  title: {
    en: "A member that takes itself for a learner votes for nobody",
    zh: "自认为是学习者的成员不给任何人投票",
  },
  happened: {
    en: "A learner may have been promoted without having heard of it. etcd's refused to vote, and if its vote was needed, there was no leader any more (2019).",
    zh: "学习者可能已被提升而自己还不知道。etcd 的学习者曾拒绝投票，若恰好需要它这一票，就再也选不出领导者（2019 年）。",
  },
  source: "etcd #10998",
  condition: {
    en: "A learner is promoted, and the leader that knows it is lost before it says so.",
    zh: "学习者被提升，而知情的领导者还没告诉它就丢失了。",
  },
  caughtBy: ["Convergence"],
  fix: {
    en: "Whoever is asked votes: who asks knows by its configuration whose votes count.",
    zh: "被请求者都投票：谁的票算数，由请求者的配置决定。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/10998"],
  hunt: {by: "scenario", seeds: 60},
};
