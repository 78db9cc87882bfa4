import type {Bug} from "../../../core/server/config.ts";
import {noMember} from "../../../core/base/quantity.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const leaseOnQuorumCredit: Bug = {
  id: "lease-on-quorum-credit",
  apply: withRules("raft", {
    // Handed over, it gives the lease up: that is another bug's.
    mayReadOnLease: ({checkQuorum, transferee}) => checkQuorum && transferee === noMember,
  }),
};

export const plaque: Plaque = {
  title: {
    en: "A leader answers reads for as long as it has not missed its quorum",
    zh: "领导者只要还没发现失去多数派，就直接回答读请求",
  },
  happened: {
    en: "etcd's ReadOnlyLeaseBased, to this day (etcd-io/raft#166): the credit of one check lasts up to two election timeouts after the last contact, others may be elected after one. No clock need be wrong.",
    zh: "至今如此的 etcd ReadOnlyLeaseBased（etcd-io/raft#166）：一次检查的信用在最后一次联系之后可持续近两个选举超时，而别人一个超时之后就可能当选。不需要任何时钟出错。",
  },
  source: "thesis §6.4.1; etcd-io/raft#166",
  condition: {
    en: "A leader is cut off soon after it counted its quorum.",
    zh: "领导者刚清点过多数派就被隔开。",
  },
  caughtBy: ["Linearizability", "Revisions Keep Real Time"],
  fix: {
    en: "Reads ask a quorum (ReadIndex), which is the default; leases are for those who accept stale reads.",
    zh: "读请求询问多数派（ReadIndex），这是默认方式；租约留给能接受过时读的人。",
  },
  links: ["https://github.com/etcd-io/raft/issues/166"],
  hunt: {by: "trials", seeds: 60},
};
