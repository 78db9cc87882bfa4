import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const watchBeginsTooEarly: Bug = {
  id: "watch-begins-too-early",
  apply: withRules("client", {watchBegins: (created) => created}),
};

export const plaque: Plaque = {
  title: {
    en: "A watch from now on tells what was there before it, if its connection breaks early",
    zh: "从现在起的监视，若连接过早中断，会收到它开始之前的变更",
  },
  happened: {
    en: "etcd's own client does so: a watch from now on that heard of nothing yet is resumed at the revision at which it was created, and not behind it.",
    zh: "etcd 自己的客户端就是如此：从现在起的监视若尚未收到任何事件，重连时从创建时的修订开始，而不是从其后一个开始。",
  },
  source: "etcd client/v3/watch.go",
  condition: {
    en: "The connection of a watch from now on breaks before its first event, and its range was changed at the revision at which it was created.",
    zh: "从现在起的监视在第一个事件之前断线，而其范围恰好在创建时的修订有变更。",
  },
  caughtBy: ["Watch Completeness"],
  fix: {
    en: "It is resumed behind the revision of the answer that it was created.",
    zh: "重连时从创建应答的修订之后开始。",
  },
  links: ["https://github.com/etcd-io/etcd/blob/main/client/v3/watch.go"],
  hunt: {by: "trials", seeds: 60},
};
