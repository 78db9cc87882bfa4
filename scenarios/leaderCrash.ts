// The leader crashes after a write was committed, the others elect another, and the crashed one comes back from its disk
// and catches up (Raft §5.3, §5.6).

import type {Scenario} from "./format.ts";

export const leaderCrash: Scenario = {
  format: 1,
  id: "leader-crash",
  group: "lesson",
  title: {en: "The leader crashes and comes back", zh: "领导者崩溃后恢复"},
  teaches: {
    en: "What a server keeps on its disk, what it forgets, and how its log catches up",
    zh: "服务器在磁盘上保存什么、忘记什么，以及它的日志如何追上",
  },
  minutes: 2,
  sources: [
    {title: "Ongaro and Ousterhout, In Search of an Understandable Consensus Algorithm, §5.3 and Figure 2"},
  ],
  run: {
    seed: "1",
    holds: "every seed",
    until: {op: "op:#read", is: "done"},
    limit: "20s",
    config: {members: 3, clients: 1, profile: "teaching"},
    steps: [
      {id: "elected", when: {not: {leader: "none"}}, after: "60ms", let: {old: "leader"}, wait: true},
      {id: "before", client: "c1", op: "put x before", as: "before", to: "@old"},
      {id: "crash", when: {op: "op:#before", is: "done"}, after: "20ms", crash: "@old"},
      {id: "elected-again", when: {not: {leader: "none"}}, let: {new: "leader"}, wait: true},
      {id: "during", after: "60ms", client: "c1", op: "put x during", as: "during", to: "@new"},
      {id: "restart", when: {op: "op:#during", is: "done"}, after: "60ms", restart: "@old"},
      {id: "caught-up", when: {key: "x", at: "@old", value: "during"}, wait: true},
      {id: "read", client: "c1", op: "get x", as: "read", to: "@old"},
    ],
    expect: [
      {
        id: "another-leads",
        at: {step: "elected-again"},
        claim: {all: [{not: {leader: "@old"}}, {role: "@old", is: "crashed"}]},
        says: {en: "Another server leads while {@old} is down", zh: "{@old} 停机期间由另一台服务器领导"},
      },
      {
        id: "disk-remembers",
        at: {step: "restart"},
        claim: {all: [{entry: "op:#before", in: "@old"}, {not: {entry: "op:#during", in: "@old"}}]},
        says: {
          en: "{@old} comes back with the first write from its disk, and without the second",
          zh: "{@old} 恢复时，磁盘上有第一次写入，没有第二次写入",
        },
      },
      {
        id: "comes-back-as-follower",
        at: {step: "restart"},
        claim: {role: "@old", is: "follower"},
        says: {en: "{@old} comes back as a follower", zh: "{@old} 恢复后是跟随者"},
      },
      {
        id: "caught-up",
        claim: {
          all: [
            {entry: "op:#before", in: "every log", committed: true},
            {entry: "op:#during", in: "every log", committed: true},
          ],
        },
        says: {en: "Both writes are committed in every log", zh: "两次写入在每份日志中都已提交"},
      },
      {
        id: "reads-new",
        claim: {op: "op:#read", is: "done", answer: "during"},
        says: {
          en: "A read through {@old} answers the write it missed",
          zh: "通过 {@old} 能读到它错过的那次写入",
        },
      },
    ],
  },
  open: {op: "op:#before", is: "sent"},
  tell: [
    {
      id: "start",
      at: "start",
      say: [
        {
          en: "{members} servers start with empty logs and no leader.",
          zh: "{members} 台服务器启动，日志为空，也没有领导者。",
          claim: {leader: "none"},
        },
        {
          en: "Look at the arcs: whose timer runs out first asks for votes.",
          zh: "请看圆弧：谁的计时器先到期，谁就请求投票。",
          aside: true,
        },
      ],
    },
    {
      id: "before",
      at: {op: "op:#before", is: "sent"},
      show: {focus: ["@old", "op:#before"], speed: "10ms"},
      say: [
        {
          en: "A client asks {@old}, the leader, to write x.",
          zh: "一个客户端请领导者 {@old} 写入 x。",
          claim: {leader: "@old"},
        },
        {
          en: "Look for the entry in the logs: a server answers only once its disk has it.",
          zh: "请看日志中的条目：磁盘存好之后，服务器才会应答。",
          defines: "durable",
        },
      ],
    },
    {
      id: "crash",
      at: {step: "crash"},
      show: {focus: ["@old"]},
      ask: {
        text: {
          en: "{@old} crashes: its memory is gone. What will it still know of x when it comes back?",
          zh: "{@old} 崩溃，内存内容全部丢失。恢复时它还记得 x 的什么？",
        },
        veil: ["tape", "verdict"],
        until: {step: "restart"},
        how: "one",
        answers: [
          {
            text: {en: "Nothing: it starts empty", zh: "什么都不记得：从空白开始"},
            right: {not: {entry: "op:#before", in: "@old"}},
            because: {
              en: "Term, vote and log are on its disk before it answers anybody.",
              zh: "在应答任何人之前，任期、投票和日志就已写入磁盘。",
            },
            misconception: "memory-only",
          },
          {
            text: {en: "The write from before the crash", zh: "崩溃之前的写入"},
            right: {all: [{entry: "op:#before", in: "@old"}, {not: {entry: "op:#during", in: "@old"}}]},
            because: {
              en: "Its log is read back from the disk; what came later it must be sent.",
              zh: "日志从磁盘读回；之后的内容要由其他服务器发来。",
            },
          },
          {
            text: {en: "Everything, even what was written while it was down", zh: "全部，包括停机期间的写入"},
            right: {entry: "op:#during", in: "@old"},
            because: {
              en: "Nobody could send it anything while it was down.",
              zh: "停机期间，谁也无法向它发送任何内容。",
            },
            misconception: "shared-disk",
          },
        ],
      },
    },
    {
      id: "candidate",
      at: {
        first: {step: "crash"},
        then: {any: ["n1", "n2", "n3"].map((role) => ({role, is: "candidate" as const}))},
      },
      say: [
        {
          en: "The others hear from no leader any more; whose arc is full first asks for votes in a new term.",
          zh: "其他服务器不再收到领导者的消息；弧线最先走满的那台在新任期请求投票。",
          claim: {leader: "none"},
        },
        {
          en: "If two ask at the same time, the votes split, nobody wins, and they try again in the next term.",
          zh: "如果两台同时请求，选票就会分散，谁也不能当选，于是在下一任期重试。",
          defines: "split vote",
        },
      ],
    },
    {
      id: "elected-again",
      at: {step: "elected-again"},
      say: [
        {
          en: "{@new} leads term {term(@new)} now: {majority} of {members} servers are enough.",
          zh: "现在由 {@new} 领导任期 {term(@new)}：{members} 台服务器中有 {majority} 台就足够。",
          claim: {leader: "@new"},
        },
        {
          en: "It has the first write: a candidate without it would not get a majority of the votes.",
          zh: "它存有第一次写入：没有这次写入的候选者得不到多数票。",
          claim: {entry: "op:#before", in: "@new"},
        },
      ],
    },
    {
      id: "restart",
      at: {step: "restart"},
      show: {focus: ["@old"]},
      say: [
        {
          en: "{@old} comes back as a follower, with the log of its disk: up to entry {last(@old)}.",
          zh: "{@old} 作为跟随者恢复，日志来自磁盘：直到条目 {last(@old)}。",
          claim: {role: "@old", is: "follower"},
        },
        {
          en: "{@new} will find out where their logs part and send the rest.",
          zh: "{@new} 会找出两份日志的分歧之处，并补发其余内容。",
          claim: "caught-up",
        },
      ],
    },
    {
      id: "caught-up",
      at: {step: "caught-up"},
      say: [
        {
          en: "{@old} has caught up: x = {value(x, @old)} in its store.",
          zh: "{@old} 已追上：它的存储中 x = {value(x, @old)}。",
          claim: {key: "x", at: "@old", value: "during"},
        },
        {
          en: "A client reads through it to see.",
          zh: "客户端通过它读取以验证。",
          claim: "reads-new",
        },
      ],
    },
  ],
  variants: {
    control: {
      run: {
        steps: [
          {id: "elected", when: {not: {leader: "none"}}, after: "60ms", let: {old: "leader"}, wait: true},
          {id: "before", client: "c1", op: "put x before", as: "before", to: "@old"},
          {
            id: "read",
            when: {op: "op:#before", is: "done"},
            client: "c1",
            op: "get x",
            as: "read",
            to: "@old",
          },
        ],
      },
      expect: [
        {
          id: "same-leader",
          claim: {all: [{leader: "@old"}, {op: "op:#read", is: "done", answer: "before"}]},
          says: {en: "Without the crash {@old} goes on leading", zh: "如果没有崩溃，{@old} 一直是领导者"},
        },
      ],
    },
  },
};
