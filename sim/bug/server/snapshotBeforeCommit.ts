import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const snapshotBeforeCommit: Bug = {
  id: "snapshot-before-commit",
  apply: withRules("server", {mustCommitSnapshot: () => false}),
};

export const plaque: Plaque = {
  title: {
    en: "The log is released by a snapshot that stands for more than is in the file",
    zh: "快照所代表的内容还不在文件里，日志就因它而被释放",
  },
  happened: {
    en: "RedisRaft, as Jepsen found it in 2020, had snapshots and logs that did not fit each other. Modelled as a snapshot that counts before its state is durable, so that entries are in neither.",
    zh: "2020 年 Jepsen 测试 RedisRaft 时，它的快照与日志对不上。这里的模型是：快照在其状态持久化之前就算数，于是有些条目两边都没有。",
  },
  source: "Raft §7; Jepsen, Redis-Raft 1b3fbf6",
  condition: {
    en: "A member makes a snapshot, purges its log, and loses power before the backend commits.",
    zh: "成员做了快照、清理了日志，在后端提交之前断电。",
  },
  caughtBy: ["Member Assertions"],
  fix: {
    en: "What a snapshot stands for is committed to the file before the snapshot is written.",
    zh: "快照所代表的内容先提交到文件，然后才写快照。",
  },
  links: [
    "https://jepsen.io/analyses/redis-raft-1b3fbf6",
    "https://github.com/RedisLabs/redisraft/issues/43",
    "https://github.com/RedisLabs/redisraft/issues/53",
  ],
  hunt: {by: "scenario", seeds: 16},
};
