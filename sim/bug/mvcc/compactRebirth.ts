import {unbounded} from "../../../core/base/key.ts";
import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const compactRebirth: Bug = {
  id: "compact-rebirth",
  apply: withRules("mvcc", {
    reachOfDelete: ({key, rangeEnd = ""}) => ({from: key, to: rangeEnd === unbounded ? key : rangeEnd}),
    droppedPuts: (puts, isOver, follows) => (isOver || follows ? puts : Math.max(0, puts - 1)),
  }),
};

export const plaque: Plaque = {
  title: {
    en: "Compaction deletes the value of a key that was deleted and put again in one revision",
    zh: "键在同一版本内被删除又写入时，压缩会删掉它的值",
  },
  happened: {
    en: "etcd since 3.4.33 and 3.5.15, open in 2026: compaction stops at the life whose tombstone lies at the compact revision, and never keeps the put after it. The index names it still, so a read stops the member; after a restart an empty store counts as healthy. Here it is gone from both at once. That a transaction may do both takes #22445.",
    zh: "etcd 自 3.4.33 和 3.5.15 起，2026 年仍未修复：压缩止步于墓碑恰在压缩版本的那段生命期，不再保留其后的写入。索引仍然指向它，读取会使成员停止；重启后空的存储却算健康。这里它同时从两处消失。一个事务能做到这两件事，是因为 #22445。",
  },
  source: "etcd mvcc/key_index.go, doCompact",
  condition: {
    en: "A transaction deletes from a key on and puts that key, and the store is compacted at its revision.",
    zh: "一个事务从某键起全部删除又写入该键，然后存储压缩到该版本。",
  },
  caughtBy: ["Linearizability", "Keys Change Once", "Reads Show A State", "Replay Agreement"],
  fix: {
    en: "Refuse such a transaction; compare revisions with their sub-revision in compaction.",
    zh: "拒绝这样的事务；压缩时连同子版本一起比较。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/22376", "https://github.com/etcd-io/etcd/issues/22445"],
  hunt: {by: "scenario", seeds: 16},
};
