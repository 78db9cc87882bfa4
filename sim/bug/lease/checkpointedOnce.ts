import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const checkpointedOnce: Bug = {
  id: "checkpointed-once",
  apply: withRules("lease", {mayCheckpoint: ({takenOver}) => !takenOver}),
};

export const plaque: Plaque = {
  title: {
    en: "A leader that takes over leases never tells the others how much is left of them",
    zh: "接管租约的领导者从不告诉其他成员租约还剩多少时间",
  },
  happened: {
    en: "etcd until 3.6: checkpoints of a lease were scheduled only until the first change of leaders. From the second change on long leases lived all their time anew, as they had before there were checkpoints.",
    zh: "3.6 之前的 etcd：租约的检查点只安排到第一次更换领导者为止。从第二次更换起，长租约又从头计时，如同没有检查点。",
  },
  source: "etcd #9888, #13491",
  condition: {
    en: "Leases are checkpointed, and leaders change twice while one lives that nobody renews.",
    zh: "租约有检查点，而在一个无人续约的租约存活期间领导者更换两次。",
  },
  caughtBy: ["Leases End In Time"],
  fix: {
    en: "Who is promoted schedules checkpoints of all leases, not of new ones only.",
    zh: "成为主租约管理者时，为所有租约安排检查点，而不只是新的租约。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/9888", "https://github.com/etcd-io/etcd/pull/13491"],
  hunt: {by: "scenario", seeds: 60},
};
