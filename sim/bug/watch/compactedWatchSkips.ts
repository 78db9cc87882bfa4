import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const compactedWatchSkips: Bug = {
  id: "compacted-watch-skips",
  apply: withRules("watch", {mayReadOn: () => true}),
};

export const plaque: Plaque = {
  title: {
    en: "A slow watch whose history was compacted goes on with a gap and is not cancelled",
    zh: "历史已被压缩的慢速监视没有被取消，而是带着空缺继续",
  },
  happened: {
    en: "etcd until 3.5.12: while a client was too slow to be told that its watch was compacted, the watch was taken for caught up. Events were missing without a word, in Kubernetes' caches too. Here it reads on with what compaction left.",
    zh: "3.5.12 及之前的 etcd：客户端太慢，收不到监视已被压缩的通知时，该监视被当作已追上。事件悄悄丢失，Kubernetes 的缓存也是如此。在这里它从压缩所留下的内容继续读。",
  },
  source: "etcd Watch API guarantees, Reliable; etcd #17529",
  condition: {
    en: "The stream of a slow client is full, a compaction passes what its watch would read next, and something is written.",
    zh: "慢客户端的流已满，压缩越过了它的监视接下来要读的修订号，然后又有写入。",
  },
  caughtBy: ["Watch Completeness", "Watch Never Silent"],
  fix: {
    en: "A compacted watcher whose stream is full stays where it is until there is room to cancel it.",
    zh: "流已满时，被压缩的监视者留在原处，直到有空位可以通知它取消。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/17529", "https://github.com/etcd-io/etcd/commit/405862e80"],
  hunt: {by: "scenario", seeds: 60},
};
