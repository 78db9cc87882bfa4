import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const refusalWithoutTerm: Bug = {
  id: "refusal-without-term",
  apply: withRules("raft", {voteAnswerTerm: ({granted, asked}) => (granted ? asked : 0)}),
};

export const plaque: Plaque = {
  title: {
    en: "A refused vote or pre-vote says nothing of the voter's term",
    zh: "拒绝投票或预投票时不说明投票者的任期",
  },
  happened: {
    en: "Two cohorts of an openraft cluster refused each other for ever: one had the longest log, the other the higher term, and no refusal carried it (2026). There a change of membership had led to it; here one cohort campaigned alone.",
    zh: "openraft 的一个集群分成两群，彼此永远拒绝：一群的日志最长，另一群的任期更高，而拒绝中不带任期（2026 年）。那里的起因是成员变更；这里是其中一群曾独自参选。",
  },
  source: "Raft §5.1, thesis §9.6",
  condition: {
    en: "A quorum needs both cohorts, and each refuses the other.",
    zh: "法定人数需要两群都在，而它们互相拒绝。",
  },
  caughtBy: ["Convergence"],
  fix: {
    en: "Answers carry the term of who answers; who is behind adopts it.",
    zh: "回答带上回答者的任期，落后者据此更新。",
  },
  links: ["https://github.com/databendlabs/openraft/issues/1796"],
  hunt: {by: "scenario", seeds: 120},
};
