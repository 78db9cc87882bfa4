import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const txnPutHalfChecked: Bug = {
  id: "txn-put-half-checked",
  apply: withRules("auth", {putNeedsAll: ({inTxn}) => !inTxn}),
};

export const plaque: Plaque = {
  title: {
    en: "A put within a transaction shows the pair before to one who may only write",
    zh: "事务中的 put 把旧值显示给只有写权限的用户",
  },
  happened: {
    en: "Of a put in a transaction etcd asked only whether its key may be written: not whether the pair before, which it answers, may be read, nor whether the keys of the lease that it attaches to may be written, until CVE-2026-44283 was fixed.",
    zh: "对于事务中的 put，etcd 只检查键是否可写：既不检查它返回的旧值是否可读，也不检查所附租约的其他键是否可写，直到 CVE-2026-44283 被修复。",
  },
  source: "GHSA-x35m-3gp4-4fh5 (CVE-2026-44283)",
  condition: {
    en: "A user who may write a key and not read it puts it in a transaction and asks for the previous pair, or attaches it to a lease whose other keys are not the user's.",
    zh: "对某个键只有写权限的用户在事务中 put 它并索要旧值，或把它附着到含有他人键的租约。",
  },
  caughtBy: ["Permissions"],
  fix: {
    en: "What is asked of a put is asked of one within a transaction.",
    zh: "对 put 的检查同样适用于事务中的 put。",
  },
  links: ["https://github.com/etcd-io/etcd/security/advisories/GHSA-x35m-3gp4-4fh5"],
  hunt: {by: "scenario", seeds: 16},
};
