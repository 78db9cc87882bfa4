// What the checks say when a claim fails, in every language.

import {sayer} from "../../core/base/said.ts";
import type {Catalogue} from "../../core/base/said.ts";
import {anomalyWords} from "../anomaly/words.ts";

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
  notLongest: {
    en: "{leader} leads term {term} up to entry {last} only, and {member} has entry {index} of that term",
    zh: "{leader} 是任期 {term} 的领导者，日志只到条目 {last}，而 {member} 有该任期的条目 {index}",
  },
  configurationsDiffer: {
    en: "{a} and {b} have different configurations once entry {index} is applied: {first} and {second}",
    zh: "{a} 与 {b} 应用到条目 {index} 之后的配置不同：{first} 与 {second}",
  },
  quorumsApart: {
    en: "entry {index} leads from {before} to {after}, which have quorums without a member in common",
    zh: "条目 {index} 把配置从 {before} 变为 {after}，两者的法定人数可以没有共同成员",
  },
  leadsVolatile: {
    en: "{member} leads term {term}, and has term {durable} on its disk",
    zh: "{member} 是任期 {term} 的领导者，其磁盘上却是任期 {durable}",
  },
  durableBeyond: {
    en: "{member} has {what} {durable} on its disk, and is at {now}",
    zh: "{member} 磁盘上的 {what} 为 {durable}，而它自己在 {now}",
  },
  messageWrong: {
    en: "{member} said what cannot be so, {claim}: {message}",
    zh: "{member} 说了不可能成立的话，{claim}：{message}",
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
  notLinearizableByLog: {
    en: "given what the log holds, no order of the operations explains what {operation} of {client} ({line}) got",
    zh: "以日志内容为准，没有任何操作顺序能解释 {client} 的 {operation}（{line}）得到的结果",
  },
  contradictsByLog: {
    en: "given what the log holds, no order of the operations explains both {other} and {operation} of {client} ({line})",
    zh: "以日志内容为准，没有任何操作顺序能同时解释 {other} 与 {client} 的 {operation}（{line}）",
  },
  showsLess: {
    en: "{operation} of {client} ({line}) shows less than {other}, which had been answered before it was asked",
    zh: "{client} 的 {operation}（{line}）所见比 {other} 更旧，而后者在它请求之前已得到应答",
  },
  missesChange: {
    en: "{operation} of {client} ({line}) was not answered what {other} had left",
    zh: "{client} 的 {operation}（{line}）得到的结果与 {other} 留下的内容不符",
  },
  sameRevision: {
    en: "{other} and {operation} of {client} ({line}) are both said to have made one revision",
    zh: "{other} 与 {client} 的 {operation}（{line}）都自称产生了同一个修订",
  },
  revisionOfNobody: {
    en: "between {other} and {operation} of {client} ({line}) lies a revision that nobody made",
    zh: "{other} 与 {client} 的 {operation}（{line}）之间有一个无人产生的修订",
  },
  notItsState: {
    en: "{client}'s {operation} did not get what the store held at revision {revision}",
    zh: "{client} 的 {operation} 得到的结果与存储在修订 {revision} 时的内容不符",
  },
  revisionEmpty: {
    en: "revision {revision} was made by no change, or by one of another revision",
    zh: "修订 {revision} 不是由任何变更产生，或其变更属于别的修订",
  },
  changedTwice: {
    en: "{key} changed twice at revision {revision}",
    zh: "{key} 在修订 {revision} 变更了两次",
  },
  alarmFalse: {
    en: "{member} is called corrupt, and holds what the others hold",
    zh: "{member} 被判为损坏，而它与其他成员所存相同",
  },
  versionWrong: {
    en: "the change of {key} at revision {revision} does not follow from the one before it",
    zh: "{key} 在修订 {revision} 的变更与它之前的版本不相衔接",
  },
  revisionBack: {
    en: "{client}'s {operation} was answered at revision {revision}, though {highest} had been answered before it was asked",
    zh: "{client} 的 {operation} 在修订 {revision} 得到应答，而在它请求之前已有应答到达修订 {highest}",
  },
  memberBack: {
    en: "{member} answered {client} at revision {revision} after {highest}",
    zh: "{member} 先以修订 {highest} 应答 {client}，之后却以修订 {revision} 应答",
  },
  statesDiffer: {
    en: "{a} and {b} have applied entry {index}, and their stores differ",
    zh: "{a} 与 {b} 都已应用到条目 {index}，存储内容却不同",
  },
  leasesDiffer: {
    en: "{a} and {b} have applied entry {index}, and their leases differ",
    zh: "{a} 与 {b} 都已应用到条目 {index}，租约却不同",
  },
  recordsDiffer: {
    en: "{a} and {b} have applied up to entry {index}, and differ in {what}",
    zh: "{a} 与 {b} 都已应用到条目 {index}，{what} 却不同",
  },
  hashesDiffer: {
    en: "{a} and {b} were compacted alike, and have different hashes at revision {revision}",
    zh: "{a} 与 {b} 的压缩进度相同，在修订 {revision} 的哈希却不同",
  },
  replayDiffers: {
    en: "{member} is at revision {revision}, and does not hold {key} as the revisions up to there make it",
    zh: "{member} 在修订 {revision}，其 {key} 却与到此为止各修订所产生的不同",
  },
  watchSplit: {
    en: "{client}'s watch {watch} got only a part of revision {revision}",
    zh: "{client} 的监视 {watch} 只收到修订 {revision} 的一部分",
  },
  watchPrevious: {
    en: "{client}'s watch {watch} was told a previous value of {key} at revision {revision} that it did not have",
    zh: "{client} 的监视 {watch} 收到的 {key} 在修订 {revision} 之前的值并不正确",
  },
  watchGap: {
    en: "{client}'s watch on {member}, asked for from revision {start}, began with {revision}: it missed the change of {key} at {missed}",
    zh: "{client} 在 {member} 上从修订 {start} 起的监视以 {revision} 开始，漏掉了 {key} 在 {missed} 的变更",
  },
  watchBookmark: {
    en: "{client}'s watch on {member} was told to be at revision {bookmark}, which is wrong: {revision}",
    zh: "{client} 在 {member} 上的监视被告知已到修订 {bookmark}，但这不对：{revision}",
  },
  watchBack: {
    en: "{client}'s watch on {member}, which was told everything up to revision {told}, was told of revision {revision}",
    zh: "{client} 在 {member} 上的监视已收到直到修订 {told} 的一切，之后却收到修订 {revision}",
  },
  watchAfterEnd: {
    en: "{member} ended watch {watch} of {client}, and told it something afterwards",
    zh: "{member} 已结束 {client} 的监视 {watch}，之后却又通知它",
  },
  watchSilent: {
    en: "{client}'s watch on {member} from revision {start}, compacted at {compacted}, was told of revision {revision} and not cancelled",
    zh: "{client} 在 {member} 上从修订 {start} 起的监视早于压缩修订 {compacted}，却收到了修订 {revision} 而没有被取消",
  },
  watchBehind: {
    en: "{client}'s watch {watch} was not told of revision {revision}, {time} ms after it was made",
    zh: "{client} 的监视 {watch} 在修订 {revision} 产生 {time} 毫秒之后仍未收到它",
  },
  leaseEarly: {
    en: "lease {lease} was ended after {passed} ms of {member}'s clock, though it was to last {due} ms",
    zh: "租约 {lease} 按 {member} 的时钟只过了 {passed} 毫秒就被结束，而它应持续 {due} 毫秒",
  },
  leaseLate: {
    en: "lease {lease} lived {lived} ms without being renewed, though {due} ms are the most that it can",
    zh: "租约 {lease} 未被续约却存活了 {lived} 毫秒，而它最多只能存活 {due} 毫秒",
  },
  leaseHalf: {
    en: "lease {lease} ended at entry {index}, and {key} is still attached to it",
    zh: "租约 {lease} 在条目 {index} 处结束，{key} 却仍附着于它",
  },
  leaseRenewedAfterEnd: {
    en: "{member} renewed lease {lease} for {client} after it had ended it itself",
    zh: "{member} 自己已结束租约 {lease}，之后却为 {client} 续约成功",
  },
  leaseRest: {
    en: "{member} told {client} that lease {lease}, granted {granted} s, has {ttl} s to live",
    zh: "{member} 告知 {client} 租约 {lease} 还有 {ttl} 秒，而它只授予了 {granted} 秒",
  },
  leaseKeys: {
    en: "{member} counts {key} to lease {lease}, the store says {stored}",
    zh: "{member} 认为 {key} 属于租约 {lease}，而存储中记录的是 {stored}",
  },
  callOpen: {
    en: "{client}'s {operation} was never answered, {time} ms after it was asked",
    zh: "{client} 的 {operation} 在请求 {time} 毫秒之后仍没有结果",
  },
  callLate: {
    en: "{client}'s {operation} ended {time} ms after it was asked, later than it may by {client}'s clock",
    zh: "{client} 的 {operation} 在请求 {time} 毫秒之后才结束，按 {client} 的时钟已超时",
  },
  failedButDone: {
    en: "{client}'s {operation} failed for good, and revision {revision} is what it would have made",
    zh: "{client} 的 {operation} 确定失败，修订 {revision} 却正是它要写入的内容",
  },
  readUnallowed: {
    en: "{client}'s {operation}, as user {user}, was shown what that user may not read, from key {key} on",
    zh: "{client} 以用户 {user} 发出的 {operation} 得到了该用户无权读取的内容（从键 {key} 起）",
  },
  wroteUnallowed: {
    en: "{client}'s {operation}, as user {user}, changed what that user may not write, from key {key} on",
    zh: "{client} 以用户 {user} 发出的 {operation} 更改了该用户无权写入的内容（从键 {key} 起）",
  },
  putWithoutSpace: {
    en: "revision {revision} put something while the alarm NOSPACE stood",
    zh: "修订 {revision} 在 NOSPACE 警报存在期间写入了内容",
  },
  passwordInLog: {
    en: "the password of user {user} can be read in entry {index} of the log",
    zh: "用户 {user} 的密码可在日志条目 {index} 中直接读到",
  },
  twoHolders: {
    en: "{b} held lock {name} by its own belief while {a} did: {a} from {from} to {to} ms, {b} from {since} ms",
    zh: "{b} 自认持有锁 {name} 时 {a} 也自认持有：{a} 从 {from} 到 {to} 毫秒，{b} 自 {since} 毫秒起",
  },
  twoElected: {
    en: "{b} took itself for the elected of {name} while {a} did: {a} from {from} to {to} ms, {b} from {since} ms",
    zh: "{b} 自认当选 {name} 时 {a} 也自认当选：{a} 从 {from} 到 {to} 毫秒，{b} 自 {since} 毫秒起",
  },
  updateLost: {
    en: "{client}'s fenced write {operation} was made on what {other} had written over: {read} was read twice",
    zh: "{client} 受保护的写入 {operation} 基于已被 {other} 覆盖的内容：{read} 被读了两次",
  },
  tokenBack: {
    en: "{client}'s fenced write {operation} with token {token} came after one with token {before}",
    zh: "{client} 受保护的写入 {operation} 令牌为 {token}，却晚于令牌 {before} 的写入",
  },
  programFailed: {
    en: "program {program} failed: {message}",
    zh: "程序 {program} 失败：{message}",
  },
  programWaits: {
    en: "program {program} had not ended when the run was over; it waited for: {what}",
    zh: "运行结束时程序 {program} 尚未结束，仍在等待：{what}",
  },
  sumOff: {
    en: "{client}'s read {operation} shows {sum} in all under {prefix}, not {is}",
    zh: "{client} 的读取 {operation} 显示 {prefix} 下合计为 {sum}，而不是 {is}",
  },
  appendLost: {
    en: "{operation} has {key} as {list} at revision {revision}, which does not begin with {old} of revision {before}",
    zh: "{operation} 中 {key} 在修订 {revision} 为 {list}，并不以修订 {before} 的 {old} 开头",
  },
  // Why appends have no order.
  ...anomalyWords,
  appendTwice: {
    en: "{operation} has {item} twice in {key}",
    zh: "{operation} 中 {key} 里 {item} 出现了两次",
  },
  queueTwice: {
    en: "{client}'s {operation} took {value} out of queue {queue} once more than it was put in",
    zh: "{client} 的 {operation} 从队列 {queue} 取出 {value} 的次数多于放入的次数",
  },
  queueInvented: {
    en: "{client}'s {operation} took {value} out of queue {queue}, where nobody had put it",
    zh: "{client} 的 {operation} 从队列 {queue} 取出了没有人放入的 {value}",
  },
  queueLost: {
    en: "{value} was put into queue {queue}, nobody took it, and it is not there",
    zh: "{value} 放入了队列 {queue}，没有人取走，却已不在其中",
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
  noPutDone: {
    en: "nothing is wrong any more, and {member} has done no put that it was asked for",
    zh: "一切已恢复，{member} 却没有完成任何一次 put",
  },
  soundIsDown: {
    en: "{member} is down, though nothing that was durable on its disk is damaged",
    zh: "{member} 没有运行，而其磁盘上已持久化的内容并无损坏",
  },
  stillJoint: {
    en: "nothing is wrong any more, and {member} is still in a joint configuration that is left by itself",
    zh: "一切已恢复，{member} 却仍处于本应自动退出的联合配置",
  },
  recordedAsLearner: {
    en: "{member} records {other} as a learner, though it has a vote",
    zh: "{member} 把 {other} 记录为学习者，而它有投票权",
  },
  recordedAsVoter: {
    en: "{member} records {other} as a voter, though it is a learner",
    zh: "{member} 把 {other} 记录为投票者，而它是学习者",
  },
  notRecorded: {
    en: "{member} has no record of {other}, which is a member",
    zh: "{member} 没有成员 {other} 的记录",
  },
  notAlike: {
    en: "{a} has applied up to entry {first} and {b} up to {second}, or they hold different things",
    zh: "{a} 应用到条目 {first}，{b} 应用到条目 {second}，或者两者内容不同",
  },
} as const satisfies Catalogue;

export const say = sayer<typeof checkWords>();
