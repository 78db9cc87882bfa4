import type {Bug} from "../../../core/server/config.ts";
import {noMember} from "../../../core/base/quantity.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const leaseOnSlowClock: Bug = {
  id: "lease-on-slow-clock",
  apply: withRules("raft", {
    // As short as the others' patience by this member's own clock; given up when it hands over.
    mayReadOnLease: ({checkQuorum, electionElapsed, electionTicks, quorumAnswered, transferee}) =>
      checkQuorum && transferee === noMember && electionElapsed < electionTicks - 1 && quorumAnswered(),
  }),
};

export const plaque: Plaque = {
  title: {
    en: "A leader measures its lease by its own clock, which may be slow",
    zh: "领导者用自己的时钟计量租约，而它可能走得慢",
  },
  happened: {
    en: "etcd asks a quorum by default because a lease trusts clocks, which may drift or stand still (etcd#6005); TiKV's lease reads met the same doubt (tikv#964).",
    zh: "租约依赖时钟，而时钟可能漂移或停走，所以 etcd 默认询问多数派（etcd#6005）；TiKV 的租约读也遇到同样的疑问（tikv#964）。",
  },
  source: "thesis §6.4.1",
  condition: {
    en: "The leader's clock runs at two fifths of the others', and it is cut off.",
    zh: "领导者的时钟只有别人的五分之二快，并且被隔开。",
  },
  caughtBy: ["Linearizability", "Revisions Keep Real Time"],
  fix: {
    en: "Reads ask a quorum (ReadIndex), which is the default; leases are for those who accept stale reads.",
    zh: "读请求询问多数派（ReadIndex），这是默认方式；租约留给能接受过时读的人。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/6005", "https://github.com/tikv/tikv/issues/964"],
  hunt: {by: "trials", seeds: 60},
};
