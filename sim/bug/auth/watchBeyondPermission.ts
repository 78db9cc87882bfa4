import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const watchBeyondPermission: Bug = {
  id: "watch-beyond-permission",
  apply: withRules("auth", {watched: ({from}) => ({from, to: ""})}),
};

export const plaque: Plaque = {
  title: {
    en: "A watch of many keys needs permission for the first only",
    zh: "监视一个范围只需对第一个键有权限",
  },
  happened: {
    en: "etcd's check of who may watch did not take the end of the range into account as it should. Here the end is not looked at at all.",
    zh: "etcd 检查监视权限时没有正确考虑范围的终点。这里完全不看终点。",
  },
  source: "GHSA-xg4h-6gfc-h4m8",
  condition: {
    en: "A user watches a range that begins with a key that the user may read, and goes on beyond.",
    zh: "用户监视的范围从其可读的键开始，却超出了权限。",
  },
  caughtBy: ["Permissions"],
  fix: {
    en: "A watch is created only for who may read all of its range.",
    zh: "只有对整个范围都有读权限的用户才能创建监视。",
  },
  links: ["https://github.com/etcd-io/etcd/security/advisories/GHSA-xg4h-6gfc-h4m8"],
  hunt: {by: "scenario", seeds: 16},
};
