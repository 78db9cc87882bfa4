import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const changeBeforeOwnCommit: Bug = {
  id: "change-before-own-commit",
  apply: withRules("raft", {decidesSince: () => "append"}),
};

export const plaque: Plaque = {
  title: {
    en: "A new leader changes the membership before it has committed an entry of its own term",
    zh: "新领导者还没有提交自己任期的条目，就更改成员",
  },
  happened: {
    en: "The single-server change of the thesis as it was published: its author told of the mistake in 2015, and libraries carried it for years. etcd is not exposed, since there a configuration decides only once it is applied. That one rule is replaced here: members go by the thesis, and go over as soon as a change is in the log.",
    zh: "博士论文发表时的单成员变更：作者于 2015 年指出这一错误，许多库多年后仍带着它。etcd 不受影响，因为配置在应用后才生效。这里只替换了这一条规则：成员遵照论文，变更一写入日志就切换。",
  },
  source: "thesis §4.1; Ongaro, raft-dev, 2015",
  condition: {
    en: "Two leaders of different terms each append a change to the same configuration, and the majorities after it need not meet.",
    zh: "不同任期的两个领导者各自在同一配置上追加一个变更，其后的多数派未必相交。",
  },
  caughtBy: [
    "Leader Completeness",
    "Quorum Log",
    "More Up To Date",
    "Committed Is Durable",
    "Configurations Agree",
  ],
  fix: {
    en: "A leader takes no change before an entry of its own term is committed.",
    zh: "自己任期的条目提交之前，领导者不接受变更。",
  },
  links: ["https://groups.google.com/g/raft-dev/c/t4xj6dJTP6E"],
  hunt: {by: "scenario", seeds: 16},
};
