import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const stayJoint: Bug = {
  id: "stay-joint",
  apply: withRules("raft", {
    mustProposeLeaving: ({appliedBefore, lastApplied, pendingConfIndex}) =>
      appliedBefore < pendingConfIndex && lastApplied >= pendingConfIndex,
  }),
};

export const plaque: Plaque = {
  title: {
    en: "Only as it applies the joint configuration does a leader propose to leave it",
    zh: "领导者只在应用联合配置的那一刻提议退出它",
  },
  happened: {
    en: "If that proposal is refused, or the leader is another one by then, nobody proposes it again: the cluster needs both majorities for ever and takes no further change. etcd #12136 tells of a cluster that stayed so when its leader stepped down.",
    zh: "如果该提议被拒绝，或届时领导者已经换人，就再没有人提议：集群永远需要双方的多数派，也不再接受变更。etcd #12136 报告过领导者退位后一直停在这种状态的集群。",
  },
  source: "Raft §6; etcd #12136",
  condition: {
    en: "The leader hands over while the joint configuration is applied.",
    zh: "在应用联合配置期间，领导者移交领导权。",
  },
  caughtBy: ["Convergence"],
  fix: {
    en: "A leader in such a configuration proposes to leave it with whatever it applies, until that is done.",
    zh: "处于这种配置的领导者每应用一条就提议退出，直到完成。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/12136"],
  hunt: {by: "scenario", seeds: 16},
};
