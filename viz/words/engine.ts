// What the engine says, in every language: captions ("now" and "look"), one line per event, notes beside marks, faults
// on the tape, branches, progress, notices and errors. What it hands on from other rooms (checks, causes, files) is
// worded in their catalogues; the page's own words are in page.ts.

import {sayer} from "../../core/base/said.ts";
import type {Catalogue} from "../../core/base/said.ts";

const captions = {
  "now.start": {
    en: "Nothing has happened yet: {count} servers wait, and nobody leads.",
    zh: "一切尚未开始：{count} 台服务器在等待，还没有领导者。",
  },
  "now.bug": {en: "{en}.", zh: "{zh}。"},
  "look.bug": {
    en: "{who} have this bug. Next goes from change to change until a check notices.",
    zh: "{who} 有此缺陷。按“下一步”逐个查看变化，直到某项检查发现问题。",
  },
  "look.bugOfOne": {
    en: "{who} has this bug. Next goes from change to change until a check notices.",
    zh: "{who} 有此缺陷。按“下一步”逐个查看变化，直到某项检查发现问题。",
  },
  "look.bugs": {en: "Who has a bug: {bugs}.", zh: "有缺陷的成员：{bugs}。"},
  "look.start.fixed": {
    en: "The same steps, and nobody has the bug: no check should break.",
    zh: "步骤相同，但没有成员带有该缺陷：各项检查都应通过。",
  },
  "look.start": {
    en: "Each arc runs towards an election timeout; the first server whose arc is full asks for votes.",
    zh: "每段弧线都在逼近选举超时；最先走满一圈的服务器会请求投票。",
  },
  "now.candidate": {
    en: "{member} heard from no leader in time and asks for votes in term {term}.",
    zh: "{member} 没有及时收到领导者的消息，于是在任期 {term} 请求投票。",
  },
  "look.votes": {
    en: "{granted} of {needed} votes granted so far: watch the dots around {member}.",
    zh: "目前得到 {granted} 票，需要 {needed} 票：请看 {member} 周围的点。",
  },
  "now.candidate.told": {
    en: "{member} was told by its leader to take over: it asks for votes in term {term} at once.",
    zh: "领导者让 {member} 接任：它立刻在任期 {term} 请求投票。",
  },
  "now.candidate.preVotes": {
    en: "A majority would vote for {member}: now it asks for votes in term {term}.",
    zh: "多数服务器愿意投票给 {member}：它现在于任期 {term} 正式请求投票。",
  },
  "now.preCandidate": {
    en: "{member} heard from no leader in time. Before it disturbs anyone, it asks: could I win term {term}?",
    zh: "{member} 没有及时收到领导者的消息。在打扰别人之前，它先询问：我能否赢得任期 {term}？",
  },
  "look.preVotes": {
    en: "{granted} of {needed} would vote for {member} so far. Nobody's term has moved yet.",
    zh: "目前 {granted} 台愿意投票给 {member}，需要 {needed} 台。任何服务器的任期都还没有改变。",
  },
  "look.votesJoint": {
    en: "{member} needs a majority of both halves: {granted} of {needed} votes of the new one, {grantedOld} of {neededOld} of the old.",
    zh: "{member} 需要两半各自的多数：新的一半 {granted} 票（需 {needed}），旧的一半 {grantedOld} 票（需 {neededOld}）。",
  },
  "now.transfer": {
    en: "{member} hands leadership over to {to}. Until that is done, it takes no writes.",
    zh: "{member} 正把领导权移交给 {to}。移交完成之前，它不接受写入。",
  },
  "look.transfer": {
    en: "First the chosen one is sent all it lacks; then the leader tells it to campaign without waiting for its timer.",
    zh: "先把它缺少的条目都发给它，然后领导者让它不等计时器到期就发起选举。",
  },
  "now.transferGivenUp": {
    en: "{member} gives up handing over: it goes on leading, and takes writes again.",
    zh: "{member} 放弃移交：它继续担任领导者，并重新接受写入。",
  },
  "look.transferGivenUp": {
    en: "The chosen server did not take over within an election timeout.",
    zh: "被选中的服务器没有在一个选举超时之内接任。",
  },
  "now.joint": {
    en: "For {member} two majorities decide from now on: one of {voters} and one of {old}.",
    zh: "对 {member} 而言，从现在起要有两个多数才能作决定：{voters} 的多数与 {old} 的多数。",
  },
  "look.joint": {
    en: "An entry or a vote needs both. Another change of membership is needed to leave this state.",
    zh: "条目和投票都要同时得到两者。还需要一次成员变更才能离开这一状态。",
  },
  "look.jointAuto": {
    en: "An entry or a vote needs both. The leader itself proposes to leave this state.",
    zh: "条目和投票都要同时得到两者。领导者会自己提议离开这一状态。",
  },
  "now.configuration": {
    en: "{member} goes over to a new membership: {voters} decide.",
    zh: "{member} 换用新的成员配置：由 {voters} 作决定。",
  },
  "now.configurationLearners": {
    en: "{member} goes over to a new membership: {voters} decide; {learners} only learns.",
    zh: "{member} 换用新的成员配置：由 {voters} 作决定；{learners} 只接收日志。",
  },
  "look.configuration": {
    en: "From now on a majority is {needed} of {count}. Each server changes over when it applies that entry.",
    zh: "从现在起多数是 {count} 台中的 {needed} 台。每台服务器在应用该条目时换用新配置。",
  },
  "look.configurationLearners": {
    en: "A majority is {needed} of {count}: a learner is sent the log and has no vote, so it cannot hold anything up.",
    zh: "多数是 {count} 台中的 {needed} 台：学习者接收日志但没有投票权，因此不会拖慢任何决定。",
  },
  "look.membership": {
    en: "A change of membership is an entry of the log: each server follows it once it has applied it.",
    zh: "成员变更也是日志中的一个条目：每台服务器应用它之后才按它行事。",
  },
  "look.members": {
    en: "These are the members as the server that answered has applied them.",
    zh: "这些是应答的服务器所应用的成员配置。",
  },
  "look.moveLeader": {
    en: "No timeout is waited for: the leader chooses its successor and tells it when to begin.",
    zh: "不必等待超时：领导者选定接任者，并告诉它何时开始。",
  },
  "look.defragment": {
    en: "Only the server asked does it: its backend file is written anew, without the pages that are free.",
    zh: "只有被请求的服务器执行：它重写自己的后端文件，去掉空闲的页。",
  },
  "look.alarmDisarm": {
    en: "All alarms of all servers end once this is applied. A file that is still too large raises the next one.",
    zh: "应用之后，所有服务器的全部警报都会解除。文件若仍然过大，就会再次触发警报。",
  },
  "now.snapshotTaken": {
    en: "{member} takes over a snapshot of everything up to entry {index}, in place of its log.",
    zh: "{member} 接收了直到条目 {index} 的完整快照，以它取代自己的日志。",
  },
  "look.snapshotTaken": {
    en: "The leader no longer had the entries that it lacked. From here on it is sent entries again.",
    zh: "领导者已没有它所缺的条目，只能发送快照。此后又可以发送条目了。",
  },
  "now.snapshotMade": {
    en: "{member} keeps a snapshot in place of its log up to entry {index}.",
    zh: "{member} 用快照代替了直到条目 {index} 的日志。",
  },
  "look.snapshotMade": {
    en: "Whoever still lacks one of those entries must be sent the whole snapshot.",
    zh: "谁还缺少其中的条目，就只能把整个快照发给它。",
  },
  "now.leads": {
    en: "{member} has the votes of a majority and leads term {term}.",
    zh: "{member} 得到多数票，成为任期 {term} 的领导者。",
  },
  "look.leads": {
    en: "It opens its term with a no-op entry; entries of older terms commit only together with it.",
    zh: "它先写入一个空操作条目来开启任期；更早任期的条目只能随它一起提交。",
  },
  "look.twoLeaders": {
    en: "{old} still believes it leads term {term}: what is written there cannot commit any more.",
    zh: "{old} 仍以为自己领导着任期 {term}：写到它那里的内容已无法提交。",
  },
  "now.stepsDown": {
    en: "{member} hears of term {term} and stops leading.",
    zh: "{member} 得知任期 {term}，不再是领导者。",
  },
  "look.stepsDown": {
    en: "Entries that only its side had may now be replaced: compare the log rows.",
    zh: "只存在于它那一侧的条目现在可能被替换：请对比各服务器的日志。",
  },
  "now.stepsDown.noQuorum": {
    en: "{member} has had no answer from a majority for an election timeout, and stops leading.",
    zh: "{member} 在一个选举超时之内没有得到多数的应答，不再担任领导者。",
  },
  "look.stepsDown.noQuorum": {
    en: "Nothing it took could have been committed; now its clients can look for another leader.",
    zh: "它接受的内容本来就无法提交；现在它的客户端可以去找别的领导者。",
  },
  "now.stepsDown.removed": {
    en: "{member} has no vote in the new membership, and stops leading.",
    zh: "{member} 在新的成员配置中没有投票权，不再担任领导者。",
  },
  "look.stepsDown.removed": {
    en: "It led until its own removal was committed. The others elect a leader once their timers run out.",
    zh: "它一直领导到自己被移除的变更提交为止。其他服务器的计时器到期后会选出新的领导者。",
  },
  "now.term": {
    en: "{member} moves on to term {term}.",
    zh: "{member} 进入任期 {term}。",
  },
  "look.term": {
    en: "A higher term always wins: whoever hears of it moves on to it.",
    zh: "任期高者优先：凡是得知更高任期的服务器都会更新到该任期。",
  },
  "now.commits": {
    en: "{member} knows that a majority has stored entry {to} ({text}): it is committed.",
    zh: "{member} 得知多数服务器已存下条目 {to}（{text}）：该条目已提交。",
  },
  "look.commits": {
    en: "The others learn of it from the leader's next message: watch their dashed edges turn solid.",
    zh: "其他服务器会从领导者的下一条消息中得知：请看它们的虚线依次变为实线。",
  },
  "now.truncated": {
    en: "{member} drops what it had from entry {from} on: the leader of term {term} holds something else there.",
    zh: "{member} 丢弃了从条目 {from} 起的内容：任期 {term} 的领导者在那里有别的条目。",
  },
  "look.truncated": {
    en: "What was dropped had never been committed: solid cells are never replaced.",
    zh: "被丢弃的内容从未提交：实线条目绝不会被替换。",
  },
  "now.split": {en: "The network is split: {groups}.", zh: "网络被分割：{groups}。"},
  "now.cut": {en: "The link between {from} and {to} is cut.", zh: "{from} 与 {to} 之间的连接被切断。"},
  "now.cutOneWay": {
    en: "Nothing from {from} reaches {to} any more.",
    zh: "{from} 发出的消息不再能到达 {to}。",
  },
  "look.minority": {
    en: "{leader} leads, but reaches {reach} of {count} servers: what it writes now cannot commit.",
    zh: "{leader} 是领导者，但 {count} 台服务器中它只能联系到 {reach} 台：现在写入的内容无法提交。",
  },
  "look.majority": {
    en: "{leader} leads and reaches {reach} of {count} servers, a majority: writes go on.",
    zh: "{leader} 是领导者，能联系到 {count} 台服务器中的 {reach} 台，即多数派：写入可以继续。",
  },
  "look.nobody": {
    en: "Nobody leads. {needed} of {count} servers that hear each other can elect a leader.",
    zh: "没有领导者。{count} 台服务器中要有 {needed} 台互通才能选出领导者。",
  },
  "look.minorityJoint": {
    en: "{leader} leads, but reaches no majority of {voters}: two majorities decide now, so what it writes cannot commit.",
    zh: "{leader} 是领导者，但联系不到 {voters} 的多数：现在要两个多数才能作决定，它写入的内容无法提交。",
  },
  "look.majorityJoint": {
    en: "{leader} leads and reaches a majority of both halves: writes go on.",
    zh: "{leader} 是领导者，能联系到两半各自的多数：写入可以继续。",
  },
  "look.nobodyJoint": {
    en: "Nobody leads. To be elected takes a majority of {voters} and one of {old}.",
    zh: "没有领导者。要当选须得到 {voters} 的多数以及 {old} 的多数。",
  },
  "now.heal": {en: "All links work again.", zh: "所有连接恢复。"},
  "now.healLink": {
    en: "The link between {from} and {to} works again.",
    zh: "{from} 与 {to} 之间的连接恢复。",
  },
  "look.heal": {
    en: "Servers that were apart now hear of each other's terms: the highest one wins.",
    zh: "曾被分开的服务器现在得知彼此的任期：任期最高者优先。",
  },
  "now.crash": {
    en: "{member} crashes: what it had not synced is lost.",
    zh: "{member} 崩溃：尚未同步到磁盘的内容丢失。",
  },
  "now.restart": {en: "{member} starts again from its disk.", zh: "{member} 从磁盘重新启动。"},
  "now.restart.with": {
    en: "{member} starts again from its disk, as another: {what}.",
    zh: "{member} 从磁盘重新启动，但有所改变：{what}。",
  },
  "now.crashAt": {
    en: "{member} will crash when it comes to {point}, counted from now: {nth}.",
    zh: "{member} 到达 {point} 时将崩溃，从现在起计数：{nth}。",
  },
  "now.crashAtDisk.before": {
    en: "{member} will crash right before its disk is done with an operation, counted from now: {nth}.",
    zh: "{member} 的磁盘即将完成某个操作时将崩溃，从现在起计数：{nth}。",
  },
  "now.crashAtDisk.after": {
    en: "{member} will crash right after its disk is done with an operation, and not hear of it; counted from now: {nth}.",
    zh: "{member} 的磁盘刚完成某个操作、尚未告知它时将崩溃，从现在起计数：{nth}。",
  },
  "now.slow": {
    en: "From now on turns of {actor} on {member} take {factor} times as long.",
    zh: "从现在起 {member} 的 {actor} 每次耗时变为 {factor} 倍。",
  },
  "now.slowEnds": {en: "{actor} on {member} is as fast as ever.", zh: "{member} 的 {actor} 恢复原速。"},
  "now.link": {
    en: "From now on the link {from} {way} {to} {en}.",
    zh: "从现在起，链路 {from} {way} {to} {zh}。",
  },
  "now.linkReset": {
    en: "{from} {way} {to}: the link is again as configured.",
    zh: "{from} {way} {to}：连接恢复为配置的样子。",
  },
  "now.connection.reset": {
    en: "The connections between {client} and {member} are reset: both ends are told.",
    zh: "{client} 与 {member} 之间的连接被重置：两端都会得知。",
  },
  "now.connection.refuse": {
    en: "From now on {member} refuses {client}: whatever it asks, the connection ends.",
    zh: "从现在起 {member} 拒绝 {client}：无论请求什么，连接都会被关闭。",
  },
  "now.connection.accept": {en: "{member} accepts {client} again.", zh: "{member} 重新接受 {client}。"},
  "now.restart.first": {
    en: "{member} is started for the first time, with an empty disk.",
    zh: "{member} 首次启动，磁盘为空。",
  },
  "look.restart.first": {
    en: "It knows nobody. Once it is a member, the leader sends it everything.",
    zh: "它不认识任何服务器。成为成员之后，领导者会把一切都发给它。",
  },
  "look.restart": {
    en: "Term, vote and log were synced; its commit index it learns again from the leader.",
    zh: "任期、投票与日志都在磁盘上；提交索引要从领导者那里重新得知。",
  },
  "now.pause": {
    en: "{member} is paused: time goes on without it.",
    zh: "{member} 被暂停：时间照常流逝，它停在原处。",
  },
  "now.resume": {en: "{member} goes on where it was paused.", zh: "{member} 从暂停处继续。"},
  "look.resume": {
    en: "It still believes what it believed then: watch what the first messages teach it.",
    zh: "它的认识还停留在那时：请看最先到来的几条消息告诉它什么。",
  },
  "now.clock": {
    en: "From now on {who}'s clock runs at {percent} % of true time.",
    zh: "从现在起 {who} 的时钟以真实时间的 {percent}% 走动。",
  },
  "look.clock": {
    en: "Timeouts and leases are measured by clocks like this one; the log is not.",
    zh: "超时与租约靠这样的时钟计量，日志则不靠时钟。",
  },
  "now.jump": {en: "{who}'s clock jumps ahead by {time} ms.", zh: "{who} 的时钟向前跳 {time} 毫秒。"},
  "now.timeout": {en: "{member}'s election timer runs out now.", zh: "{member} 的选举计时器现在到期。"},
  "look.timeout": {en: "It will ask for votes in a new term.", zh: "它将在新的任期请求投票。"},
  "now.loss": {
    en: "From now on {percent} % of the messages between servers are lost.",
    zh: "从现在起服务器之间 {percent}% 的消息会丢失。",
  },
  "look.loss": {
    en: "Raft repeats what is not answered: nothing is lost for good.",
    zh: "Raft 会重发没有得到应答的内容：不会真正丢失。",
  },
  "now.disk.loseUnsynced": {
    en: "At {member}'s next crash nothing survives that its disk had not synced.",
    zh: "{member} 下次崩溃时，磁盘上凡未同步的内容都不会留下。",
  },
  "now.disk.tearUnsynced": {
    en: "At {member}'s next crash every write that was not synced is torn: some sectors are there, some are not.",
    zh: "{member} 下次崩溃时，每次未同步的写入都会被撕裂：部分扇区写入，部分没有。",
  },
  "now.disk.loseNames": {
    en: "At {member}'s next crash files are called as the last sync of the directory left them.",
    zh: "{member} 下次崩溃后，文件名会回到上次同步目录时的样子。",
  },
  "now.disk.slow": {
    en: "{member}'s disk takes {factor} times as long from now on.",
    zh: "从现在起 {member} 的磁盘耗时变为 {factor} 倍。",
  },
  "now.disk.stall": {
    en: "{member}'s disk does nothing for {time} ms.",
    zh: "{member} 的磁盘停顿 {time} 毫秒。",
  },
  "now.disk.full": {
    en: "{member}'s disk has room for {room} bytes more.",
    zh: "{member} 的磁盘只剩 {room} 字节空间。",
  },
  "now.disk.syncFails": {
    en: "The next sync of {file} on {member}'s disk will fail.",
    zh: "{member} 的磁盘下一次同步 {file} 时会失败。",
  },
  "now.disk.rot": {
    en: "One bit of {file} on {member}'s disk has flipped.",
    zh: "{member} 磁盘上 {file} 的一个比特翻转了。",
  },
  "now.disk.unreadable": {
    en: "One sector of {file} on {member}'s disk cannot be read any more.",
    zh: "{member} 磁盘上 {file} 的一个扇区无法再读取。",
  },
  "now.disk.misdirect": {
    en: "The next write of {file} on {member}'s disk will land elsewhere: in {into}.",
    zh: "{member} 的磁盘下一次写 {file} 时会写错位置：写进 {into}。",
  },
  "now.disk.syncLies": {
    en: "{member}'s disk lies from now on: it says that it has synced, and nothing is durable.",
    zh: "从现在起 {member} 的磁盘会说谎：它声称已同步，其实什么都没有落盘。",
  },
  "now.disk.syncedLost": {
    en: "At {member}'s next crash the last syncs of {file} are taken back: {syncs}.",
    zh: "{member} 下次崩溃时，{file} 最近的若干次同步会被撤销：{syncs} 次。",
  },
  "now.disk.backup": {
    en: "A copy of what {member}'s disk holds is put aside.",
    zh: "把 {member} 磁盘现有的内容复制一份存起来。",
  },
  "now.disk.olderDisk": {
    en: "{member} comes back from its next crash with the copy of its disk that was put aside.",
    zh: "{member} 下次崩溃后，会带着之前存下的旧磁盘副本回来。",
  },
  "now.disk.wipe": {
    en: "{member} comes back from its next crash with an empty disk, under its old name.",
    zh: "{member} 下次崩溃后，会带着空磁盘、以原来的身份回来。",
  },
  "now.disk.mend": {en: "{member}'s disk works as it should again.", zh: "{member} 的磁盘恢复正常。"},
  "look.disk.none": {
    en: "A sound server counts on nothing that it has not synced: no promise may break.",
    zh: "可靠的服务器不指望任何未同步的内容：不应有承诺被打破。",
  },
  "look.disk.stops": {
    en: "This server has to stop; what it synced is still there. The others go on while they are a majority.",
    zh: "这台服务器必须停下；已同步的内容仍在。其余服务器只要构成多数就能继续。",
  },
  "look.disk.damages": {
    en: "This server will find out when it reads its disk, and must not serve what it cannot trust.",
    zh: "它读磁盘时会发现，并且不得提供不可信的内容。",
  },
  "look.disk.betrays": {
    en: "Nothing tells the server. A promise that a majority has stored something may rest on this one.",
    zh: "服务器无从得知。“多数已存下”的承诺可能恰恰依赖它。",
  },
  "now.dropped": {
    en: "A message from {from} to {to} was taken away: {what}",
    zh: "{from} 发给 {to} 的一条消息被拿走：{what}",
  },
  "now.duplicated": {
    en: "A message from {from} to {to} will arrive twice: {what}",
    zh: "{from} 发给 {to} 的一条消息将到达两次：{what}",
  },
  "now.held": {
    en: "A message from {from} to {to} is held: {what}",
    zh: "{from} 发给 {to} 的一条消息被扣住：{what}",
  },
  "now.released": {
    en: "A held message goes on from {from} to {to}: {what}",
    zh: "被扣住的消息继续从 {from} 去往 {to}：{what}",
  },
  "now.delayed": {
    en: "A message from {from} to {to} is delayed: {what}",
    zh: "{from} 发给 {to} 的一条消息被延迟：{what}",
  },
  "look.message": {
    en: "Play on to see what its absence, delay or return changes.",
    zh: "继续播放，看看它的缺失、延迟或重返会改变什么。",
  },
  "now.pin": {en: "One draw of luck is fixed by hand: {stream}.", zh: "手动固定了一次随机抽取：{stream}。"},
  "told.waits": {en: "{client} ({what}) waits for {key} to go.", zh: "{client}（{what}）等待 {key} 消失。"},
  "told.holds": {
    en: "{client} ({what}) holds {key}, made at revision {revision}.",
    zh: "{client}（{what}）持有 {key}，创建于修订 {revision}。",
  },
  "told.lost": {
    en: "{client} ({what}) learns that its lease is lost: {reason}.",
    zh: "{client}（{what}）得知租约已失去：{reason}。",
  },
  "told.leader": {en: "{client} ({what}) sees {value} lead.", zh: "{client}（{what}）得知 {value} 当选。"},
  "told.instances": {
    en: "{client} ({what}) knows these instances: {instances}.",
    zh: "{client}（{what}）所知的实例：{instances}。",
  },
  "told.primary": {
    en: "{client} ({what}) is the primary, with token {token}.",
    zh: "{client}（{what}）成为主实例，令牌是 {token}。",
  },
  "told.standby": {en: "{client} ({what}) stands by.", zh: "{client}（{what}）待命。"},
  "now.finished": {en: "{client} ({what}) is done: {text}.", zh: "{client}（{what}）结束：{text}。"},
  "look.recipe": {
    en: "A recipe is made of single requests, each by itself safe; what holds between them is only what its lease and its revisions promise.",
    zh: "一个配方由多次单独的请求组成，每次各自可靠；它们之间成立的，只有租约与修订号所承诺的。",
  },
  "now.invoked": {en: "{client} asks: {line}", zh: "{client} 请求：{line}"},
  "look.invoked": {
    en: "A write counts once its leader knows that a majority of the servers has stored it.",
    zh: "领导者得知多数服务器已存下这次写入之后，它才算数。",
  },
  "look.asked": {
    en: "Before it answers, the server makes sure that its state is not an old one.",
    zh: "应答之前，服务器会先确认自己的状态没有过时。",
  },
  "look.ownState": {
    en: "The server asked answers from what it has applied itself; nobody else is asked.",
    zh: "被请求的服务器按自己已应用的内容应答，不询问其他服务器。",
  },
  "look.watching": {
    en: "From here on the server tells it of every change, in the order of revisions.",
    zh: "此后服务器会按修订号的顺序把每次变更告诉它。",
  },
  "now.settled": {
    en: "{client} has its answer: {line} → {answer}",
    zh: "{client} 得到应答：{line} → {answer}",
  },
  "look.settled": {
    en: "The answer was made at revision {revision} of the store.",
    zh: "这个应答对应存储的修订 {revision}。",
  },
  "now.failed": {en: "{client} is refused: {line} → {error}", zh: "{client} 被拒绝：{line} → {error}"},
  "look.failed": {en: "Nothing was changed by it.", zh: "它没有改变任何东西。"},
  "now.noSpace": {en: "{client} is told: {line} → {error}", zh: "{client} 被告知：{line} → {error}"},
  "look.noSpace": {
    en: "It was refused, or it was done and there was no room for it: the error does not tell which.",
    zh: "它或者被拒绝，或者已经完成但文件放不下：这个错误并不说明是哪一种。",
  },
  "now.unknown": {en: "{client} gets no answer to {line}.", zh: "{client} 没有得到 {line} 的应答。"},
  "look.unknown": {
    en: "It may have been done, may yet be done, or never: the client cannot know.",
    zh: "它可能已完成，可能之后完成，也可能永远不会：客户端无从得知。",
  },
  "now.watched": {
    en: "{client}'s watch sees {what} at revision {revision}.",
    zh: "{client} 的监视收到修订 {revision} 的 {what}。",
  },
  "look.watched": {
    en: "The same change stands in the key grid, in the column of that revision.",
    zh: "同一变更也出现在下方“键 × 修订号”图中该修订所在的一列。",
  },
  "now.watchCanceled": {en: "{client}'s watch is cancelled: {reason}", zh: "{client} 的监视被取消：{reason}"},
  "look.watchCanceled": {
    en: "What it wanted next was compacted at revision {revision}: the client must read anew and watch from there.",
    zh: "它接下来要的内容已被压缩（压缩到修订 {revision}）：客户端须重新读取，再从读到的修订开始监视。",
  },
  "now.died": {
    en: "{member} stops on its own assertion: {message}",
    zh: "{member} 因自身断言失败而停止：{message}",
  },
  "now.violated": {en: "✗ {check} is violated.", zh: "✗ 检查未通过：{check}。"},
  "now.violatedClaim": {en: "✗ {check} is violated: {en}.", zh: "✗ 检查未通过：{check}（{zh}）。"},
  "now.quiet": {
    en: "{leader} leads term {term}; its heartbeats keep the others waiting.",
    zh: "{leader} 领导任期 {term}；它的心跳让其他服务器继续等待。",
  },
  "look.quiet": {
    en: "Entry {commit} is the last one committed; revision {revision} is the store's newest.",
    zh: "最后提交的条目是 {commit}；存储的最新修订是 {revision}。",
  },
  "look.ask": {
    en: "Think, then choose: the run goes on and shows it.",
    zh: "先想一想再选择：运行会继续并给出结果。",
  },
  "look.scripted": {
    en: "Play on, or step in yourself: cut a link, crash a server, put a key.",
    zh: "可以继续播放，也可以亲自动手：切断链路、让服务器崩溃、写入一个键。",
  },
  "ask.chosen": {en: "You chose “{given}”: watch.", zh: "你选了“{given}”：请看结果。"},
  "now.ended": {en: "The run ends here.", zh: "运行到此结束。"},
  "look.ended": {
    en: "Go back and change something, or go on in a branch of your own.",
    zh: "可以回到前面作些改变，或在自己的分支中继续。",
  },
} as const satisfies Catalogue;

const events = {
  "event.tick": {en: "{member}'s clock ticks", zh: "{member} 的时钟走一格"},
  "event.wake": {en: "{member} wakes at a deadline of its own", zh: "{member} 到达自己设定的期限"},
  "event.turn": {en: "{member}'s {actor} goes on", zh: "{member} 的 {actor} 继续"},
  "event.message": {en: "{to} gets from {from}: {what}", zh: "{to} 收到 {from} 的：{what}"},
  "event.request": {en: "{to} is asked by {from}: {what}", zh: "{to} 收到 {from} 的请求：{what}"},
  "event.response": {en: "{to} is answered by {from}: {what}", zh: "{to} 收到 {from} 的应答：{what}"},
  "event.lost.cut": {en: "{from} → {to}: {what} lost at the wall", zh: "{from} → {to}：{what} 被墙挡住"},
  "event.lost.loss": {en: "{from} → {to}: {what} lost on the way", zh: "{from} → {to}：{what} 在途中丢失"},
  "event.lost.dropped": {en: "{from} → {to}: {what} taken away", zh: "{from} → {to}：{what} 被拿走"},
  "event.lost.queue": {
    en: "{from} → {to}: {what} finds no room in the queue",
    zh: "{from} → {to}：{what} 队列已满",
  },
  "event.lost.reset": {
    en: "{from} → {to}: {what} lost with its connection",
    zh: "{from} → {to}：{what} 随连接一同丢失",
  },
  "event.lost.refused": {
    en: "{from} → {to}: {what} is refused by {to}",
    zh: "{from} → {to}：{what} 被 {to} 拒绝",
  },
  "event.lost.down": {
    en: "{from} → {to}: {what} arrives nowhere, {to} is down",
    zh: "{from} → {to}：{what} 无处送达，{to} 已停机",
  },
  "event.credit": {
    en: "{client} has room for {room} more watch responses of {member}",
    zh: "{client} 还能再接收 {member} 的 {room} 条监听响应",
  },
  "event.close": {
    en: "{to} learns that the stream with {from} has ended",
    zh: "{to} 得知与 {from} 的流已结束",
  },
  "event.disk": {
    en: "{member}'s disk has finished: {what} of {file}",
    zh: "{member} 的磁盘已完成：{what} {file}",
  },
  "event.report.snapshotDone": {
    en: "{member} learns that its snapshot has arrived at {to}",
    zh: "{member} 得知它的快照已到达 {to}",
  },
  "event.report.snapshotFailed": {
    en: "{member} learns that its snapshot did not get to {to}",
    zh: "{member} 得知它的快照没有到达 {to}",
  },
  "event.clientWake": {en: "{client} wakes at a deadline of its own", zh: "{client} 到达自己设定的期限"},
  "event.moment": {en: "The scenario marks this moment", zh: "场景标记了这一刻"},
} as const satisfies Catalogue;

const rest = {
  title: {en: "{en}", zh: "{zh}"},
  "branch.main": {en: "as the scenario has it", zh: "场景原本的运行"},
  "branch.act": {en: "{what}, at {at} ms", zh: "{what}（{at} ms 时）"},
  "note.notMajority": {en: "only on {members}: not a majority", zh: "只在 {members} 上：未达多数"},
  "note.notMajorityMany": {
    en: "only on {count} of {of} servers: not a majority",
    zh: "只在 {of} 台中的 {count} 台上：未达多数",
  },
  "note.snapshot": {en: "must take a snapshot first", zh: "须先接收快照"},
  "note.notMajorityJoint": {
    en: "on {members}: no majority of {voters}",
    zh: "在 {members} 上：未达 {voters} 的多数",
  },
  "note.olderTerm": {
    en: "on a majority, but of an older term: not committed",
    zh: "多数已有，但属于更早的任期：未提交",
  },
  "fault.split": {en: "split {groups}", zh: "分割 {groups}"},
  "fault.cut": {en: "cut {from} – {to}", zh: "切断 {from} – {to}"},
  "fault.cutOneWay": {en: "cut {from} → {to}", zh: "切断 {from} → {to}"},
  "fault.crash": {en: "{member} down", zh: "{member} 停机"},
  "fault.link": {en: "{from} {way} {to} {en}", zh: "{from} {way} {to} {zh}"},
  "link.how": {en: "{en}", zh: "{zh}"},
  "fault.connection.reset": {en: "{client} – {member} reset", zh: "{client} – {member} 重置"},
  "fault.connection.refuse": {en: "{member} refuses {client}", zh: "{member} 拒绝 {client}"},
  "fault.crashAt": {en: "{member}: crash at {point} ({nth})", zh: "{member}：在 {point} 崩溃（{nth}）"},
  "fault.crashAtDisk.before": {
    en: "{member}: crash before disk operation ({nth})",
    zh: "{member}：在磁盘操作前崩溃（{nth}）",
  },
  "fault.crashAtDisk.after": {
    en: "{member}: crash after disk operation ({nth})",
    zh: "{member}：在磁盘操作后崩溃（{nth}）",
  },
  "fault.slow": {en: "{member}: {actor} ×{factor}", zh: "{member}：{actor} ×{factor}"},
  "fault.pause": {en: "{member} paused", zh: "{member} 暂停"},
  "fault.clock": {en: "{who}'s clock at {percent} %", zh: "{who}：时钟 {percent}%"},
  "fault.jump": {en: "{who}'s clock +{time} ms", zh: "{who}：时钟 +{time} 毫秒"},
  "fault.loss": {en: "{percent} % lost", zh: "丢失 {percent}%"},
  "fault.message": {en: "{do}: {event}", zh: "{do}：{event}"},
  "fault.timeout": {en: "{member} timed out", zh: "{member} 超时"},
  "fault.pin": {en: "draw fixed: {stream}", zh: "固定抽取：{stream}"},
  "fault.disk.loseUnsynced": {en: "{member}: un-synced lost", zh: "{member}：未同步的丢失"},
  "fault.disk.tearUnsynced": {en: "{member}: torn writes", zh: "{member}：写入撕裂"},
  "fault.disk.loseNames": {en: "{member}: names lost", zh: "{member}：文件名丢失"},
  "fault.disk.slow": {en: "{member}: slow disk", zh: "{member}：磁盘慢"},
  "fault.disk.stall": {en: "{member}: disk stalls", zh: "{member}：磁盘停顿"},
  "fault.disk.full": {en: "{member}: disk full", zh: "{member}：磁盘满"},
  "fault.disk.syncFails": {en: "{member}: sync fails", zh: "{member}：同步失败"},
  "fault.disk.rot": {en: "{member}: rot in {file}", zh: "{member}：{file} 比特腐坏"},
  "fault.disk.unreadable": {en: "{member}: {file} unreadable", zh: "{member}：{file} 读不出"},
  "fault.disk.misdirect": {en: "{member}: write astray", zh: "{member}：写错位置"},
  "fault.disk.syncLies": {en: "{member}: disk lies", zh: "{member}：磁盘说谎"},
  "fault.disk.syncedLost": {en: "{member}: synced data lost", zh: "{member}：已同步的丢失"},
  "fault.disk.backup": {en: "{member}: copy of disk", zh: "{member}：磁盘副本"},
  "fault.disk.olderDisk": {en: "{member}: older disk", zh: "{member}：旧磁盘"},
  "fault.disk.wipe": {en: "{member}: disk wiped", zh: "{member}：磁盘清空"},
  "fault.disk.mend": {en: "{member}: disk mended", zh: "{member}：磁盘修复"},
  "fault.many": {en: "{count} faults", zh: "{count} 个故障"},
  "grid.nobodyLeads": {en: "nobody leads: {name}", zh: "无领导者：{name}"},
  "checks.veiled": {en: "checks: hidden until you answer", zh: "检查结果：回答后揭晓"},
  "checks.open": {en: "checks: not all decided yet", zh: "检查：尚未全部得出结论"},
  "check.untested": {en: "not tested yet", zh: "尚未检验"},
  "progress.opening": {en: "Running {what}", zh: "正在运行 {what}"},
  "notice.otherBuild": {
    en: "This link was made by another build ({code}); the run is the same up to the moment it names.",
    zh: "此链接由另一版本（{code}）生成；直到所指的时刻，运行都相同。",
  },
  "notice.differs": {
    en: "This link was made by another build ({code}), and the run differs there: expected {expected}, got {found}.",
    zh: "此链接由另一版本（{code}）生成，且运行在该处不同：应为 {expected}，得到 {found}。",
  },
  "notice.differsSame": {
    en: "The run differs from the one linked: expected {expected} at {event}, got {found}.",
    zh: "运行与链接的不同：在 {event} 应为 {expected}，得到 {found}。",
  },
  "notice.noEvent": {
    en: "The linked event {event} does not happen in this run; here is the nearest moment.",
    zh: "链接中的事件 {event} 在此运行中没有发生；这里是最接近的时刻。",
  },
  "notice.skipped": {
    en: "What was done at {event} does not apply any more and was left out: {what}",
    zh: "在 {event} 所做的已不再适用，被略去：{what}",
  },
  "failed.closed": {
    en: "nothing is open: expected a scenario first; choose one",
    zh: "尚未打开任何内容：请先选择一个场景",
  },
  "failed.scenario": {
    en: "scenario “{id}”: there is none of that name; choose one from the list",
    zh: "场景“{id}”：没有这个名称；请从列表中选择",
  },
  "failed.file": {en: "{name}: {line}", zh: "{name}：{line}"},
  "failed.branch": {
    en: "branch “{branch}”: there is none in this run; expected one of {known}",
    zh: "分支“{branch}”：此运行中没有；应为 {known} 之一",
  },
  "failed.event": {
    en: "event “{event}”: it does not happen on branch {branch}; expected a name like n1→n3#17",
    zh: "事件“{event}”：分支 {branch} 上没有发生；应为类似 n1→n3#17 的名称",
  },
  "failed.step": {en: "step {step}: expected an integer from 0 on", zh: "步 {step}：应为从 0 起的整数"},
  "failed.time": {
    en: "time {time}: expected microseconds, an integer from 0 on",
    zh: "时间 {time}：应为微秒，从 0 起的整数",
  },
  "failed.act.unknownName": {
    en: "{what}: a name is not known here; expected n1, n2 … or c1, c2 …",
    zh: "{what}：此处没有这个名称；应为 n1、n2……或 c1、c2……",
  },
  "failed.act.unknownFile": {
    en: "{what}: the disk holds no such file, or nothing in it",
    zh: "{what}：磁盘上没有这个文件，或文件为空",
  },
  "failed.act.badCommand": {
    en: "{what}: expected a line of etcdctl, like put x 1 or get x",
    zh: "{what}：应为 etcdctl 命令，例如 put x 1 或 get x",
  },
  "failed.act.unknownMessage": {
    en: "{what}: that message is not on its way; choose one that is",
    zh: "{what}：该消息不在途中；请选择在途的消息",
  },
  "failed.act.notNow": {
    en: "{what}: not possible in the state that it is in now",
    zh: "{what}：在当前状态下无法进行",
  },
  "failed.act.notIdempotent": {
    en: "{what}: a forwarded proposal would be applied twice; choose another kind of message",
    zh: "{what}：转发的提案会被应用两次；请选择其他种类的消息",
  },
  "failed.act.badNumber": {en: "{what}: a number is out of range", zh: "{what}：数值超出范围"},
  "failed.act.alreadyDrawn": {
    en: "{what}: that draw has been made already; expected a later one",
    zh: "{what}：该抽取已经发生；应为之后的一次",
  },
  "failed.act.ofStream": {
    en: "{what}: a client's connection is a stream that loses, doubles and swaps nothing; choose two servers",
    zh: "{what}：客户端的连接是流，不会丢失、重复或乱序；请选择两台服务器",
  },
  "failed.act.noPausePoint": {
    en: "{what}: this run lists no such pause point; expected one of config.pausePoints",
    zh: "{what}：此运行没有列出这个暂停点；应为 config.pausePoints 之一",
  },
  "failed.ref": {
    en: "“{ref}” is not known here: expected the name of an event, a message, an operation, a revision or an entry",
    zh: "此处没有“{ref}”：应为事件、消息、操作、修订或条目的名称",
  },
  "failed.beat": {
    en: "“{beat}” is not asked here; go to the question first",
    zh: "此处没有问“{beat}”；请先前往该问题",
  },
  "failed.link": {en: "the link is damaged: {what}", zh: "链接已损坏：{what}"},
  "failed.internal": {en: "the engine stopped: {message}", zh: "引擎停止：{message}"},
} as const satisfies Catalogue;

export const engineWords = {...captions, ...events, ...rest} as const satisfies Catalogue;

export type EngineSaid = keyof typeof engineWords;

export const say = sayer<typeof engineWords>();
