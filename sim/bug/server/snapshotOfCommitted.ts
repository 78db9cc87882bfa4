import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const snapshotOfCommitted: Bug = {
  id: "snapshot-of-committed",
  apply: withRules("server", {snapshotIndex: ({committed}) => committed}),
};

export const plaque: Plaque = {
  title: {
    en: "A snapshot says that it stands for all that is committed, and holds what is applied",
    zh: "快照自称代表全部已提交的条目，其内容却只到已应用之处",
  },
  happened: {
    en: "RedisRaft, as Jepsen found it in 2020, had snapshots and logs that did not fit each other. Modelled as a snapshot with an index that its data has not come to, so that whoever takes it leaves entries out.",
    zh: "2020 年 Jepsen 测试 RedisRaft 时，它的快照与日志对不上。这里的模型是：快照所标的索引超过其数据，接受它的服务器于是漏掉了条目。",
  },
  source: "Raft §7, Figure 13: lastIncludedIndex",
  condition: {
    en: "A leader that is slow to apply sends a snapshot.",
    zh: "应用得慢的领导者发送快照。",
  },
  caughtBy: ["Equal States", "Equal Hashes", "Replay Agreement"],
  fix: {
    en: "A snapshot carries the index of the last entry that was applied to the state in it.",
    zh: "快照携带其状态中最后应用的条目的索引。",
  },
  links: [
    "https://jepsen.io/analyses/redis-raft-1b3fbf6",
    "https://github.com/RedisLabs/redisraft/issues/43",
    "https://github.com/RedisLabs/redisraft/issues/53",
  ],
  hunt: {by: "scenario", seeds: 16},
};
