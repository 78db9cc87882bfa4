import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const neverSync: Bug = {
  id: "never-sync",
  apply: withRules("raft", {mustSync: () => false}),
};

export const plaque: Plaque = {
  title: {
    en: "What is written to the log is never synced",
    zh: "写入日志的内容从不同步",
  },
  happened: {
    en: "etcd has a flag for it, --unsafe-no-fsync, made for tests; what a process had written survives its own crash, which hides the mistake until the power goes.",
    zh: "etcd 为测试提供了这样的开关 --unsafe-no-fsync；进程崩溃时已写入的内容仍在，所以直到断电才显出这个错误。",
  },
  source: "Raft Figure 2, persistent state",
  condition: {
    en: "All members lose power at once.",
    zh: "所有成员同时断电。",
  },
  caughtBy: [
    "Durable Answers",
    "Quorum Log",
    "Committed Is Durable",
    "Durable Term",
    "Durable Vote",
    "Durable Log",
  ],
  fix: {
    en: "Whatever holds entries, a term or a vote is synced before it is spoken of.",
    zh: "凡含有条目、任期或投票的写入，都要先同步才能据此发言。",
  },
  links: ["https://etcd.io/docs/v3.5/op-guide/configuration/", "https://raft.github.io/raft.pdf"],
  hunt: {by: "trials", seeds: 16},
};
