import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const applyBeforeSync: Bug = {
  id: "apply-before-sync",
  apply: withRules("raft", {
    mayCountUnsynced: (voters) => voters === 1,
    mayApplyUnsynced: (_async, voters) => voters === 1,
  }),
};

export const plaque: Plaque = {
  title: {
    en: "The only member of a cluster applies and answers before its disk has the entry",
    zh: "只有一个成员的集群在条目落盘之前就应用并应答",
  },
  happened: {
    en: "etcd 3.4 and 3.5 up to 3.5.4 lost acknowledged writes of clusters of one (etcd#14370, 2022): raft gave an entry to be written and to be applied in one Ready.",
    zh: "etcd 3.4 以及 3.5.4 及以前的 3.5 会丢失单成员集群已确认的写入（etcd#14370，2022 年）：raft 在同一个 Ready 中既要求写入条目，又要求应用它。",
  },
  source: "etcd#14370; Raft Figure 2, persistent state",
  condition: {
    en: "One voter; the power goes after the answer and before the log is synced.",
    zh: "只有一个投票成员；应答之后、日志同步之前断电。",
  },
  caughtBy: ["Durable Answers", "Quorum Log", "Committed Is Durable", "Durable Log"],
  fix: {
    en: "A leader counts its own copy once it is durable, and what is applied is durable.",
    zh: "领导者自己的副本持久化后才计数；只应用已持久化的条目。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/14370", "https://github.com/etcd-io/etcd/issues/14413"],
  hunt: {by: "scenario", seeds: 16},
};
