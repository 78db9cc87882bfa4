import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const countLearners: Bug = {
  id: "count-learners",
  apply: withRules("raft", {deciders: (voters, learners) => [...voters, ...learners]}),
};

export const plaque: Plaque = {
  title: {
    en: "A leader counts those who have no vote",
    zh: "领导者把没有投票权的成员也算进去",
  },
  happened: {
    en: "RedisLabs' raft counted the acknowledgement of a leader that had no vote (raft#13). Here it counts those of learners, whose acknowledgements come by the same message.",
    zh: "RedisLabs 的 raft 把没有投票权的领导者的确认算了进去（raft#13）。此处它把学习者的确认算了进去，它们的确认是同样的消息。",
  },
  source: "thesis §4.2.1, §4.2.2",
  condition: {
    en: "A learner keeps up, and voters do not.",
    zh: "学习者跟得上，投票成员却跟不上。",
  },
  caughtBy: ["Quorum Log", "Committed Is Durable"],
  fix: {
    en: "Only voters are counted, whoever acknowledges.",
    zh: "无论谁确认，只计投票成员。",
  },
  links: ["https://github.com/RedisLabs/raft/issues/13", "https://github.com/ongardie/dissertation"],
  hunt: {by: "scenario", seeds: 16},
};
