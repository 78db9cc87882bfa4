import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const refuseDemotion: Bug = {
  id: "refuse-demotion",
  apply: withRules("raft", {
    mayTakeSnapshot: ({isMemberThere, isLearnerThere, isVoterHere}) =>
      isMemberThere && !(isLearnerThere && isVoterHere),
  }),
};

export const plaque: Plaque = {
  title: {en: "A voter refuses a snapshot in which it is a learner", zh: "投票者拒绝把自己当作学习者的快照"},
  happened: {
    en: "A member that was demoted while it was away learns of it by the snapshot alone. etcd's library took that for a mistake once, and the member stayed as it was.",
    zh: "离线期间被降级的成员只能从快照得知此事。etcd 的库曾认为这是错误，该成员就停在原处。",
  },
  source: "Raft §7; etcd-io/raft, TestRestoreVoterToLearner",
  condition: {
    en: "A voter is away while it is demoted and the log is compacted behind that.",
    zh: "投票者离线期间被降级，且此后的日志已被压缩。",
  },
  caughtBy: ["Convergence"],
  fix: {
    en: "Whoever is in the snapshot's configuration takes it, in whatever role.",
    zh: "只要在快照的配置中，无论何种角色都接受它。",
  },
  links: ["https://github.com/etcd-io/raft/blob/main/raft_test.go"],
  hunt: {by: "scenario", seeds: 16},
};
