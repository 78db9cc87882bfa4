import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const preVoteOfOwnTerm: Bug = {
  id: "pre-vote-of-own-term",
  apply: withRules("raft", (rules) => ({
    voteAnswerTerm: ({own}) => own,
    mustAnswerOlder: (asked) => asked.kind !== "PreVote" && rules.mustAnswerOlder(asked),
  })),
};

export const plaque: Plaque = {
  title: {
    en: "A granted pre-vote carries the voter's own term",
    zh: "同意预投票的回答带的是投票者自己的任期",
  },
  happened: {
    en: "A member of etcd that had missed some elections granted a pre-vote in its old term; the pre-candidate took that for an old message and threw it away. With the leader gone nobody could be elected. As then, requests of older terms are not answered either.",
    zh: "etcd 中错过了几次选举的成员以旧任期同意预投票，预候选人把它当作旧消息丢弃；领导者失效后谁也无法当选。与当时一样，旧任期的请求也得不到回应。",
  },
  source: "thesis §9.6; etcd #8243",
  condition: {
    en: "The leader is lost just as a member comes back that has an older term.",
    zh: "任期较旧的成员刚回来，领导者就丢失了。",
  },
  caughtBy: ["Convergence"],
  fix: {
    en: "A granted pre-vote carries the term that was asked for.",
    zh: "同意预投票的回答带上所请求的任期。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/8243"],
  hunt: {by: "scenario", seeds: 60},
};
