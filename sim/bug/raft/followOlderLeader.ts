import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const followOlderLeader: Bug = {
  id: "follow-older-leader",
  apply: withRules("raft", {isOutdated: (kind) => kind !== "AppendEntries"}),
};

export const plaque: Plaque = {
  title: {
    en: "A follower takes an append from the leader of an earlier term",
    zh: "追随者接受较早任期领导者的追加",
  },
  happened: {
    en: "The first rule of AppendEntries, left out; the guide for MIT's students finds terms that are not compared behind many of their bugs.",
    zh: "略去了 AppendEntries 的第一条规则；MIT 学生指南指出，许多错误的根源是没有比较任期。",
  },
  source: "Raft §5.1, Figure 2, AppendEntries 1",
  condition: {
    en: "An append of the old leader is on its way while another is elected and commits.",
    zh: "旧领导者的追加仍在途中，另一成员当选并提交了条目。",
  },
  caughtBy: [
    "Quorum Log",
    "Leader Completeness",
    "State Machine Safety",
    "Committed Is Durable",
    "Equal States",
  ],
  fix: {
    en: "A message of an older term is dropped, or answered with the newer term.",
    zh: "丢弃旧任期的消息，或以较新的任期应答。",
  },
  links: ["https://thesquareplanet.com/blog/students-guide-to-raft/", "https://raft.github.io/raft.pdf"],
  hunt: {by: "scenario", seeds: 16},
};
