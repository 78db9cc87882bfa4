import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const watchBackInTime: Bug = {
  id: "watch-back-in-time",
  apply: withRules("watch", {nextOfSynced: ({marked}) => marked}),
};

export const plaque: Plaque = {
  title: {
    en: "A member that receives a snapshot tells its watches of old events again",
    zh: "成员收到快照后，又把旧事件通知给它的监视",
  },
  happened: {
    en: "etcd until 3.5.7, found by its robustness tests: a watcher's next revision was not brought up to date while it was synced. As a snapshot made all watchers catch up, they began where they had last moved.",
    zh: "3.5.7 及之前的 etcd，由其健壮性测试发现：监视者处于同步状态时，它的下一个修订号没有更新。快照使所有监视者重新追赶，于是它们从上次变动之处开始。",
  },
  source: "etcd Watch API guarantees, Ordered and Unique; etcd #15271",
  condition: {
    en: "A member with open watches was away for so long that its leader sends it a snapshot.",
    zh: "带有监视的成员离开太久，领导者只好发给它快照。",
  },
  caughtBy: ["Watch Only Forward"],
  fix: {
    en: "A watcher's next revision goes with every write that it is told of. Here all synced ones share one mark, which does.",
    zh: "监视者每收到一次写入，它的下一个修订号就随之前进。这里所有已同步者共用一个标记，它会前进。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/15271"],
  hunt: {by: "trials", seeds: 60},
};
