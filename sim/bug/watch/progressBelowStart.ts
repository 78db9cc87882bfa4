import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const progressBelowStart: Bug = {
  id: "progress-below-start",
  apply: withRules("watch", {hasBegun: () => true}),
};

export const plaque: Plaque = {
  title: {
    en: "A watch that waits for a future revision is told to be at an earlier one",
    zh: "等待未来修订号的监视被告知处于更早的修订号",
  },
  happened: {
    en: "etcd until 2025: a watch from revision 100 was told progress at revision 6. A client that goes on from there after a broken connection gets events that it had not asked for.",
    zh: "2025 年之前的 etcd：从修订号 100 开始的监视收到了修订号 6 的进度。客户端断线后若从那里继续，就会收到它没有要求的事件。",
  },
  source: "etcd Watch API guarantees, Bookmarkable; etcd #20221",
  condition: {
    en: "A watch from a future revision asks for progress notifications, and nothing happens for a while.",
    zh: "从未来修订号开始的监视要求进度通知，而一段时间内没有任何写入。",
  },
  caughtBy: ["Watch Bookmarks"],
  fix: {
    en: "A watch is told no progress before the store has come to the revision where it begins.",
    zh: "在存储到达监视的起始修订号之前，不向它告知进度。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/20221", "https://github.com/etcd-io/etcd/pull/20281"],
  hunt: {by: "trials", seeds: 60},
};
