// What the checks claim, each in one sentence, by their names.

import type {Catalogue} from "../../core/base/said.ts";

export const claimWords: Catalogue = {
  "Election Safety": {en: "at most one server leads in a term", zh: "一个任期最多有一个领导者"},
  "Leader Append-Only": {
    en: "a leader only appends to its log, it never changes what stands there",
    zh: "领导者只追加日志，从不改写已有条目",
  },
  "Log Matching": {
    en: "logs that agree in one entry agree in all before it",
    zh: "两份日志若有一个条目相同，此前的条目也都相同",
  },
  "Leader Completeness": {
    en: "who leads has every entry that was committed before",
    zh: "领导者的日志包含此前提交的所有条目",
  },
  "State Machine Safety": {
    en: "all servers apply the same entry at an index",
    zh: "同一索引处，所有服务器应用相同的条目",
  },
  "Quorum Log": {
    en: "of any majority at least one has what was committed in its log",
    zh: "任何多数派中，至少有一个成员的日志包含已提交的条目",
  },
  "More Up To Date": {
    en: "who could win a vote has what was committed",
    zh: "有可能当选者都拥有已提交的条目",
  },
  "Committed Is Durable": {
    en: "of any majority at least one has what was committed on its disk",
    zh: "任何多数派中，至少有一个成员的磁盘上有已提交的条目",
  },
  "Durable Term": {
    en: "a server that spoke in a term never comes back in a lower one",
    zh: "服务器在某任期发言后，重启不会回到更低的任期",
  },
  "Durable Vote": {en: "a crash forgets no vote that was given", zh: "崩溃不会忘记已投出的票"},
  "Durable Log": {en: "a crash loses no entry that was acknowledged", zh: "崩溃不会丢失已确认的条目"},
  "Durable Answers": {
    en: "what a client was shown survives a crash of who showed it",
    zh: "客户端看到的内容，在应答者崩溃后仍在",
  },
  "Raft Invariants": {
    en: "what must hold of a single server's Raft state holds",
    zh: "单台服务器的 Raft 状态满足其不变式",
  },
  "Member Assertions": {
    en: "no server stops because it found itself wrong",
    zh: "没有服务器因自身断言失败而停止",
  },
  Linearizability: {
    en: "all answers fit one order of the calls that keeps real time",
    zh: "所有应答都符合某个遵守真实时间的调用次序",
  },
  "Watch Order": {en: "a watch tells changes in their order", zh: "监视按顺序通知变化"},
  "Watch Without Duplicates": {en: "a watch tells no change twice", zh: "监视不会重复通知同一变化"},
  "Watch Completeness": {en: "a watch leaves out no change", zh: "监视不遗漏任何变化"},
  "Watch Atomicity": {en: "a watch tells a revision as a whole", zh: "监视完整地通知一个修订"},
  "Watch Resumption": {en: "a watch goes on where it was asked to", zh: "监视从要求的位置继续"},
  "Watch Only Forward": {
    en: "what a watch is told never goes back, nor on after its end",
    zh: "监视得知的内容不会倒退，结束后也不再继续",
  },
  "Watch Bookmarks": {
    en: "a progress notification says no more than was told",
    zh: "进度通知不会超过已通知的内容",
  },
  "Watch Never Silent": {
    en: "a watch says so when what it wants is gone",
    zh: "所需的内容已不在时，监视会明确告知",
  },
  "Previous Values": {en: "a watch tells the value that was there before", zh: "监视给出的旧值是正确的"},
  "Reads Show A State": {
    en: "a read shows keys as they were at one revision",
    zh: "一次读取显示的是某一个修订时的键",
  },
  "Historical Reads": {
    en: "a read of an old revision shows what was there then",
    zh: "读取旧修订时，显示的是当时的内容",
  },
  "Transactions In Order": {
    en: "a transaction does its operations in their order",
    zh: "事务按顺序执行其操作",
  },
  "Atomic Writes": {en: "a write is done whole, at one revision", zh: "一次写入在一个修订中整体完成"},
  "Dense Revisions": {
    en: "every revision is a change, and no number is left out",
    zh: "每个修订都是一次变化，编号不缺",
  },
  "Version Bookkeeping": {
    en: "versions and revisions of a key are counted right",
    zh: "键的版本与修订号计数正确",
  },
  "Revisions Keep Real Time": {
    en: "what was asked after an answer has a later revision",
    zh: "在应答之后提出的请求，其修订号更大",
  },
  "Members Go Forward": {
    en: "what one server shows a client never goes back",
    zh: "同一服务器给客户端看的内容不会倒退",
  },
  "Equal States": {
    en: "servers that applied the same entries hold the same keys",
    zh: "应用了相同条目的服务器，其键相同",
  },
  "Equal Leases": {
    en: "servers that applied the same entries hold the same leases",
    zh: "应用了相同条目的服务器，其租约相同",
  },
  "Leases Live Their Time": {en: "no lease ends before its time", zh: "租约不会提前到期"},
  "Rest Within Grant": {
    en: "nobody is told that a lease has longer to live than it can have",
    zh: "不会有人得知租约的剩余时间长于可能的时间",
  },
  "Leases End Whole": {en: "with a lease go all of its keys", zh: "租约结束时，它的键全部消失"},
  "No Renewal After The End": {en: "a lease that ended is not renewed", zh: "已结束的租约不会被续期"},
  "One Lease Per Key": {
    en: "a key goes with the lease that its last put named, and no other",
    zh: "键只随其最后一次写入所指定的租约",
  },
  "Every Call Ends": {
    en: "a call ends in time, and what failed for good was not done",
    zh: "每次调用按时结束，确定失败的调用没有生效",
  },
  Convergence: {
    en: "once faults are over, all catch up and a client is answered",
    zh: "故障结束后，所有服务器追上，客户端得到应答",
  },
  "Members Are Recorded": {
    en: "what a server records of the others is what its configuration says",
    zh: "服务器对其他成员的记录与其配置一致",
  },
  "Leases End In Time": {
    en: "a lease that nobody renews lives its time once",
    zh: "无人续期的租约只存活一个时长",
  },
  "Mutual Exclusion": {
    en: "no two clients believe at once to hold one lock",
    zh: "不会有两个客户端同时自认为持有同一把锁",
  },
  "Fenced Writes": {
    en: "writes that compare their lock lose no update",
    zh: "比较过锁的写入不会丢失更新",
  },
  "Watch Catches Up": {en: "an open watch hears of everything in the end", zh: "未关闭的监视最终会得知一切"},
  "Leader Has The Longest Log": {
    en: "who leads has a log that goes as far as any other's of its term",
    zh: "领导者的日志不短于任何其他服务器",
  },
  "Configurations Agree": {
    en: "all make the same of each change of membership, and old and new majorities meet",
    zh: "各服务器对每次成员变更的结果一致，新旧多数派必有交集",
  },
  "Durable State": {
    en: "what stands on a disk is nothing that its server is not, and a leader's term is there",
    zh: "磁盘上的内容不超出其服务器的状态，领导者的任期已落盘",
  },
  "Message Invariants": {
    en: "what servers tell each other fits what they are",
    zh: "服务器之间的消息与其自身状态相符",
  },
  "Keys Change Once": {en: "a revision changes a key once", zh: "一个修订对同一键只改变一次"},
  "Equal Records": {
    en: "servers that applied the same know the same of members, alarms and users",
    zh: "应用相同条目的服务器，对成员、警报与用户的记录相同",
  },
  "Equal Hashes": {
    en: "the hash of the store at a revision is the same on all servers",
    zh: "同一修订处，所有服务器的存储哈希相同",
  },
  "Replay Agreement": {
    en: "a store is what its revisions make when they are done again",
    zh: "存储等于按其修订重放的结果",
  },
  "Alarms Are True": {
    en: "who is called corrupt differs from the others",
    zh: "被报告为损坏的服务器确与其他服务器不同",
  },
  Permissions: {
    en: "users are shown, and change, what their roles allow",
    zh: "用户只能看到和更改其角色所允许的内容",
  },
  "Passwords Stay Hidden": {en: "nobody keeps a password", zh: "任何地方都不保存密码本身"},
  "One Elected": {
    en: "no two clients take themselves for the elected at once",
    zh: "不会有两个客户端同时自认为当选",
  },
  "Nothing Put Without Space": {
    en: "nothing is put while the alarm for space stands",
    zh: "空间警报存在期间不写入任何内容",
  },
  "Sum Is Kept": {en: "transfers keep the sum of all accounts", zh: "转账不改变所有账户的总和"},
  "Appends Are Kept": {en: "no append to a list is lost", zh: "对列表的追加不会丢失"},
  "Appends Have An Order": {
    en: "appends and reads of lists fit one order of whole transactions",
    zh: "列表的追加与读取符合某个完整事务的次序",
  },
  "Handed Out Once": {
    en: "what is put into a queue is handed out once",
    zh: "放入队列的每一项只被取出一次",
  },
};
