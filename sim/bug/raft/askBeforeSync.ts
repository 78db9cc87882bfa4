import {etcdRules} from "../../../core/raft/rules.ts";
import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const askBeforeSync: Bug = {
  id: "ask-before-sync",
  apply: withRules("raft", {mustWaitForSync: (kind) => etcdRules.mustWaitForSync(kind)}),
};

export const plaque: Plaque = {
  title: {
    en: "A candidate asks for votes before its term and log are durable",
    zh: "候选人在任期与日志落盘之前就请求投票",
  },
  happened: {
    en: "etcd's raft with asynchronous storage writes lets a request for votes leave at once, and holds back only votes and acknowledgements; this project's search found what may follow.",
    zh: "启用异步存储写入的 etcd raft 让投票请求立即发出，只扣住投票与确认；本项目的搜索发现了由此可能产生的后果。",
  },
  source: "Raft Figure 2, persistent state; etcd-io/raft doc.go, AsyncStorageWrites",
  condition: {
    en: "A candidate asks on the strength of an entry, loses power with the entry and the term, campaigns in that term again, and is elected by the answer to its first request.",
    zh: "候选人凭某条目请求投票，断电丢失该条目与任期，再次在该任期参选，并凭对第一次请求的应答当选。",
  },
  caughtBy: [
    "Leader Completeness",
    "State Machine Safety",
    "More Up To Date",
    "Durable Term",
    "Durable Vote",
    "Equal States",
  ],
  fix: {
    en: "A request for votes waits for the disk, as a vote does.",
    zh: "投票请求像投票一样等待落盘。",
  },
  links: ["https://github.com/etcd-io/raft/blob/main/doc.go", "https://raft.github.io/raft.pdf"],
  hunt: {by: "scenario", seeds: 16},
};
