import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const hashResumedCompaction: Bug = {
  id: "hash-resumed-compaction",
  apply: withRules("mvcc", {mayHashCompaction: () => true}),
};

export const plaque: Plaque = {
  title: {
    en: "A compaction that is done again after a crash is hashed over what is left",
    zh: "崩溃后重做的压缩，只对剩下的记录计算哈希",
  },
  happened: {
    en: "etcd 3.5 (2023): members compare the hashes of what their compactions went through. One that was resumed had deleted a part before the crash, its hash differed, and a sound member was called corrupt.",
    zh: "etcd 3.5（2023 年）：成员比较各自压缩所经过内容的哈希。被恢复的压缩在崩溃前已删掉一部分，哈希于是不同，完好的成员被判为损坏。",
  },
  source: "etcd mvcc/kvstore.go, compact; mvcc/hash.go",
  condition: {
    en: "A member crashes between two batches of a compaction, comes back, and the hashes of compactions are compared.",
    zh: "成员在压缩的两批之间崩溃后恢复，随后比较压缩的哈希。",
  },
  caughtBy: ["Alarms Are True"],
  fix: {
    en: "Such a hash is kept only if the compactions before had deleted everything when this one began.",
    zh: "只有开始时之前的压缩都已删除完毕，才保留这个哈希。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/15919"],
  hunt: {by: "scenario", seeds: 16},
};
