import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const snapshotUnreported: Bug = {
  id: "snapshot-unreported",
  apply: withRules("server", {tellsRaft: (what) => what !== "snapshotFailed"}),
};

export const plaque: Plaque = {
  title: {en: "Raft is not told that a snapshot got lost", zh: "快照丢失却没有告知 Raft"},
  happened: {
    en: "A leader sends a follower nothing more until its snapshot is answered or reported. Where the transport reports nothing, the follower is left behind for ever; etcd's library says that the report must be made, and followers that stayed so were reported.",
    zh: "领导者发出快照后，在得到回答或报告之前不再发送任何内容。传输层若不报告，跟随者就永远落后；etcd 的库要求必须报告；也有人报告过一直停在此状态的跟随者。",
  },
  source: "Raft §7; etcd #10308",
  condition: {
    en: "A follower needs a snapshot, and that is lost on its way.",
    zh: "跟随者需要快照，而快照在途中丢失。",
  },
  caughtBy: ["Convergence"],
  fix: {
    en: "The transport tells raft that the snapshot failed, and it is sent again.",
    zh: "传输层告知 Raft 快照发送失败，于是重新发送。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/10308", "https://github.com/etcd-io/etcd/issues/10225"],
  hunt: {by: "scenario", seeds: 16},
};
