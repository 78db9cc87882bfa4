import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const waitForPendingSnapshot: Bug = {
  id: "wait-for-pending-snapshot",
  apply: withRules("raft", {
    goesOnWithEntries: ({matchIndex, pendingSnapshot}) => matchIndex >= pendingSnapshot,
  }),
};

export const plaque: Plaque = {
  title: {
    en: "A leader sends a follower nothing more until it holds all that the snapshot on its way stands for",
    zh: "跟随者持有在途快照所代表的全部内容之前，领导者不再向它发送任何内容",
  },
  happened: {
    en: "A follower may catch up by other means: a message that was late, a snapshot from elsewhere. etcd's library did not go on with entries then, and the follower waited for a snapshot that might never come.",
    zh: "跟随者可能以其他方式追上：迟到的消息，或来自别处的快照。etcd 的库此时不继续发送条目，跟随者就等待一个可能永远不来的快照。",
  },
  source: "etcd-io/raft #110",
  condition: {
    en: "A snapshot is under way for very long, and a late message brings the follower to where the leader's log begins.",
    zh: "快照在途很久，而一条迟到的消息把跟随者带到领导者日志的起点。",
  },
  caughtBy: ["Convergence"],
  fix: {
    en: "As soon as the follower's log reaches the leader's, entries are sent again, whichever snapshot is on its way.",
    zh: "只要跟随者的日志接上领导者的日志，无论哪个快照在途，都继续发送条目。",
  },
  links: ["https://github.com/etcd-io/raft/issues/110"],
  hunt: {by: "scenario", seeds: 16},
};
