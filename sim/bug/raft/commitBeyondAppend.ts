import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const commitBeyondAppend: Bug = {
  id: "commit-beyond-append",
  apply: withRules("raft", {followerCommit: ({leaderCommit}) => leaderCommit}),
};

export const plaque: Plaque = {
  title: {
    en: "A follower commits up to where the leader has, whatever it holds itself",
    zh: "追随者提交到领导者的位置，不管自己存有什么",
  },
  happened: {
    en: "Students of MIT's course, says its guide, leave the min of AppendEntries 5 out. etcd's follower panics where that would be seen: tocommit is out of range, was the raft log corrupted, truncated, or lost?",
    zh: "MIT 课程指南说，学生常漏掉 AppendEntries 第 5 条的 min。etcd 的追随者在此处会 panic：tocommit 超出范围，日志是否损坏、截断或丢失？",
  },
  source: "Raft Figure 2, AppendEntries 5",
  condition: {
    en: "A follower that is behind is sent the log in portions.",
    zh: "落后的追随者分批收到日志。",
  },
  caughtBy: ["Member Assertions"],
  fix: {
    en: "commitIndex = min(leaderCommit, index of last new entry).",
    zh: "commitIndex = min(leaderCommit, 最后一个新条目的索引)。",
  },
  links: ["https://thesquareplanet.com/blog/students-guide-to-raft/", "https://raft.github.io/raft.pdf"],
  hunt: {by: "trials", seeds: 16},
};
