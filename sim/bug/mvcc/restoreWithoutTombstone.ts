import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const restoreWithoutTombstone: Bug = {
  id: "restore-without-tombstone",
  apply: withRules("mvcc", {takesLoneTombstone: () => false}),
};

export const plaque: Plaque = {
  title: {
    en: "A restart forgets a delete of which only the tombstone is left",
    zh: "只剩墓碑的删除，在重启后被遗忘",
  },
  happened: {
    en: "etcd up to 3.5.17 (2025): restoring the index skipped a tombstone without an earlier record of its key; the compaction that was done again then deleted it from the file, and a watch missed the delete. Here the store is in memory, so it is gone as soon as it is skipped.",
    zh: "etcd 3.5.17 及更早版本（2025 年）：恢复索引时跳过了没有更早记录的墓碑；随后重做的压缩把它从文件中删掉，监视就漏掉了这次删除。这里存储在内存中，所以一跳过就没有了。",
  },
  source: "etcd watch guarantees: Reliable; etcd mvcc/kvstore.go, restoreIntoIndex",
  condition: {
    en: "A key is deleted at N, the store is compacted at N, the member restarts, and a watch begins at N.",
    zh: "某个键在版本 N 被删除，存储压缩到 N，成员重启，然后监视从 N 开始。",
  },
  caughtBy: ["Watch Completeness", "Watch Never Silent", "Watch Resumption"],
  fix: {
    en: "A tombstone that comes first makes a life of its own (restoreTombstone).",
    zh: "最先出现的墓碑自成一段生命期（restoreTombstone）。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/19179"],
  hunt: {by: "scenario", seeds: 16},
};
