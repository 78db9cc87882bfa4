import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const applyAsLeaderAlone: Bug = {
  id: "apply-as-leader-alone",
  apply: withRules("server", {mustApply: (role) => role === "leader"}),
};

export const plaque: Plaque = {
  title: {
    en: "Only the leader applies what is committed",
    zh: "只有领导者应用已提交的命令",
  },
  happened: {
    en: "RedisRaft lost all data when another server took over (redisraft#14; Jepsen 2020). Here followers take commands for applied and leave them out.",
    zh: "换由另一台服务器领导时，RedisRaft 丢失了全部数据（redisraft#14；Jepsen，2020 年）。此处追随者把命令当作已应用，却略去不做。",
  },
  source: "Raft Figure 2, All Servers",
  condition: {
    en: "Another member leads.",
    zh: "换由另一成员领导。",
  },
  caughtBy: ["Linearizability", "Revisions Keep Real Time"],
  fix: {
    en: "Every member applies every committed command, in the log's order.",
    zh: "每个成员按日志顺序应用每条已提交的命令。",
  },
  links: [
    "https://github.com/RedisLabs/redisraft/issues/14",
    "https://jepsen.io/analyses/redis-raft-1b3fbf6",
  ],
  hunt: {by: "trials", seeds: 16},
};
