import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const progressBeforeEvents: Bug = {
  id: "progress-before-events",
  apply: withRules("watch", {mayTellProgress: () => true}),
};

export const plaque: Plaque = {
  title: {
    en: "A watch is told to be up to date while it still has events to come",
    zh: "监视还有事件未收到，就被告知已是最新",
  },
  happened: {
    en: "etcd until 3.5.7 answered a request for progress at once with the store's revision, past the events that waited; Kubernetes’ watch cache goes by that revision. Here the answer goes through the stream's one queue, so it overtakes only what has not been read yet.",
    zh: "3.5.7 及之前的 etcd 收到进度请求就立即以存储的修订号回答，越过了还在等待的事件，而 Kubernetes 的缓存正依赖这个修订号。在这里回答经过流的唯一队列，因此只越过尚未读出的事件。",
  },
  source: "etcd Watch API guarantees, Bookmarkable; etcd #15220",
  condition: {
    en: "A client asks for progress while one of its watches is still catching up.",
    zh: "客户端的某个监视还在追赶时，客户端请求进度。",
  },
  caughtBy: ["Watch Bookmarks"],
  fix: {
    en: "Progress is told only while all watches of the stream are synced, and through the channel of the events (progressIfSync).",
    zh: "只有当流上所有监视都已同步时才告知进度，并且与事件走同一个通道（progressIfSync）。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/15220", "https://github.com/etcd-io/etcd/pull/15237"],
  hunt: {by: "scenario", seeds: 16},
};
