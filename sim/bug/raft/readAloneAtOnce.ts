import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const readAloneAtOnce: Bug = {
  id: "read-alone-at-once",
  apply: withRules("raft", (sound) => ({
    mayTakeReads: (asked) => asked.voters === 1 || sound.mayTakeReads(asked),
  })),
};

export const plaque: Plaque = {
  title: {
    en: "A leader that is alone answers reads at once",
    zh: "单独的领导者立即回答读请求",
  },
  happened: {
    en: "etcd's raft answers the reads of a cluster of one without waiting for the term's first commit (raft.go, MsgReadIndex: IsSingleton). A commit index is not synced by itself; this project's divergence shows what a crash may make of that.",
    zh: "etcd 的 raft 对单成员集群的读请求不等本任期第一次提交就回答（raft.go，MsgReadIndex：IsSingleton）。提交索引本身不会同步；本项目与之不同，并展示崩溃可能带来的后果。",
  },
  source: "thesis §6.4; etcd-io/raft raft.go, MsgReadIndex",
  condition: {
    en: "The only member loses power right after it answered a write, so that its log has the entry and its commit index does not; it leads again, on a slow disk, and is asked.",
    zh: "唯一的成员在应答写入后立即断电：日志里有该条目，提交索引却没有到那里；它在慢磁盘上再次领导，并被询问。",
  },
  caughtBy: ["Linearizability", "Revisions Keep Real Time"],
  fix: {
    en: "It waits for the first entry of its term as any leader does.",
    zh: "它像任何领导者一样等待本任期的第一个条目。",
  },
  links: ["https://github.com/etcd-io/raft/blob/main/raft.go"],
  hunt: {by: "scenario", seeds: 16},
};
