import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const nestedPutsFree: Bug = {
  id: "nested-puts-free",
  apply: withRules("server", {countsNestedPuts: () => false}),
};

export const plaque: Plaque = {
  title: {
    en: "Puts of a transaction within a transaction take no room",
    zh: "嵌套事务中的 put 不计空间",
  },
  happened: {
    en: "etcd reckons what a transaction may add to the backend file from the puts that stand in it, and passes over those of transactions within it. So they are done while the alarm NOSPACE refuses all other puts, as far as its source shows today.",
    zh: "etcd 按事务中直接出现的 put 估算其会增加的空间，而忽略嵌套事务中的 put。因此从目前的源码看，NOSPACE 警报拒绝其他所有 put 时，它们仍会执行。",
  },
  source: "etcd server/storage/quota.go, costTxn",
  condition: {
    en: "A member's backend file has reached its quota, and a client nests its puts.",
    zh: "某成员的后端文件达到配额，客户端把 put 放进嵌套事务。",
  },
  caughtBy: ["Nothing Put Without Space"],
  fix: {
    en: "A put costs the same wherever in a transaction it stands.",
    zh: "put 无论在事务的何处都计入同样的空间。",
  },
  links: ["https://github.com/etcd-io/etcd/blob/main/server/storage/quota.go"],
  hunt: {by: "scenario", seeds: 16},
};
