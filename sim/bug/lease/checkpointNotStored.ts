import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const checkpointNotStored: Bug = {
  id: "checkpoint-not-stored",
  apply: withRules("lease", {stored: (record) => ({...record, remainingTtl: 0})}),
};

export const plaque: Plaque = {
  title: {
    en: "A member that starts again has forgotten how much was left of the leases",
    zh: "成员重新启动后，忘记了租约还剩多少时间",
  },
  happened: {
    en: "etcd until 3.6: what was left of a lease by its last checkpoint was kept in memory and not in the file. A leader that had been started again gave long leases all their time anew, as if there were no checkpoints.",
    zh: "3.6 之前的 etcd：检查点记下的剩余时间只在内存中，不写入文件。重新启动过的成员当选后，又给长租约全部时间，如同没有检查点。",
  },
  source: "etcd #13491, #13508",
  condition: {
    en: "Leases are checkpointed, and a member starts again, from its own disk or from a snapshot.",
    zh: "租约有检查点，而某成员从自己的磁盘或从快照重新启动。",
  },
  caughtBy: ["Equal Leases"],
  fix: {
    en: "A checkpoint is written to the lease's record in the backend file.",
    zh: "检查点写入后端文件中该租约的记录。",
  },
  links: ["https://github.com/etcd-io/etcd/pull/13491", "https://github.com/etcd-io/etcd/pull/13508"],
  hunt: {by: "scenario", seeds: 60},
};
