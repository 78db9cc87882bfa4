import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const leaseWhileHandingOver: Bug = {
  id: "lease-while-handing-over",
  apply: withRules("raft", {
    // Shorter than an election timeout, and of answers that came in it.
    mayReadOnLease: ({checkQuorum, electionElapsed, electionTicks, quorumAnswered}) =>
      checkQuorum && electionElapsed < electionTicks - 1 && quorumAnswered(),
  }),
};

export const plaque: Plaque = {
  title: {
    en: "A leader goes on answering reads on its lease while it hands over",
    zh: "领导者在移交期间仍凭租约回答读请求",
  },
  happened: {
    en: "etcd's raft does so with lease-based reads (etcd#12704, etcd-io/raft#99): a vote that the leader itself asked for does not wait until its lease is over.",
    zh: "etcd 的 raft 在租约读模式下如此（etcd#12704、etcd-io/raft#99）：领导者自己促成的投票不会等它的租约到期。",
  },
  source: "thesis §6.4.1, §3.10",
  condition: {
    en: "A leader tells its successor to campaign, and is cut off before it hears that it succeeded.",
    zh: "领导者让继任者参选，在得知其成功之前被隔开。",
  },
  caughtBy: ["Linearizability", "Revisions Keep Real Time"],
  fix: {
    en: "The lease ends when the handing over begins; or reads ask a quorum.",
    zh: "移交一开始租约就结束；或者读请求询问多数派。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/12704", "https://github.com/etcd-io/raft/issues/99"],
  hunt: {by: "trials", seeds: 60},
};
