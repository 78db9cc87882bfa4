import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const olderAppendUnanswered: Bug = {
  id: "older-append-unanswered",
  apply: withRules("raft", (rules) => ({
    mustAnswerOlder: (asked) => asked.kind === "PreVote" && rules.mustAnswerOlder(asked),
  })),
};

export const plaque: Plaque = {
  title: {
    en: "A leader of an older term is ignored, not answered",
    zh: "旧任期的领导者被忽略，而不是得到回应",
  },
  happened: {
    en: "Where members do not vote while they hear of a leader, one that campaigned alone is stuck: its votes are ignored for the leader's sake, and it ignores the leader for its older term. Found in etcd's library, and freed there by an answer.",
    zh: "若成员在听得到领导者时不投票，曾独自参选的成员就会卡住：别人为了领导者忽略它的请求，它又因任期较旧而忽略领导者。在 etcd 的库中发现，并以一个回应解开。",
  },
  source: "thesis §4.2.3, §6.2; etcd raft.go, Step",
  condition: {
    en: "With check-quorum, a member is cut off until its term has grown, and comes back.",
    zh: "启用法定人数检查时，某成员被隔离到任期增长之后再回来。",
  },
  caughtBy: ["Convergence"],
  fix: {
    en: "The leader is answered with the higher term, and steps down; all elect anew.",
    zh: "用更高的任期回应领导者，它随即退位，重新选举。",
  },
  links: ["https://github.com/etcd-io/raft/blob/main/raft.go"],
  hunt: {by: "trials", seeds: 60},
};
