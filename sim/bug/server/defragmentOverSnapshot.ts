import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const defragmentOverSnapshot: Bug = {
  id: "defragment-over-snapshot",
  apply: withRules("server", {mustYieldToInstall: () => false}),
};

export const plaque: Plaque = {
  title: {
    en: "A defragmentation puts its copy over the state of a snapshot that came meanwhile",
    zh: "碎片整理把自己的副本盖在了期间收到的快照状态之上",
  },
  happened: {
    en: "etcd (2025): nothing kept a member from taking a snapshot's file in use while a defragmentation was copying the old one. The two files came to be one, and a read of it failed: page expected to be 5.",
    zh: "etcd（2025 年）：碎片整理复制旧文件时，没有什么阻止成员启用快照的文件。两个文件混成一个，读取时失败：page expected to be 5。",
  },
  source: "etcd storage/backend/backend.go, defrag; server/etcdserver/server.go, applySnapshot",
  condition: {
    en: "A follower that was cut off is defragmented, and receives a snapshot before the copy takes the file's name.",
    zh: "被隔开的跟随者正在整理碎片，副本取得文件名之前它收到了快照。",
  },
  caughtBy: ["Member Assertions"],
  fix: {
    en: "The two exclude each other; here a defragmentation gives way.",
    zh: "两者互相排斥；这里由碎片整理让步。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/20271", "https://github.com/etcd-io/etcd/pull/20553"],
  hunt: {by: "scenario", seeds: 60},
};
