import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const voteForLongerLog: Bug = {
  id: "vote-for-longer-log",
  apply: withRules("raft", {isUpToDate: (theirs, ours) => theirs.index >= ours.index}),
};

export const plaque: Plaque = {
  title: {
    en: "A member votes for the longer log, not for the newer one",
    zh: "成员投票给更长的日志，而不是更新的日志",
  },
  happened: {
    en: "Where the member with most data is to lead, length stands for age: Redis's replicas are ranked by offset. Raft compares the terms of the last entries first, since what was never committed may be longest.",
    zh: "有的系统让数据最多的成员当领导者，以长短代替新旧：Redis 的副本按偏移量排名。Raft 先比较最后条目的任期，因为从未提交的日志可能最长。",
  },
  source: "Raft §5.4.1",
  condition: {
    en: "A leader that was cut off has written more than the others have committed since.",
    zh: "被隔开的领导者写入的条目比别人后来提交的还多。",
  },
  caughtBy: ["Leader Completeness", "More Up To Date"],
  fix: {
    en: "The log whose last entry has the later term is more up to date; length decides only between equal terms.",
    zh: "最后条目任期更大的日志更新；任期相同时才比较长短。",
  },
  links: [
    "https://raft.github.io/raft.pdf",
    "https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/",
  ],
  hunt: {by: "scenario", seeds: 16},
};
