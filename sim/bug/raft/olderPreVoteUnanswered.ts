import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const olderPreVoteUnanswered: Bug = {
  id: "older-pre-vote-unanswered",
  apply: withRules("raft", (rules) => ({
    mustAnswerOlder: (asked) => asked.kind !== "PreVote" && rules.mustAnswerOlder(asked),
  })),
};

export const plaque: Plaque = {
  title: {en: "A request for a pre-vote of an older term is ignored", zh: "旧任期的预投票请求被忽略"},
  happened: {
    en: "When members of etcd were given pre-vote one by one, a cluster could stand still: one member had the higher term and the shorter log, the other the longer log and a term that nobody answered.",
    zh: "在 etcd 中逐个成员开启预投票时，集群可能陷入僵局：一个成员任期较高而日志较短，另一个日志较长，但其任期得不到任何回应。",
  },
  source: "thesis §9.6; etcd #8501",
  condition: {
    en: "Of the members that are left, one has a higher term and a shorter log than the other.",
    zh: "剩下的成员中，一个任期比另一个高，日志却比它短。",
  },
  caughtBy: ["Convergence"],
  fix: {
    en: "The request is refused with the member's own term, and who asked goes on from there.",
    zh: "以自己的任期拒绝该请求，请求者由此得知并采用更高的任期。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/8501"],
  hunt: {by: "scenario", seeds: 60},
};
