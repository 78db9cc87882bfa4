import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const keysInAnyOrder: Bug = {
  id: "keys-in-any-order",
  apply: withRules("lease", {deletionOrder: (ascending) => ascending.toReversed()}),
};

export const plaque: Plaque = {
  title: {
    en: "Each member deletes the keys of a lease that ends in an order of its own",
    zh: "租约结束时，各成员以各自的次序删除它的键",
  },
  happened: {
    en: "etcd tells in a comment why it sorts the keys of a lease before it deletes them: they stand in a map, which Go goes through in another order each time, and the members' stores would differ. Here whoever has the bug begins with the last.",
    zh: "etcd 在注释中说明为何先排序再删除租约的键：它们存放在映射中，Go 每次以不同次序遍历，各成员的存储就会不同。在这里有此缺陷的成员从最后一个键开始。",
  },
  source: "etcd lessor.go, Revoke: sort keys so deletes are in same order among all members",
  condition: {
    en: "A lease with two keys or more ends.",
    zh: "带有两个或更多键的租约结束。",
  },
  caughtBy: ["Equal States", "Equal Hashes"],
  fix: {
    en: "The keys are deleted in ascending order.",
    zh: "按升序删除这些键。",
  },
  links: ["https://github.com/etcd-io/etcd/blob/v3.5.0/server/lease/lessor.go"],
  hunt: {by: "scenario", seeds: 16},
};
