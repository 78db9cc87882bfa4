import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const keyOnDeadLease: Bug = {
  id: "key-on-dead-lease",
  apply: withRules("lease", {mayAttach: () => true}),
};

export const plaque: Plaque = {
  title: {
    en: "A key is put on a lease that has ended, and stays for ever",
    zh: "键写入到已结束的租约上，从此永远留下",
  },
  happened: {
    en: "ZooKeeper until 3.3.4: an ephemeral node that was created while its session was being closed came after the close in the log, and nobody was left to delete it. A lease is to etcd what a session is to ZooKeeper.",
    zh: "3.3.4 之前的 ZooKeeper：会话关闭期间创建的临时节点，在日志中排在关闭之后，再没有谁会删除它。etcd 的租约相当于 ZooKeeper 的会话。",
  },
  source: "etcd Lease guarantees; ZOOKEEPER-1208",
  condition: {
    en: "A put names a lease whose end stands before it in the log.",
    zh: "写入所用的租约，其结束在日志中排在这次写入之前。",
  },
  caughtBy: ["Linearizability", "One Lease Per Key"],
  fix: {
    en: "Whether the lease is there is looked at as the put is applied, on every member alike.",
    zh: "在应用写入时检查租约是否存在，每个成员都是如此。",
  },
  links: ["https://issues.apache.org/jira/browse/ZOOKEEPER-1208"],
  hunt: {by: "trials", seeds: 16},
};
