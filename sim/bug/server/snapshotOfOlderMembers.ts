import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const snapshotOfOlderMembers: Bug = {
  id: "snapshot-of-older-members",
  apply: withRules("server", {confOfSnapshot: ({kept}) => kept}),
};

export const plaque: Plaque = {
  title: {
    en: "A snapshot that is sent carries the configuration of the snapshot that was kept last",
    zh: "发送的快照带的是上次留存快照时的配置",
  },
  happened: {
    en: "The state is of now, and who is in the cluster is of then: whoever was added since finds itself in no configuration and refuses. etcd merges the two when it sends one; #13741 tells of a configuration that was older than the log.",
    zh: "状态是现在的，成员却是过去的：其后加入的成员发现自己不在配置中，于是拒绝。etcd 在发送时合并两者；#13741 报告过比日志更旧的配置。",
  },
  source: "Raft §7; etcd #13741",
  condition: {
    en: "A member is added after the last snapshot was kept, and needs one itself.",
    zh: "在上次留存快照之后加入的成员自己需要快照。",
  },
  caughtBy: ["Convergence"],
  fix: {
    en: "A snapshot carries the configuration as of its last entry.",
    zh: "快照带上截至其最后一个条目的配置。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/13741"],
  hunt: {by: "scenario", seeds: 16},
};
