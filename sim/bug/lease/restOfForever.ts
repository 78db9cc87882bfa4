import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const restOfForever: Bug = {
  id: "rest-of-forever",
  apply: withRules("lease", {mayTellRest: () => true}),
};

export const plaque: Plaque = {
  title: {
    en: "A leader that lost its office tells a client that its lease lives almost for ever",
    zh: "已卸任的领导者告诉客户端，它的租约几乎永远有效",
  },
  happened: {
    en: "etcd, reported until 2024: a question for the time to live stood in the leader while another was elected. Where nobody counts leases never end, so the answer was 9223372036 seconds.",
    zh: "etcd（到 2024 年仍有报告）：询问剩余时间的请求停在领导者处时，另一成员当选。不计时的成员上租约永不到期，于是回答是 9223372036 秒。",
  },
  source: "etcd API, LeaseTimeToLive; etcd #17642",
  condition: {
    en: "A leader is deposed between taking the question and looking the lease up.",
    zh: "领导者在收到询问与查找租约之间被取代。",
  },
  caughtBy: ["Rest Within Grant"],
  fix: {
    en: "Who is the primary no more when it looks the lease up says that the leader changed.",
    zh: "查找租约时若已不是主租约管理者，就回答领导者已变更。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/17642"],
  hunt: {by: "scenario", seeds: 16},
};
