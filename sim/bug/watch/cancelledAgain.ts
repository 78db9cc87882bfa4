import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const cancelledAgain: Bug = {
  id: "cancelled-again",
  apply: withRules("watch", {endsWhenCancelled: ({unsynced, most}) => unsynced < most}),
};

export const plaque: Plaque = {
  title: {
    en: "Where many watches catch up, a compacted one is cancelled again and again and never forgotten",
    zh: "许多监视同时追赶时，被压缩的监视一再被取消，却从未被忘记",
  },
  happened: {
    en: "etcd, reported in 2026 and seen in 3.4.23: with 512 or more watchers to catch up a round works on a copy of their group, and took those that it cancelled out of the copy only. Here the bound is set to one.",
    zh: "etcd（2026 年报告，3.4.23 中可见）：待追赶的监视者达到 512 个时，每一轮处理的是它们的副本，被取消者只从副本中移除。在这里这个界限设为一。",
  },
  source: "etcd Watch API guarantees; etcd #22294",
  condition: {
    en: "As many watchers catch up as a round serves, and one of them begins with what was compacted.",
    zh: "追赶的监视者达到一轮所能处理的数目，其中一个从已被压缩的修订号开始。",
  },
  caughtBy: ["Watch Only Forward"],
  fix: {
    en: "A watcher that was cancelled leaves its group, not a copy of it.",
    zh: "被取消的监视者从其所在的组中移除，而不是从副本中移除。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/22294", "https://github.com/etcd-io/etcd/pull/22295"],
  hunt: {by: "scenario", seeds: 16},
};
