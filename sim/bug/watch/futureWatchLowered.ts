import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const futureWatchLowered: Bug = {
  id: "future-watch-lowered",
  apply: withRules("watch", {mustCatchUp: () => true}),
};

export const plaque: Plaque = {
  title: {
    en: "After a snapshot a watch from a future revision is told of earlier events",
    zh: "收到快照后，从未来修订号开始的监视收到了更早的事件",
  },
  happened: {
    en: "etcd, found in 2025 by its robustness tests: a snapshot made all watchers catch up, those of a future revision too; and who had caught up was put on the next write, whatever it had waited for.",
    zh: "etcd 的健壮性测试在 2025 年发现：快照使所有监视者重新追赶，包括从未来修订号开始的；追上之后一律从下一次写入开始，不管原先在等哪个修订号。",
  },
  source: "etcd Watch API guarantees, Resumable; etcd #20221",
  condition: {
    en: "A watch from a future revision is open on a member that is sent a snapshot.",
    zh: "成员收到快照时，有一个从未来修订号开始的监视。",
  },
  caughtBy: ["Watch Only Forward"],
  fix: {
    en: "Catching up never takes a watcher's next revision back: it is the greater of that and the next write.",
    zh: "追赶绝不会把监视者的下一个修订号调低：取它与下一次写入之中较大者。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/20221", "https://github.com/etcd-io/etcd/pull/20229"],
  hunt: {by: "scenario", seeds: 60},
};
