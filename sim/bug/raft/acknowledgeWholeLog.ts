import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const acknowledgeWholeLog: Bug = {
  id: "acknowledge-whole-log",
  apply: withRules("raft", {
    acknowledgedIndex: ({lastIndex}) => lastIndex,
    opensTermWithEntry: () => false,
  }),
};

export const plaque: Plaque = {
  title: {
    en: "A follower acknowledges its whole log, not what the append proved",
    zh: "追随者确认自己的整份日志，而不是追加所证明的部分",
  },
  happened: {
    en: "In etcd's first raft heartbeats were empty appends, and a follower answered with its last index (etcd#1366, 2014); CCF acknowledged too much as well (CCF#6001, 2024). Here the empty append is the first of a leader that opens its term without an entry: with one, what differs is cut off before it can be acknowledged.",
    zh: "etcd 最初的 raft 中，心跳是空追加，追随者以自己最后的索引应答（etcd#1366，2014 年）；CCF 也曾确认过多（CCF#6001，2024 年）。此处的空追加来自不以条目开启任期的领导者：若有条目，不同的部分在被确认之前就已截断。",
  },
  source: "Raft §5.3, Figure 2",
  condition: {
    en: "A follower's log is longer than the leader's, with an entry of an older term at its end.",
    zh: "追随者的日志比领导者的长，末尾有旧任期的条目。",
  },
  caughtBy: ["Quorum Log", "Committed Is Durable"],
  fix: {
    en: "A follower acknowledges up to the last entry that the message covers.",
    zh: "追随者只确认到消息所涵盖的最后一个条目。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/1366", "https://github.com/microsoft/CCF/issues/6001"],
  hunt: {by: "trials", seeds: 60},
};
