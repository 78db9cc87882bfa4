import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const keysLetGo: Bug = {
  id: "keys-let-go",
  apply: withRules("lease", {attachesAnew: () => false}),
};

export const plaque: Plaque = {
  title: {
    en: "A member that starts again does not know any more which keys hang on its leases",
    zh: "成员重新启动后，不再知道哪些键挂在租约上",
  },
  happened: {
    en: "etcd tells in a comment why it always recovers the lessor before the store: the store's keys find their leases as it is read, and in the other order hang on a lessor that is thrown away.",
    zh: "etcd 在注释中说明为何总是先恢复租约管理者再恢复存储：读出存储时，键会找到各自的租约；若次序颠倒，它们就挂在一个随后被丢弃的租约管理者上。",
  },
  source: "etcd server.go: always recover lessor before kv",
  condition: {
    en: "A member starts again, or receives a snapshot, and then a lease ends that has keys.",
    zh: "成员重新启动或收到快照，之后一个带有键的租约结束。",
  },
  caughtBy: ["Equal States", "One Lease Per Key"],
  fix: {
    en: "Leases are read first, then the keys, which hang on them by their last values.",
    zh: "先读租约，再读键；键按其最后的值挂到租约上。",
  },
  links: ["https://github.com/etcd-io/etcd/blob/v3.5.0/server/etcdserver/server.go"],
  hunt: {by: "scenario", seeds: 16},
};
