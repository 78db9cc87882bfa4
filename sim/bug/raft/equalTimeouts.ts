import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const equalTimeouts: Bug = {
  id: "equal-timeouts",
  apply: withRules("raft", {electionTimeout: ({electionTicks}) => electionTicks}),
};

export const plaque: Plaque = {
  title: {en: "All members wait equally long before they campaign", zh: "所有成员在参选前等待同样长的时间"},
  happened: {
    en: "Without drawn timeouts members campaign at the same moment, split the votes, and do so again. Reported of goraft, and of etcd's library under the simulator Shadow, where members drew the same numbers.",
    zh: "超时不随机，成员就同时参选、瓜分选票，周而复始。goraft 有过这样的报告；etcd 的库在模拟器 Shadow 中也是如此，各成员抽到了相同的数。",
  },
  source: "Raft §5.2",
  condition: {en: "The members' clocks tick together.", zh: "各成员的时钟同步走动。"},
  caughtBy: ["Convergence"],
  fix: {
    en: "Each term's timeout is drawn anew from a range twice as long.",
    zh: "每个任期的超时都从两倍宽的区间重新抽取。",
  },
  links: ["https://github.com/etcd-io/raft/issues/48", "https://github.com/goraft/raft/issues/44"],
  hunt: {by: "scenario", seeds: 60},
};
