import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const answerBeforeSync: Bug = {
  id: "answer-before-sync",
  apply: withRules("raft", {mustWaitForSync: () => false}),
};

export const plaque: Plaque = {
  title: {
    en: "Votes and acknowledgements leave before what they say is durable",
    zh: "投票与确认在其内容落盘之前就已发出",
  },
  happened: {
    en: "Raft's Figure 2 asks for stable storage before a server responds. Systems that lose what was not synced show the mistake: Jepsen ran etcd 3.5.3 on a disk that forgets unsynced writes (2022).",
    zh: "Raft 的图 2 要求服务器先写入稳定存储再回应。丢弃未同步写入的系统会显出这个错误：Jepsen 曾让 etcd 3.5.3 运行在会遗忘未同步写入的磁盘上（2022 年）。",
  },
  source: "Raft Figure 2, persistent state",
  condition: {
    en: "The power goes after an acknowledgement has left and before the log is synced.",
    zh: "确认已发出、日志尚未同步时断电。",
  },
  caughtBy: ["Quorum Log", "Committed Is Durable", "Durable Log", "Member Assertions"],
  fix: {
    en: "Messages that claim something durable wait for the sync of the Ready that they came with.",
    zh: "凡声称某事已持久化的消息，都要等同一个 Ready 的同步完成。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/14098", "https://raft.github.io/raft.pdf"],
  hunt: {by: "trials", seeds: 16},
};
