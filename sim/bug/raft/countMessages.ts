import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const countMessages: Bug = {
  id: "count-messages",
  apply: withRules("raft", {
    ballotOf: ({voter, voters, answered}) =>
      answered.has(voter) ? (voters.find((other) => !answered.has(other)) ?? voter) : voter,
  }),
};

export const plaque: Plaque = {
  title: {
    en: "A candidate counts answers, not voters",
    zh: "候选人数的是应答，而不是投票者",
  },
  happened: {
    en: "The Raft sample of Microsoft's Coyote counts a vote again when the network delivers it again; fuzzing Raft in akka found bugs of that kind (2015). Here the second copy counts as the vote of somebody who has not answered.",
    zh: "微软 Coyote 的 Raft 示例在网络重复送达时把票再数一次；对 akka 的 Raft 做模糊测试也发现过这类错误（2015 年）。此处第二份算作尚未应答者的票。",
  },
  source: "Raft §5.2",
  condition: {
    en: "The network delivers a vote twice.",
    zh: "网络把一张选票送达两次。",
  },
  caughtBy: ["Election Safety"],
  fix: {
    en: "Votes are kept by voter; the first answer of each counts.",
    zh: "按投票者保存选票；每人只算第一次应答。",
  },
  links: [
    "https://colin-scott.github.io/blog/2015/10/07/fuzzing-raft-for-fun-and-profit/",
    "https://github.com/microsoft/coyote",
  ],
  hunt: {by: "scenario", seeds: 16},
};
