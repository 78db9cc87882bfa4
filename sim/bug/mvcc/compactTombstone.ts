import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const compactTombstone: Bug = {
  id: "compact-tombstone",
  apply: withRules("mvcc", {isForgotten: (ended, at) => ended <= at}),
};

export const plaque: Plaque = {
  title: {
    en: "Compaction forgets a delete at the very revision from which watches may begin",
    zh: "压缩丢掉了恰在压缩版本上的删除，而监视正可以从该版本开始",
  },
  happened: {
    en: "etcd up to 3.4.32 and 3.5.14: compaction removed a tombstone at exactly the compact revision, so a watch from that revision never saw the delete. Found by etcd's robustness tests (2024).",
    zh: "etcd 3.4.32 和 3.5.14 及更早版本：压缩会删除恰在压缩版本上的墓碑，从该版本开始的监视就看不到这次删除。由 etcd 的健壮性测试发现（2024 年）。",
  },
  source: "etcd watch guarantees: Reliable; etcd mvcc/key_index.go, doCompact",
  condition: {
    en: "A key is deleted at revision N, the store is compacted at N, and a watch begins at N.",
    zh: "某个键在版本 N 被删除，存储压缩到 N，而一个监视从 N 开始。",
  },
  caughtBy: ["Watch Completeness", "Watch Never Silent", "Watch Resumption"],
  fix: {
    en: "A life that ends at the compact revision keeps its tombstone: compare with >= instead of >.",
    zh: "恰在压缩版本结束的生命期保留墓碑：用 >= 代替 > 比较。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/18089", "https://github.com/etcd-io/etcd/pull/18274"],
  hunt: {by: "scenario", seeds: 16},
};
