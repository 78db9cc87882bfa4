import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const heartbeatCommitsBlindly: Bug = {
  id: "heartbeat-commits-blindly",
  apply: withRules("raft", {heartbeatCommit: ({commitIndex}) => commitIndex}),
};

export const plaque: Plaque = {
  title: {
    en: "A heartbeat tells a follower to commit what nobody knows it to hold",
    zh: "心跳让追随者提交谁也不知道它是否存有的条目",
  },
  happened: {
    en: "A heartbeat proves nothing about the log; etcd therefore sends min(match, commit), and its comment says why: the leader must not forward a follower's commit to an unmatched index.",
    zh: "心跳不证明日志的任何内容；所以 etcd 发送 min(match, commit)，注释也说明了缘由：领导者不得把追随者的提交推到未匹配的位置。",
  },
  source: "Raft §5.3; etcd raft.go, sendHeartbeat",
  condition: {
    en: "A follower with entries of its own, of an older term, hears of a newer leader by a heartbeat first.",
    zh: "存有旧任期自己条目的追随者，最先从心跳得知新领导者。",
  },
  caughtBy: ["State Machine Safety", "Leader Completeness", "Equal States"],
  fix: {
    en: "A heartbeat carries no more than what the follower is known to match.",
    zh: "心跳携带的提交位置不超过已知该追随者匹配的位置。",
  },
  links: ["https://github.com/etcd-io/raft/blob/main/raft.go"],
  hunt: {by: "trials", seeds: 16},
};
