import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const truncateOnOldAppend: Bug = {
  id: "truncate-on-old-append",
  apply: withRules("raft", {mustReplace: () => true}),
};

export const plaque: Plaque = {
  title: {
    en: "A follower cuts its log off after every append, also after an old one",
    zh: "追随者每收到追加就截断其后的日志，即使那是旧消息",
  },
  happened: {
    en: "A mistake that the guide for MIT's students names, and that CCF's was close to: there a late refusal could roll back what was committed (CCF#5991, 2024).",
    zh: "MIT 学生指南点名的错误；CCF 曾与此相近：迟到的拒绝会回退已提交的条目（CCF#5991，2024 年）。",
  },
  source: "Raft Figure 2, AppendEntries 3; §5.3",
  condition: {
    en: "An append is delivered twice, the second time after a later one was acknowledged and committed.",
    zh: "同一追加送达两次，第二次晚于后来已确认并提交的追加。",
  },
  caughtBy: ["Quorum Log", "Committed Is Durable", "Member Assertions"],
  fix: {
    en: "Only an entry that conflicts is replaced, with all that follow it; what matches is left alone.",
    zh: "只有冲突的条目及其后的条目才被替换；一致的保持不动。",
  },
  links: [
    "https://github.com/microsoft/CCF/issues/5991",
    "https://thesquareplanet.com/blog/students-guide-to-raft/",
  ],
  hunt: {by: "scenario", seeds: 16},
};
