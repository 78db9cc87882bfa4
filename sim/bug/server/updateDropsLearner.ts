import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const updateDropsLearner: Bug = {
  id: "update-drops-learner",
  apply: withRules("server", {memberAfter: (before, change) => ({...before, ...change, isLearner: false})}),
};

export const plaque: Plaque = {
  title: {
    en: "A change of a member's addresses makes a voter of it in the record",
    zh: "更改成员地址时，记录中把它变成投票者",
  },
  happened: {
    en: "etcd's MemberUpdate, which is about addresses, dropped that a member was a learner (2026).",
    zh: "etcd 的 MemberUpdate 只涉及地址，却丢掉了成员是学习者这一点（2026 年）。",
  },
  source: "etcd #21694",
  condition: {en: "The addresses of a learner are changed.", zh: "更改学习者的地址。"},
  caughtBy: ["Members Are Recorded"],
  fix: {en: "What the request does not speak of stays as it was.", zh: "请求没有提到的保持不变。"},
  links: ["https://github.com/etcd-io/etcd/issues/21694"],
  hunt: {by: "scenario", seeds: 16},
};
