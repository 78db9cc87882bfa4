import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const leaseRevokeByVersion: Bug = {
  id: "lease-revoke-by-version",
  apply: withRules("auth", {revokingNeedsKeys: () => false}),
};

export const plaque: Plaque = {
  title: {
    en: "A member of the older version revokes a lease that the others do not let the user revoke",
    zh: "旧版本成员撤销了租约，而其他成员不允许该用户撤销",
  },
  happened: {
    en: "In a rolling upgrade of etcd from 3.2 to 3.3, in 2020: the newer members asked for WRITE on all keys of a lease before they revoked it, the older did not. Both applied the same entry, and their stores differed from then on.",
    zh: "2020 年，etcd 从 3.2 滚动升级到 3.3：新版本成员撤销租约前要求对其所有键有写权限，旧版本不要求。两者应用同一条目，此后存储内容便不同。",
  },
  source: "etcd#11689",
  condition: {
    en: "Members of both versions are in the cluster, and a user revokes a lease whose keys are not the user's.",
    zh: "集群中同时有两个版本的成员，用户撤销含有他人键的租约。",
  },
  caughtBy: ["Equal States", "Equal Leases", "Permissions"],
  fix: {
    en: "All members decide alike, whatever their version: what is new in a check counts only once all have it.",
    zh: "无论版本如何，所有成员的判断必须一致：检查中的新规则只有在全体都具备之后才生效。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/11689"],
  hunt: {by: "scenario", seeds: 16},
};
