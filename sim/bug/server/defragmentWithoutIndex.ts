import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const defragmentWithoutIndex: Bug = {
  id: "defragment-without-index",
  apply: withRules("server", {mustSayIndex: (writing) => writing !== "defragment"}),
};

export const plaque: Plaque = {
  title: {
    en: "Defragmentation writes the data of entries without saying up to which entry it goes",
    zh: "碎片整理写下了条目的数据，却没有写明到哪个条目为止",
  },
  happened: {
    en: "etcd 3.5.0 to 3.5.5: it committed the open transaction by a way of its own, past the hook that saves the consistent index. After a crash the same entries were applied once more, and the revision was too high (found by robustness tests, 2022).",
    zh: "etcd 3.5.0 至 3.5.5：它用自己的途径提交了未结束的事务，绕过了保存一致性索引的钩子。崩溃之后同样的条目又应用了一次，版本号就偏高了（2022 年由健壮性测试发现）。",
  },
  source: "etcd storage/backend/backend.go, defrag",
  condition: {
    en: "A member is defragmented while it has writes that are not committed, and crashes before the next commit.",
    zh: "成员在有未提交的写入时整理碎片，并在下一次提交之前崩溃。",
  },
  caughtBy: ["Linearizability", "Equal States"],
  fix: {
    en: "Whatever brings data to the file brings the index along.",
    zh: "凡是把数据写进文件的途径，都同时写入索引。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/14685"],
  hunt: {by: "scenario", seeds: 16},
};
