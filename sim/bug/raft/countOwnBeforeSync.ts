import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const countOwnBeforeSync: Bug = {
  id: "count-own-before-sync",
  apply: withRules("raft", {mayCountUnsynced: () => true}),
};

export const plaque: Plaque = {
  title: {
    en: "A leader counts itself before its own disk has the entry",
    zh: "领导者自己的磁盘还没有条目，就把自己算进去",
  },
  happened: {
    en: "The thesis lets a leader write in parallel with its followers if it counts itself only when it is done; a leader that counts at once needs one follower less than a majority.",
    zh: "博士论文允许领导者与追随者并行写盘，前提是写完才把自己算进去；立即计数的领导者比多数派少要一个追随者。",
  },
  source: "thesis §10.2.1",
  condition: {
    en: "A leader with a slow disk and one follower of two; the leader loses power.",
    zh: "领导者磁盘很慢，两个追随者中只有一个可达；领导者断电。",
  },
  caughtBy: ["Quorum Log", "Leader Completeness", "More Up To Date", "Committed Is Durable", "Durable Log"],
  fix: {
    en: "A leader's own acknowledgement waits for its own disk, like a follower's.",
    zh: "领导者自己的确认也等自己的磁盘，与追随者一样。",
  },
  links: ["https://github.com/ongardie/dissertation"],
  hunt: {by: "scenario", seeds: 16},
};
