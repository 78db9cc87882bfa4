// What the checks say when a claim fails, in every language.

import {sayer} from "../../core/base/said.ts";
import type {Catalogue} from "../../core/base/said.ts";

export const checkWords = {
  twoLeaders: {
    en: "{a} and {b} both led term {term}",
    zh: "{a} 与 {b} 都是任期 {term} 的领导者",
  },
  leaderOverwrote: {
    en: "{member}, leader of term {term}, replaced or dropped entry {index} of its own log",
    zh: "{member} 是任期 {term} 的领导者，却改写或丢弃了自己日志中的条目 {index}",
  },
  logsDiffer: {
    en: "{a} and {b} hold entry {index} of term {term}, but their logs differ at or before it",
    zh: "{a} 与 {b} 都有任期 {term} 的条目 {index}，但此处或之前的日志不同",
  },
  leaderLacks: {
    en: "{member} leads term {term} without entry {index}, which was committed in term {committed}",
    zh: "{member} 成为任期 {term} 的领导者，却没有在任期 {committed} 已提交的条目 {index}",
  },
  committedTwice: {
    en: "two different entries are committed at index {index}: of term {a} by {first}, of term {b} by {second}",
    zh: "索引 {index} 处提交了两个不同的条目：{first} 提交的属于任期 {a}，{second} 提交的属于任期 {b}",
  },
  appliedTwice: {
    en: "{a} and {b} applied different entries at index {index}",
    zh: "{a} 与 {b} 在索引 {index} 处应用了不同的条目",
  },
  appliedGap: {
    en: "{member} applied entry {index} after entry {before}",
    zh: "{member} 在条目 {before} 之后应用了条目 {index}",
  },
  quorumLacks: {
    en: "entry {index} of term {term}, which {member} committed, is in no log of a whole quorum",
    zh: "{member} 提交的条目 {index}（任期 {term}）在某个法定人数中没有任何成员的日志持有",
  },
  committedVolatile: {
    en: "entry {index} of term {term}, which {member} committed, is durable on no member of a whole quorum",
    zh: "{member} 提交的条目 {index}（任期 {term}）在某个法定人数中没有任何成员持久保存",
  },
  upToDateLacks: {
    en: "{member}'s log ends in entry {last} of term {lastTerm}, which could win a vote, and lacks entry {index}, committed in term {term}",
    zh: "{member} 的日志以任期 {lastTerm} 的条目 {last} 结尾，足以赢得投票，却缺少在任期 {term} 已提交的条目 {index}",
  },
  termForgotten: {
    en: "{member} had been heard in term {term}, and came back in term {now}",
    zh: "{member} 曾在任期 {term} 发言，重启后却回到了任期 {now}",
  },
  voteForgotten: {
    en: "{member} had given its vote in term {term} to {candidate}, and came back having voted for nobody",
    zh: "{member} 曾在任期 {term} 把票投给 {candidate}，重启后却没有投过票",
  },
  voteChanged: {
    en: "{member} had given its vote in term {term} to {candidate}, and came back having voted for {now}",
    zh: "{member} 曾在任期 {term} 把票投给 {candidate}，重启后却变成投给了 {now}",
  },
  voteUndone: {
    en: "{member} had given its vote in term {term} to {candidate}, and came back in term {now}, with that vote still to give",
    zh: "{member} 曾在任期 {term} 把票投给 {candidate}，重启后却回到任期 {now}，可以再投一次",
  },
  entryForgotten: {
    en: "{member} had acknowledged entry {index} of term {term}, and came back without it: its log ends at {last}",
    zh: "{member} 曾确认任期 {term} 的条目 {index}，重启后却没有它：日志止于 {last}",
  },
  countForgotten: {
    en: "{member}, leading, had counted its own copy of entry {index} of term {term} when it committed, and came back without it: its log ends at {last}",
    zh: "{member} 作为领导者提交时曾计入自己的条目 {index}（任期 {term}），重启后却没有它：日志止于 {last}",
  },
  answerForgotten: {
    en: "{member} had shown {client} revision {revision}, and came back without entry {index} of term {term}, which is part of it",
    zh: "{member} 曾向 {client} 展示修订 {revision}，重启后却没有其中任期 {term} 的条目 {index}",
  },
  invariantBroken: {
    en: "{member} broke an invariant of its own: {message}",
    zh: "{member} 违反了自身的不变式：{message}",
  },
  memberDied: {
    en: "{member} stopped on its own assertion: {message}",
    zh: "{member} 因自身断言失败而停止：{message}",
  },
  notLinearizable: {
    en: "no order of the operations explains what {operation} of {client} ({line}) got",
    zh: "没有任何操作顺序能解释 {client} 的 {operation}（{line}）得到的结果",
  },
  watchOrder: {
    en: "{client}'s watch {watch} got revision {second} after revision {first}",
    zh: "{client} 的监视 {watch} 在修订 {first} 之后收到了修订 {second}",
  },
  watchMissed: {
    en: "{client}'s watch {watch} never got the change of {key} at revision {revision}, though it got a later one",
    zh: "{client} 的监视 {watch} 没有收到 {key} 在修订 {revision} 的变更，却收到了更晚的变更",
  },
  watchInvented: {
    en: "{client}'s watch {watch} got a change of {key} at revision {revision} that the store never made",
    zh: "{client} 的监视 {watch} 收到了 {key} 在修订 {revision} 的变更，而存储从未做过它",
  },
  watchUnasked: {
    en: "{client}'s watch {watch} got the change of {key} at revision {revision}, for which it had not asked",
    zh: "{client} 的监视 {watch} 收到了它没有要求的变更：{key} 在修订 {revision}",
  },
  watchTwice: {
    en: "{client}'s watch {watch} got the change of {key} at revision {revision} twice",
    zh: "{client} 的监视 {watch} 两次收到 {key} 在修订 {revision} 的变更",
  },
} as const satisfies Catalogue;

export const say = sayer<typeof checkWords>();
