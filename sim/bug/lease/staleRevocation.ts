import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const staleRevocation: Bug = {
  id: "stale-revocation",
  apply: withRules("lease", {givesUpWhenDemoted: () => false}),
};

export const plaque: Plaque = {
  title: {
    en: "A leader that was stuck ends leases which its successor has renewed",
    zh: "卡住的旧领导者结束了继任者已续约的租约",
  },
  happened: {
    en: "etcd, reported from 2020 to 2023: a leader whose disk was stuck did not notice that it led no more, its lessor went on, and raft passed its revocations to the new leader. Here raft is never stuck; its lease actor is, and keeps what it found.",
    zh: "etcd（2020 至 2023 年多次报告）：磁盘卡住的领导者没有发觉自己已不再领导，它的租约管理照常进行，raft 又把撤销转给了新领导者。在这里 raft 不会卡住，卡住的是租约执行者，它不放弃已找到的到期租约。",
  },
  source: "etcd Lease guarantees; etcd #15247, #12528, #16432",
  condition: {
    en: "A leader finds a lease expired and stands still before it proposes the end; another leads, and renews the lease.",
    zh: "领导者发现租约到期，在提出结束之前停住；另一成员成为领导者并为该租约续约。",
  },
  caughtBy: ["Leases Live Their Time"],
  fix: {
    en: "A leader that may have stood still asks a quorum whether it leads before it revokes (ensureLeadership); one that leads no more drops what it found.",
    zh: "可能停顿过的领导者在撤销之前先向多数派确认自己仍是领导者（ensureLeadership）；不再领导者放弃已找到的到期租约。",
  },
  links: [
    "https://github.com/etcd-io/etcd/issues/15247",
    "https://github.com/etcd-io/etcd/issues/12528",
    "https://github.com/etcd-io/etcd/issues/16432",
    "https://github.com/etcd-io/etcd/pull/17425",
  ],
  hunt: {by: "trials", seeds: 60},
};
