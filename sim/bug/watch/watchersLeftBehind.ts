import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const watchersLeftBehind: Bug = {
  id: "watchers-left-behind",
  apply: withRules("watch", {mustCatchUp: () => false}),
};

export const plaque: Plaque = {
  title: {
    en: "A member that receives a snapshot never tells its watches what was in it",
    zh: "成员收到快照后，从不把其中的内容通知给它的监视",
  },
  happened: {
    en: "etcd 3.1: a snapshot replaced the store under its watchers, which heard of nothing any more. Here they hear of later writes, and what they miss is a gap.",
    zh: "etcd 3.1：快照替换了监视者之下的存储，它们从此什么也收不到。在这里它们能收到之后的写入，所缺的是一段空白。",
  },
  source: "etcd Watch API guarantees, Reliable; etcd #8411",
  condition: {
    en: "A member with open watches was away for so long that its leader sends it a snapshot.",
    zh: "带有监视的成员离开太久，领导者只好发给它快照。",
  },
  caughtBy: ["Watch Completeness", "Watch Resumption"],
  fix: {
    en: "With the store its watchers are restored: synced ones become unsynced and read what they missed (watchableStore.Restore).",
    zh: "恢复存储时也恢复监视者：已同步者变为未同步，再读出缺失的部分（watchableStore.Restore）。",
  },
  links: ["https://github.com/etcd-io/etcd/pull/8411"],
  hunt: {by: "scenario", seeds: 16},
};
