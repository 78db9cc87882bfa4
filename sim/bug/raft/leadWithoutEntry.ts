import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const leadWithoutEntry: Bug = {
  id: "lead-without-entry",
  apply: withRules("raft", {opensTermWithEntry: () => false, mayTakeReads: () => true}),
};

export const plaque: Plaque = {
  title: {
    en: "A leader begins its term without an entry, and answers reads all the same",
    zh: "领导者开始任期时不追加条目，却照样回答读请求",
  },
  happened: {
    en: "RedisRaft's leaders appended nothing when they were elected, and answered with stale state (redisraft#18, #19; Jepsen 2020).",
    zh: "RedisRaft 的领导者当选时不追加任何条目，并以过时的状态应答（redisraft#18、#19；Jepsen，2020 年）。",
  },
  source: "Raft §8, thesis §6.4",
  condition: {
    en: "The leader before committed a write, the new leader does not know, and nobody writes.",
    zh: "前任领导者提交了写入，新领导者不知道，而且没有人再写。",
  },
  caughtBy: ["Linearizability", "Revisions Keep Real Time"],
  fix: {
    en: "A leader commits an empty entry at the start of its term, and takes no reads before.",
    zh: "领导者在任期开始时提交一个空条目，在此之前不接受读请求。",
  },
  links: [
    "https://github.com/RedisLabs/redisraft/issues/19",
    "https://jepsen.io/analyses/redis-raft-1b3fbf6",
  ],
  hunt: {by: "trials", seeds: 60},
};
