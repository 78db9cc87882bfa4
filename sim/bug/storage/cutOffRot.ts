import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const cutOffRot: Bug = {
  id: "cut-off-rot",
  apply: withRules("storage", {mayCutOff: ({isLast}) => isLast}),
};

export const plaque: Plaque = {
  title: {
    en: "Whatever does not check in the log is cut off, as if a crash had torn it",
    zh: "日志中凡校验不过之处都被截断，仿佛是崩溃撕裂了它",
  },
  happened: {
    en: "Kafka cut its log off at the first record whose checksum was wrong, and a leader had its followers cut off theirs (Ganesan et al., FAST 2017). In Raft, too, a member that truncates forgets what it acknowledged, and so may the cluster (Alagappan et al., FAST 2018).",
    zh: "Kafka 在第一条校验和不对的记录处截断日志，领导者还让跟随者一起截断（Ganesan 等，FAST 2017）。在 Raft 中也一样：截断日志的成员忘掉自己确认过的内容，集群也可能因此忘掉（Alagappan 等，FAST 2018）。",
  },
  source: "Raft Figure 2, persistent state; FAST 2018, Protocol-Aware Recovery",
  condition: {
    en: "A bit of a synced entry flips, and the member restarts.",
    zh: "已同步条目的一个比特翻转，然后成员重启。",
  },
  caughtBy: ["Durable Log", "Quorum Log", "Committed Is Durable", "Member Assertions"],
  fix: {
    en: "Tell torn from rotten: only what was never synced may be cut off; else the member stops.",
    zh: "区分撕裂与损坏：只有从未同步过的才可截断，否则成员停止。",
  },
  links: [
    "https://www.usenix.org/conference/fast17/technical-sessions/presentation/ganesan",
    "https://www.usenix.org/conference/fast18/presentation/alagappan",
  ],
  hunt: {by: "scenario", seeds: 16},
};
