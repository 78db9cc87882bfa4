import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const authCacheNotRestored: Bug = {
  id: "auth-cache-not-restored",
  apply: withRules("auth", {derivesAfterRestore: () => false}),
};

export const plaque: Plaque = {
  title: {
    en: "A member that was caught up by a snapshot does not know what users may do",
    zh: "通过快照追上的成员不知道用户的权限",
  },
  happened: {
    en: "etcd, until 2022: who may do what is kept merged for each user, and was not merged anew when a snapshot's users came. A new member refused all writes of users that the others applied, and its data differed.",
    zh: "2022 年之前的 etcd：每个用户的权限以合并后的形式缓存，而快照带来新的用户数据时缓存没有重建。新成员拒绝了其他成员已应用的用户写入，数据从此不同。",
  },
  source: "etcd#14571",
  condition: {
    en: "Authentication is enabled, a member that is new or was away receives a snapshot, and a user writes.",
    zh: "已启用认证，新加入或离开过的成员收到快照，随后用户写入。",
  },
  caughtBy: ["Equal States"],
  fix: {
    en: "What is derived from the users is made anew whenever their state is replaced.",
    zh: "每当用户状态被替换，由其派生的内容都重新生成。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/14571", "https://github.com/etcd-io/etcd/pull/14574"],
  hunt: {by: "scenario", seeds: 16},
};
