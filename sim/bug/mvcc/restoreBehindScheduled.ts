import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const restoreBehindScheduled: Bug = {
  id: "restore-behind-scheduled",
  // Such a compaction was refused as one of the future, and the error was only logged.
  apply: withRules("mvcc", {
    isForgotten: (ended, at) => ended <= at,
    restoredRevision: ({newest, finished}) => Math.max(newest, finished),
    mustCompactAgain: ({finished, scheduled, current}) => scheduled > finished && scheduled <= current,
  }),
};

export const plaque: Plaque = {
  title: {
    en: "After a crash in the middle of a compaction a member's revision goes back",
    zh: "压缩途中崩溃之后，成员的版本号倒退了",
  },
  happened: {
    en: "etcd up to 3.5.13: where the newest records of all were tombstones, compaction deleted them batch by batch; a crash before it was marked as finished left a store at an older revision, and its entries counted as applied. It takes the compaction of tombstones at the compact revision (#18089) too, which those versions had.",
    zh: "etcd 3.5.13 及更早版本：若最新的记录全是墓碑，压缩会逐批删掉它们；在标记完成之前崩溃，存储就停在更旧的版本，而相应条目却算作已应用。这还要求压缩会删除恰在压缩版本上的墓碑（#18089），那些版本正是如此。",
  },
  source: "etcd mvcc/kvstore.go, restore",
  condition: {
    en: "The last changes are deletes, all of them are compacted, and the member crashes when the records are deleted and the mark is not written.",
    zh: "最后的变更都是删除，且全部被压缩；记录已删除、完成标记尚未写入时成员崩溃。",
  },
  caughtBy: ["Revisions Keep Real Time", "Atomic Writes", "Linearizability", "Replay Agreement"],
  fix: {
    en: "The restored revision is at least that of the compaction that was scheduled.",
    zh: "恢复后的版本至少是已安排压缩的版本。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/17780", "https://github.com/etcd-io/etcd/issues/16693"],
  hunt: {by: "scenario", seeds: 16},
};
