import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const voteDespiteLeader: Bug = {
  id: "vote-despite-leader",
  apply: withRules("raft", {isLeased: () => false}),
};

export const plaque: Plaque = {
  title: {
    en: "A member that hears of its leader takes the larger term of whoever asks for votes",
    zh: "听得到领导者的成员仍采用索票者更大的任期",
  },
  happened: {
    en: "A member that is cut off, or hears nothing, campaigns in ever larger terms, and each of them ends the leader's. Members of etcd that came back so, where pre-vote was off, disturbed whole clusters. Here one that is deaf, with a hasty clock, keeps the others from ever having a leader.",
    zh: "被隔离或什么也听不到的成员不断以更大的任期参选，每次都终结领导者的任期。在没有启用预投票的 etcd 中，这样的成员回来时曾扰乱整个集群。这里的成员听不到任何消息，时钟又快，使其他成员永远没有领导者。",
  },
  source: "thesis §4.2.3; etcd #8499, #14893",
  condition: {
    en: "A member can send and not receive, and its election timeout is shorter than the others'.",
    zh: "某成员能发送而不能接收，且选举超时比其他成员短。",
  },
  caughtBy: ["Convergence"],
  fix: {
    en: "Whoever heard of its leader less than an election timeout ago does not even look at such a request.",
    zh: "不到一个选举超时之前还听到领导者的成员，根本不理会这样的请求。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/8499", "https://github.com/etcd-io/etcd/issues/14893"],
  hunt: {by: "scenario", seeds: 60},
};
