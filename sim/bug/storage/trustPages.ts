import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const trustPages: Bug = {
  id: "trust-pages",
  apply: withRules("storage", {isIntact: () => true}),
};

export const plaque: Plaque = {
  title: {
    en: "Pages of the backend file are taken as they are, without a look at their checksum",
    zh: "后端文件的页面不看校验和，读到什么就是什么",
  },
  happened: {
    en: "RethinkDB and Redis had no checksums of users' data, and returned what a disk had corrupted or spread it to the other members (Ganesan et al., FAST 2017). bbolt has none either, but for its meta pages.",
    zh: "RethinkDB 和 Redis 对用户数据没有校验和，会返回磁盘损坏的内容，甚至传给其他成员（Ganesan 等，FAST 2017）。bbolt 除元数据页外也没有。",
  },
  source: "FAST 2017, Redundancy Does Not Imply Fault Tolerance",
  condition: {
    en: "A bit of a value flips in the file, and the member restarts.",
    zh: "文件中某个值的一个比特翻转，然后成员重启。",
  },
  caughtBy: ["Equal States", "Equal Hashes", "Replay Agreement"],
  fix: {
    en: "Each page is verified by the checksum that its parent holds; a member with a rotten one stops.",
    zh: "每页用父页所存的校验和验证；发现损坏的成员停止。",
  },
  links: ["https://www.usenix.org/conference/fast17/technical-sessions/presentation/ganesan"],
  hunt: {by: "scenario", seeds: 16},
};
