import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const ignoreFailedSync: Bug = {
  id: "ignore-failed-sync",
  apply: withRules("server", {mustStopOnDiskError: () => false}),
};

export const plaque: Plaque = {
  title: {
    en: "A member goes on after a sync has failed",
    zh: "同步失败之后，成员仍然继续",
  },
  happened: {
    en: "PostgreSQL, for twenty years until 2018 (fsyncgate): a failed fsync was tried again, and the second one succeeded, because the kernel had marked the pages clean that it could not write. Redis, LMDB, LevelDB and SQLite were not safe either (Rebello et al., ATC 2020).",
    zh: "PostgreSQL 直到 2018 年的二十年间（fsyncgate）：fsync 失败后重试，第二次成功了，因为内核把写不下去的页标成了干净。Redis、LMDB、LevelDB 和 SQLite 也不安全（Rebello 等，ATC 2020）。",
  },
  source: "Raft Figure 2, persistent state; ATC 2020, Can Applications Recover from fsync Failures?",
  condition: {
    en: "A sync of the log fails, the member acknowledges all the same, and loses power.",
    zh: "日志同步失败，成员照样确认，随后断电。",
  },
  caughtBy: ["Durable Log", "Quorum Log", "Committed Is Durable", "Member Assertions"],
  fix: {
    en: "The member stops: what is durable can only be learnt by reading it back after a restart.",
    zh: "成员停止：究竟什么已持久化，只有重启后读回来才知道。",
  },
  links: [
    "https://wiki.postgresql.org/wiki/Fsync_Errors",
    "https://www.usenix.org/conference/atc20/presentation/rebello",
  ],
  hunt: {by: "scenario", seeds: 16},
};
