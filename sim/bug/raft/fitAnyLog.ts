import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const fitAnyLog: Bug = {
  id: "fit-any-log",
  apply: withRules("raft", {fitsOurLog: ({ourTerm}) => ourTerm !== undefined}),
};

export const plaque: Plaque = {
  title: {
    en: "A follower takes an append wherever its log is long enough, whatever stands there",
    zh: "只要日志够长，追随者就接受追加，不管前一条目是什么",
  },
  happened: {
    en: "Implementations that take a heartbeat, an empty append, for no append at all accept it without looking at the entry before, says the guide for MIT's students; the leader counts that as a match.",
    zh: "MIT 学生指南说，有的实现不把心跳（空追加）当作追加，不查看前一条目就接受；领导者却把它算作匹配。",
  },
  source: "Raft §5.3, Figure 2, AppendEntries 2",
  condition: {
    en: "A follower holds an entry of an older term where the leader's log has another.",
    zh: "在同一位置，追随者存有旧任期的条目，领导者的日志却是另一条。",
  },
  caughtBy: ["Log Matching", "Leader Completeness", "State Machine Safety", "Equal States"],
  fix: {
    en: "An append is refused unless the entry before it has the term that the leader says.",
    zh: "除非前一条目的任期与领导者所说的一致，否则拒绝追加。",
  },
  links: ["https://thesquareplanet.com/blog/students-guide-to-raft/", "https://raft.github.io/raft.pdf"],
  hunt: {by: "scenario", seeds: 16},
};
