import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const changeWhilePending: Bug = {
  id: "change-while-pending",
  apply: withRules("raft", (rules) => ({
    refusalOfChange: (asked) => rules.refusalOfChange({...asked, pendingConfIndex: 0}),
  })),
};

export const plaque: Plaque = {
  title: {
    en: "A leader takes a change of membership while another one is pending",
    zh: "前一个成员变更还未完成，领导者就接受下一个",
  },
  happened: {
    en: "One change moves at most one voter, so that majorities before and after it share a member; of two changes this is not true. Concurrent joins lost committed entries of Valkey (reported 2026).",
    zh: "一次变更至多动一个投票者，前后的多数派才有共同成员；两次变更则未必。Valkey 曾因同时加入多个成员而丢失已提交的条目（2026 年报告）。",
  },
  source: "thesis §4.1",
  condition: {en: "Two voters are added at the same time.", zh: "同时加入两个投票者。"},
  caughtBy: [
    "Election Safety",
    "Leader Completeness",
    "State Machine Safety",
    "More Up To Date",
    "Leader Has The Longest Log",
  ],
  fix: {
    en: "A leader takes a change only once it has applied the one before.",
    zh: "领导者应用了前一个变更之后，才接受下一个。",
  },
  links: ["https://github.com/valkey-io/valkey/issues/3926", "https://github.com/ongardie/dissertation"],
  hunt: {by: "scenario", seeds: 16},
};
