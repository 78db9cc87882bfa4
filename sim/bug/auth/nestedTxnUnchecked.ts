import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const nestedTxnUnchecked: Bug = {
  id: "nested-txn-unchecked",
  apply: withRules("auth", {looksIntoNested: () => false}),
};

export const plaque: Plaque = {
  title: {
    en: "A transaction within a transaction does what its user may not",
    zh: "事务中的嵌套事务可以做用户无权做的事",
  },
  happened: {
    en: "etcd looked at the operations of a transaction one by one, and passed over those that are transactions themselves, until CVE-2026-33343 was fixed.",
    zh: "etcd 逐个检查事务中的操作，却跳过本身就是事务的操作，直到 CVE-2026-33343 被修复。",
  },
  source: "GHSA-rfx7-8w68-q57q (CVE-2026-33343)",
  condition: {
    en: "Authentication is enabled, and a user nests an operation that is not allowed.",
    zh: "已启用认证，用户把不被允许的操作放进嵌套事务。",
  },
  caughtBy: ["Permissions"],
  fix: {
    en: "What is asked of a transaction is asked of those within it, however deep.",
    zh: "对事务的检查同样适用于其中任意深度的嵌套事务。",
  },
  links: ["https://github.com/etcd-io/etcd/security/advisories/GHSA-rfx7-8w68-q57q"],
  hunt: {by: "scenario", seeds: 16},
};
