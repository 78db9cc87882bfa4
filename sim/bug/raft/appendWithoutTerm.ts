import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const appendWithoutTerm: Bug = {
  id: "append-without-term",
  apply: withRules("raft", {
    mustSendSnapshot: (prevLogTerm, hasEntries) => prevLogTerm === undefined && hasEntries,
    fitsOurLog: ({prevLogTerm, ourTerm = 0}) => prevLogTerm === ourTerm,
  }),
};

export const plaque: Plaque = {
  title: {
    en: "An append that follows a compacted entry says term 0, and fits where a log has nothing",
    zh: "跟在已压缩条目之后的追加写任期 0，于是与空缺之处“吻合”",
  },
  happened: {
    en: "etcd's raft asked its log for the term of a compacted entry, got 0, and sent that in the empty append to a follower whose window was full (etcd-io/raft#31, 2023); a follower without that entry had term 0 there as well, and panicked.",
    zh: "etcd 的 raft 向日志询问已压缩条目的任期，得到 0，并把它写进发给窗口已满的追随者的空追加（etcd-io/raft#31，2023 年）；缺少该条目的追随者在那里同样是任期 0，于是 panic。",
  },
  source: "Raft §5.3, §7",
  condition: {
    en: "A follower's window is full of lost appends, and the log is compacted beyond them.",
    zh: "追随者的窗口被丢失的追加占满，而日志已压缩到其后。",
  },
  caughtBy: ["Member Assertions"],
  fix: {
    en: "What a log does not know is no term; a follower whose place is compacted away is sent the snapshot.",
    zh: "日志不知道的不是任何任期；位置已被压缩的追随者会收到快照。",
  },
  links: ["https://github.com/etcd-io/raft/issues/31"],
  hunt: {by: "scenario", seeds: 16},
};
