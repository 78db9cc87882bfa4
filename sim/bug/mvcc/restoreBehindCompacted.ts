import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const restoreBehindCompacted: Bug = {
  id: "restore-behind-compacted",
  apply: withRules("mvcc", {
    isForgotten: (ended, at) => ended <= at,
    restoredRevision: ({newest}) => newest,
    mayBeAhead: () => true,
  }),
};

export const plaque: Plaque = {
  title: {
    en: "After a restart a member's revision lies below what it has compacted",
    zh: "重启之后，成员的版本低于它已压缩到的版本",
  },
  happened: {
    en: "etcd 3.0 (2016): a key was put, deleted and compacted, so that no record was left of the newest revision; the restarted server began to count below the compact revision.",
    zh: "etcd 3.0（2016 年）：写入、删除并压缩一个键之后，最新的版本没有留下任何记录；服务器重启后从压缩版本之下重新计数。",
  },
  source: "etcd mvcc/kvstore.go, restore",
  condition: {
    en: "The newest change is a delete, it is compacted, and the member restarts.",
    zh: "最新的变更是删除，它被压缩，然后成员重启。",
  },
  caughtBy: ["Revisions Keep Real Time", "Atomic Writes", "Linearizability", "Replay Agreement"],
  fix: {
    en: "The restored revision is at least the compact revision; since #18089 the tombstone there stays as well.",
    zh: "恢复后的版本至少是压缩版本；自 #18089 起，那里的墓碑也会保留。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/6567", "https://github.com/etcd-io/etcd/issues/6626"],
  hunt: {by: "scenario", seeds: 16},
};
