import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const trustRecords: Bug = {
  id: "trust-records",
  apply: withRules("storage", {fitsChain: () => true}),
};

export const plaque: Plaque = {
  title: {
    en: "Records of the log are taken as they are, without a look at their checksum",
    zh: "日志的记录不看校验和，读到什么就是什么",
  },
  happened: {
    en: "Redis has no checksums of users' data in its append-only file: what a disk corrupted was loaded, served and spread to the replicas (Ganesan et al., FAST 2017). etcd's log has had them from the start.",
    zh: "Redis 的追加文件对用户数据没有校验和：磁盘损坏的内容被加载、返回，并传给副本（Ganesan 等，FAST 2017）。etcd 的日志从一开始就有。",
  },
  source: "Raft §5.3, Log Matching; FAST 2017, Redundancy Does Not Imply Fault Tolerance",
  condition: {
    en: "A bit of an entry flips on the disk, and the member restarts.",
    zh: "条目的一个比特在磁盘上翻转，然后成员重启。",
  },
  caughtBy: ["Log Matching", "State Machine Safety", "Equal States", "Equal Hashes", "Replay Agreement"],
  fix: {
    en: "Each record carries a checksum that goes on from the record before; who finds a rotten one stops.",
    zh: "每条记录带有从上一条延续而来的校验和；发现损坏的成员停止。",
  },
  links: ["https://www.usenix.org/conference/fast17/technical-sessions/presentation/ganesan"],
  hunt: {by: "scenario", seeds: 16},
};
