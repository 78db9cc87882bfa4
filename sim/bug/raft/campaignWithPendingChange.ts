import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const campaignWithPendingChange: Bug = {
  id: "campaign-with-pending-change",
  apply: withRules("raft", {mayCampaignWithPendingChange: () => true}),
};

export const plaque: Plaque = {
  title: {
    en: "A member campaigns although it knows of a committed change of membership that it has not applied",
    zh: "成员明知有一条已提交而自己尚未应用的成员变更，仍然参选",
  },
  happened: {
    en: "etcd lets a configuration decide since it is applied, not since it is in the log. Two members that had applied different numbers of changes could then be elected in one term (reported to etcd as #5004 and #7280).",
    zh: "etcd 的配置从被应用起生效，而不是从写入日志起。应用了不同数目变更的两个成员因此可能在同一任期当选（向 etcd 报告为 #5004 与 #7280）。",
  },
  source: "etcd #7280",
  condition: {
    en: "A member is slow to apply, two voters are added meanwhile, and it campaigns at the same time as one that knows them.",
    zh: "某成员应用得慢，其间加入了两个投票者，它与一个已知道它们的成员同时参选。",
  },
  caughtBy: ["Election Safety"],
  fix: {
    en: "Who knows of a committed change that it has not applied does not campaign.",
    zh: "知道有已提交但未应用的变更时，不参选。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/7280", "https://github.com/etcd-io/etcd/issues/5004"],
  hunt: {by: "scenario", seeds: 16},
};
