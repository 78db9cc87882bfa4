import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const overlapOfSiblings: Bug = {
  id: "overlap-of-siblings",
  apply: withRules("mvcc", {comparesWithEarlierPuts: (kind) => kind !== "txn"}),
};

export const plaque: Plaque = {
  title: {
    en: "A nested transaction may delete what an earlier one beside it puts",
    zh: "嵌套事务可以删除它前面的兄弟事务所写入的键",
  },
  happened: {
    en: "etcd, open since 2023: of two nested transactions the second one's deletes are not compared with the first one's puts; the other way round they are.",
    zh: "etcd，2023 年起未修复：两个嵌套事务中，第二个的删除不与第一个的写入比较；反过来则会比较。",
  },
  source: "etcd rpc.proto, Txn: the same key is not modified several times",
  condition: {
    en: "A transaction has two nested ones; the first puts a key, the second deletes it.",
    zh: "一个事务含有两个嵌套事务，第一个写入某键，第二个删除它。",
  },
  caughtBy: ["Keys Change Once"],
  fix: {
    en: "What a nested transaction deletes is compared with all that the operations before it put.",
    zh: "嵌套事务删除的内容，要与它之前所有操作写入的内容比较。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/16380"],
  hunt: {by: "scenario", seeds: 16},
};
