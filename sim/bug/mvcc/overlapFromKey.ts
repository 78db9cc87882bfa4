import {unbounded} from "../../../core/base/key.ts";
import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const overlapFromKey: Bug = {
  id: "overlap-from-key",
  apply: withRules("mvcc", {
    // The range ["a", "\0") is taken as it is written, and is empty.
    reachOfDelete: ({key, rangeEnd = ""}) => ({from: key, to: rangeEnd === unbounded ? key : rangeEnd}),
  }),
};

export const plaque: Plaque = {
  title: {
    en: "A transaction may put a key and delete it as one of all keys from another on",
    zh: "一个事务可以既写入某个键，又以“从某键起全部删除”把它删掉",
  },
  happened: {
    en: 'etcd, open in 2026: the look for overlaps takes the end "\\0" of a from-key delete for a key, so its range is empty and overlaps nothing.',
    zh: 'etcd，2026 年仍未修复：检查重叠时，把从某键起删除的终点 "\\0" 当作一个键，于是范围为空，与什么都不重叠。',
  },
  source: "etcd rpc.proto, Txn: the same key is not modified several times",
  condition: {
    en: "A transaction deletes from a key on and puts a key behind it.",
    zh: "一个事务从某键起全部删除，又写入其后的某个键。",
  },
  caughtBy: ["Keys Change Once"],
  fix: {
    en: "The end of such a range is beyond all keys (proposed).",
    zh: "这种范围的终点在所有键之后（修复提议中）。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/22445", "https://github.com/etcd-io/etcd/pull/22395"],
  hunt: {by: "scenario", seeds: 16},
};
