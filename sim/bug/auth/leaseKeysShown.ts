import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const leaseKeysShown: Bug = {
  id: "lease-keys-shown",
  apply: withRules("auth", {tellingNeedsKeys: () => false}),
};

export const plaque: Plaque = {
  title: {
    en: "The names of a lease's keys are told to anybody who logged in",
    zh: "任何登录用户都能得知租约上的键名",
  },
  happened: {
    en: "Whoever asked etcd for what is left of a lease, and for its keys, was told their names, with or without permission to read them, until 3.4.26 and 3.5.9 (CVE-2023-32082).",
    zh: "询问租约剩余时间并索要其键的用户，无论有无读权限都能得到键名，直到 etcd 3.4.26 与 3.5.9（CVE-2023-32082）。",
  },
  source: "GHSA-3p4g-rcw5-8298 (CVE-2023-32082)",
  condition: {
    en: "A lease holds keys that its asker may not read.",
    zh: "租约上有询问者无权读取的键。",
  },
  caughtBy: ["Permissions"],
  fix: {
    en: "The keys of a lease are told to who may read all of them.",
    zh: "只有能读取全部键的用户才能得知租约上的键。",
  },
  links: ["https://github.com/etcd-io/etcd/security/advisories/GHSA-3p4g-rcw5-8298"],
  hunt: {by: "scenario", seeds: 16},
};
