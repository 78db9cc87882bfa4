import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const logBeforeSnapshot: Bug = {
  id: "log-before-snapshot",
  apply: withRules("server", {mustSaveFilesFirst: () => false}),
};

export const plaque: Plaque = {
  title: {
    en: "The log tells of a received snapshot before the snapshot is on the disk",
    zh: "收到的快照还没有落盘，日志就先记下了它",
  },
  happened: {
    en: "etcd until 2020: the log and the hard state were saved before the snapshot. A crash between them left a log that begins behind entries which nothing holds, and the member could not start.",
    zh: "etcd 直到 2020 年：先保存日志与硬状态，后保存快照。若在两者之间崩溃，日志就始于无处可寻的条目之后，成员无法启动。",
  },
  source: "etcd server/etcdserver/storage.go, SaveSnap",
  condition: {
    en: "A follower that needs a snapshot loses power between the two.",
    zh: "需要快照的跟随者恰在两者之间断电。",
  },
  caughtBy: ["Member Assertions"],
  fix: {
    en: "The files first, then the record that says they count: a file without a record does no harm.",
    zh: "先写文件，再写使其生效的记录：没有记录的文件并无害处。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/10219", "https://github.com/etcd-io/etcd/pull/11888"],
  hunt: {by: "scenario", seeds: 16},
};
