import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const compactByAnyone: Bug = {
  id: "compact-by-anyone",
  apply: withRules("auth", {compactingNeedsRoot: () => false}),
};

export const plaque: Plaque = {
  title: {
    en: "Whoever asks may compact the store",
    zh: "任何人都可以压缩存储",
  },
  happened: {
    en: "Until 2026 several of etcd's calls were answered to those whom the check should have refused: compaction, and some about leases, alarms and members (CVE-2026-33413). Here it is the compaction, which takes everybody's past away.",
    zh: "直到 2026 年，etcd 的若干调用对本应被拒绝的人也予以应答：压缩，以及关于租约、警报和成员的一些调用（CVE-2026-33413）。这里是压缩，它会抹去所有人的历史。",
  },
  source: "CVE-2026-33413",
  condition: {
    en: "Authentication is enabled, and somebody without the role root asks for a compaction.",
    zh: "已启用认证，而没有 root 角色的人请求压缩。",
  },
  caughtBy: ["Permissions"],
  fix: {
    en: "What concerns the whole store is asked of nobody but users with the role root, as it comes and as it is applied.",
    zh: "涉及整个存储的请求只接受拥有 root 角色的用户，到达时和应用时都要检查。",
  },
  links: ["https://github.com/etcd-io/etcd/security/advisories"],
  hunt: {by: "scenario", seeds: 5},
};
