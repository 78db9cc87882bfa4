import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const countUnloggedSnapshot: Bug = {
  id: "count-unlogged-snapshot",
  apply: withRules("storage", {countsSnapshot: () => true}),
};

export const plaque: Plaque = {
  title: {
    en: "A member starts from a snapshot of which its log knows nothing",
    zh: "成员从日志一无所知的快照启动",
  },
  happened: {
    en: "etcd until 2020 loaded the newest snapshot file there was. After a crash between the file and the log's record of it, the log did not go on from there, and the member could not start.",
    zh: "etcd 直到 2020 年都加载最新的快照文件。若在写完文件、写下日志记录之前崩溃，日志便与之接不上，成员无法启动。",
  },
  source: "etcd server/storage/wal, ValidSnapshotEntries; snap.LoadNewestAvailable",
  condition: {
    en: "A follower that needs a snapshot loses power when its files are there and the log does not tell of it yet.",
    zh: "需要快照的跟随者在文件已写好、日志尚未记下时断电。",
  },
  caughtBy: ["Member Assertions"],
  fix: {
    en: "Only snapshots that the log tells of count; the leader sends another one.",
    zh: "只有日志记下的快照才算数；领导者会再发一个。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/10219", "https://github.com/etcd-io/etcd/pull/11888"],
  hunt: {by: "scenario", seeds: 16},
};
