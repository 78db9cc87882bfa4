import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const matchWholeLog: Bug = {
  id: "match-whole-log",
  apply: withRules("raft", {matchedBy: ({lastIndex}) => lastIndex}),
};

export const plaque: Plaque = {
  title: {
    en: "A leader takes any acknowledgement for one of all that it has",
    zh: "领导者把任何确认都当作对自己全部日志的确认",
  },
  happened: {
    en: "A mistake that the guide for MIT's students warns of: matchIndex set from nextIndex, or from the log's length, when an answer comes; both may have moved since the request was sent.",
    zh: "MIT 学生指南提醒的错误：应答到来时，用 nextIndex 或日志长度来设置 matchIndex；而自请求发出后两者都可能已经前移。",
  },
  source: "Raft §5.3, Figure 2, matchIndex",
  condition: {
    en: "Two appends are on their way, the second is lost, and the first is acknowledged.",
    zh: "两个追加在途，第二个丢失，第一个得到确认。",
  },
  caughtBy: ["Quorum Log", "Committed Is Durable", "Member Assertions"],
  fix: {
    en: "matchIndex is what the answer says: prevLogIndex and the entries of the request that it answers.",
    zh: "matchIndex 取自应答：所应答请求的 prevLogIndex 加上其条目数。",
  },
  links: ["https://thesquareplanet.com/blog/students-guide-to-raft/"],
  hunt: {by: "trials", seeds: 16},
};
