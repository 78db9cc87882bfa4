import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const renewedAfterRevoke: Bug = {
  id: "renewed-after-revoke",
  apply: withRules("lease", {leaseToRenew: ({seen, found}) => seen ?? found}),
};

export const plaque: Plaque = {
  title: {
    en: "A keep-alive is answered with time to live though the lease was revoked meanwhile",
    zh: "租约在此期间已被撤销，续约请求却仍得到剩余时间",
  },
  happened: {
    en: "etcd, reported in 2022 and again in 2025: a renewal looked a lease up, and a revocation that was applied before it went on had deleted the lease and its keys already.",
    zh: "etcd（2022 年和 2025 年两次报告）：续约先查到租约，而在它继续之前，已应用的撤销早已删除租约和它的键。",
  },
  source: "etcd #14758, #20590",
  condition: {
    en: "A keep-alive stands between looking the lease up and renewing it while a revocation is applied.",
    zh: "续约请求停在查到租约与续约之间，而此时撤销被应用。",
  },
  caughtBy: ["No Renewal After The End"],
  fix: {
    en: "The lease is looked up again at the very moment of the renewal.",
    zh: "在续约的那一刻再次查找租约。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/14758", "https://github.com/etcd-io/etcd/issues/20590"],
  hunt: {by: "scenario", seeds: 16},
};
