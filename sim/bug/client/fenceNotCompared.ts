import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const fenceNotCompared: Bug = {
  id: "fence-not-compared",
  apply: withRules("client", ({recipeOf}) => ({
    recipeOf: (recipe) => recipeOf(recipe.kind === "critical" ? {...recipe, fenced: false} : recipe),
  })),
};

export const plaque: Plaque = {
  title: {
    en: "Who holds a lock writes without comparing its token",
    zh: "持锁者写入时不比较锁的令牌",
  },
  happened: {
    en: "HBase had it: a server that stood still in a garbage collection went on to write under a lock in ZooKeeper that had been given to another meanwhile (Kleppmann, 2016). Jepsen showed the same of etcd's locks in 2020, and that a comparison in the write's own transaction is what helps.",
    zh: "HBase 曾有此问题：因垃圾回收停住的服务器醒来后，凭 ZooKeeper 中早已转给别人的锁继续写入（Kleppmann，2016）。2020 年 Jepsen 证明 etcd 的锁也是如此，而有用的是在写入的事务中做比较。",
  },
  source: "etcd#11457, Kleppmann “How to do distributed locking”",
  condition: {
    en: "A client stands still for longer than its lease while it holds the lock, and another writes.",
    zh: "持锁的客户端停住的时间超过租约，期间另一个客户端写入。",
  },
  caughtBy: ["Fenced Writes"],
  fix: {
    en: "The write compares the revision that created the lock's key: if that is gone, it is refused.",
    zh: "写入时比较创建锁键的修订：键已不在则拒绝写入。",
  },
  links: [
    "https://github.com/etcd-io/etcd/issues/11457",
    "https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html",
    "https://jepsen.io/analyses/etcd-3.4.3",
  ],
  hunt: {by: "trials", seeds: 60},
};
