import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const watchResumesAtLast: Bug = {
  id: "watch-resumes-at-last",
  apply: withRules("client", {watchGoesOn: (last) => last}),
};

export const plaque: Plaque = {
  title: {
    en: "A watch is resumed at the revision that it told last, and tells it twice",
    zh: "监视从已告知的最后一个修订继续，同一变更告知两次",
  },
  happened: {
    en: "Off by one: among what users of etcd's clients ask about a watch that was resumed, beside lost events, are events told twice.",
    zh: "差一错误：etcd 客户端的使用者关于监视重连的提问中，除了事件丢失，还有事件重复。",
  },
  source: "etcd Watch API guarantees: unique",
  condition: {
    en: "A watch's connection breaks after an event.",
    zh: "监视在收到事件之后断线。",
  },
  caughtBy: ["Watch Without Duplicates", "Watch Order"],
  fix: {
    en: "A revision comes whole, so the client goes on with the one behind it.",
    zh: "一个修订总是完整到达，因此客户端从其后一个修订继续。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/13402", "https://github.com/microsoft/etcd3/issues/33"],
  hunt: {by: "trials", seeds: 16},
};
