// The leader is cut off with one follower while a write is on its way: the entry reaches two logs of five, never commits,
// and is replaced after healing (Raft §5.3, §5.4).

import type {Run, Scenario, Step} from "./format.ts";

const begin: readonly Step[] = [
  {
    id: "elected",
    when: {not: {leader: "none"}},
    after: "60ms",
    let: {old: "leader", mate: "a follower", other: "a follower"},
    wait: true,
  },
  {id: "watch", client: "c2", op: "watch x", as: "watch", to: "@other"},
  {id: "first", after: "60ms", client: "c1", op: "put x first", as: "first", to: "@old"},
  {
    id: "second",
    when: {op: "op:#first", is: "done"},
    after: "10ms",
    client: "c1",
    op: "put x lost",
    as: "lost",
    to: "@old",
  },
];

const run: Run = {
  seed: "1",
  holds: "every seed",
  until: {
    all: [
      {op: "op:#read", is: "done"},
      {op: "op:#lost", is: "unknown"},
    ],
  },
  limit: "20s",
  config: {members: 5, clients: 2, profile: "teaching"},
  steps: [
    ...begin,
    {
      id: "cut",
      when: {entry: "op:#lost", in: "@old"},
      after: "6ms",
      split: [
        ["@old", "@mate", "c1"],
        ["others", "c2"],
      ],
    },
    {id: "elected-again", when: {not: {leader: "@old"}}, let: {new: "leader"}, wait: true},
    {id: "third", after: "60ms", client: "c2", op: "put x kept", as: "kept", to: "@new"},
    {id: "heal", when: {watcher: "op:#watch", saw: "x=kept"}, after: "60ms", heal: "all"},
    {id: "replaced", when: {entry: "op:#lost", in: "no log"}, wait: true},
    {
      id: "read",
      when: {key: "x", at: "@old", value: "kept"},
      client: "c2",
      op: "get x",
      as: "read",
      to: "@old",
    },
  ],
  expect: [
    {
      id: "first-survives",
      claim: {entry: "op:#first", in: "every log", committed: true},
      says: {
        en: "The first write, which reached a majority before the cut, is committed in every log",
        zh: "第一次写入在切断之前已到达多数派，在每份日志中都已提交",
      },
    },
    {
      id: "minority-only",
      claim: {always: {not: {entry: "op:#lost", in: "a majority"}}},
      says: {
        en: "The second write never stood in the logs of a majority",
        zh: "存下第二次写入的日志从未达到多数",
      },
    },
    {
      id: "never-committed",
      claim: {
        always: {
          not: {
            any: [
              {entry: "op:#lost", in: "@old", committed: true},
              {entry: "op:#lost", in: "@mate", committed: true},
            ],
          },
        },
      },
      says: {
        en: "Neither {@old} nor {@mate} ever took the second write for committed",
        zh: "{@old} 与 {@mate} 都从未把第二次写入视为已提交",
      },
    },
    {
      id: "no-promise-broken",
      claim: {op: "op:#lost", is: "unknown"},
      says: {
        en: "The client was never told that its second write succeeded",
        zh: "客户端从未被告知第二次写入成功",
      },
    },
    {
      id: "new-leader",
      claim: {all: [{leader: "@new"}, {term: "@new", atLeast: 2}, {role: "@old", is: "follower"}]},
      says: {
        en: "{@new}, elected by the majority, leads at the end, and {@old} follows",
        zh: "由多数派选出的 {@new} 最终领导集群，{@old} 成为跟随者",
      },
    },
    {
      id: "replaced",
      claim: {entry: "op:#lost", in: "no log"},
      says: {en: "No log holds the second write's entry any more", zh: "第二次写入的条目已不在任何日志中"},
    },
    {
      id: "same-everywhere",
      claim: {
        all: [
          {key: "x", at: "n1", value: "kept"},
          {key: "x", at: "n2", value: "kept"},
          {key: "x", at: "n3", value: "kept"},
          {key: "x", at: "n4", value: "kept"},
          {key: "x", at: "n5", value: "kept"},
        ],
      },
      says: {en: "Every server has the majority's value of x", zh: "每台服务器上 x 都是多数派写入的值"},
    },
    {
      id: "watcher-saw-committed",
      claim: {
        all: [
          {watcher: "op:#watch", got: 2},
          {watcher: "op:#watch", saw: "x=first"},
          {watcher: "op:#watch", saw: "x=kept"},
        ],
      },
      says: {
        en: "The watcher saw the two committed writes and never the lost one",
        zh: "监视者只看到两次已提交的写入，从未看到丢失的那一次",
      },
    },
    {
      id: "read-kept",
      claim: {op: "op:#read", is: "done", answer: "kept"},
      says: {
        en: "A read through {@old} answers the majority's value after healing",
        zh: "网络恢复后，通过 {@old} 读到的是多数派写入的值",
      },
    },
  ],
};

export const leaderPartition: Scenario = {
  format: 1,
  id: "leader-partition",
  group: "lesson",
  title: {en: "The leader cut off in a minority", zh: "领导者被隔在少数派一侧"},
  teaches: {
    en: "Why a write that its leader has in its log may still be lost, and why no client was ever told otherwise",
    zh: "为什么领导者已写入日志的条目仍可能丢失，以及为什么没有客户端被误导",
  },
  minutes: 3,
  sources: [
    {title: "Ongaro and Ousterhout, In Search of an Understandable Consensus Algorithm, §5.3 and §5.4"},
  ],
  run,
  open: {op: "op:#first", is: "sent"},
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
      id: "elected",
      at: {step: "elected"},
      say: [
        {
          en: "{@old} leads term {term(@old)}: a majority voted for it.",
          zh: "{@old} 领导任期 {term(@old)}：多数派投了它的票。",
          claim: {leader: "@old"},
        },
        {
          en: "Clients’ writes go through the leader’s log.",
          zh: "客户端的写入都要经过领导者的日志。",
          defines: "leader",
        },
      ],
    },
    {
      id: "first-sent",
      at: {op: "op:#first", is: "sent"},
      show: {focus: ["@old", "op:#first"], speed: "10ms"},
      say: [
        {
          en: "A client asks {@old} to write x. It counts once {@old} knows that {majority} of {members} logs hold it.",
          zh: "客户端请 {@old} 写入 x。{members} 份日志中有 {majority} 份存下它、且 {@old} 得知之后，才算提交。",
          claim: {op: "op:#first", is: "sent"},
        },
        {
          en: "Follow the boxes: entries go out, answers (+) come back. Until then the entry’s edge stays dashed in the log.",
          zh: "请看方框：条目发往各服务器，应答（+）再返回。在此之前，日志中该条目保持虚线。",
          defines: "committed",
        },
      ],
    },
    {
      id: "first-done",
      at: {op: "op:#first", is: "done"},
      say: [
        {
          en: "The write is committed: {copies(#first)} of {members} logs hold it, and the client is told.",
          zh: "写入已提交：{members} 份日志中有 {copies(#first)} 份存下了它，客户端得到应答。",
          claim: {entry: "op:#first", in: "a majority"},
        },
        {
          en: "The same client writes again at once.",
          zh: "同一个客户端马上又写一次。",
          aside: true,
        },
      ],
    },
    {
      id: "will-it-survive",
      at: {step: "cut"},
      show: {focus: ["@old", "@mate", "op:#lost"]},
      ask: {
        text: {
          en: "{@old} is cut off with {@mate}, and the second write can reach only these two logs. Will this write survive?",
          zh: "{@old} 与 {@mate} 被隔开，第二次写入只能到达这两台的日志。它能保住吗？",
        },
        veil: ["tape", "verdict"],
        until: {
          any: [
            {entry: "op:#lost", in: "no log"},
            {entry: "op:#lost", in: "every log"},
          ],
        },
        how: "one",
        answers: [
          {
            text: {en: "Yes: the leader has it in its log", zh: "能：领导者的日志里有它"},
            right: {op: "op:#lost", is: "done"},
            because: {
              en: "An entry in the leader’s log is only a proposal until a majority holds it.",
              zh: "在多数派存下之前，即使已在领导者的日志里，条目也只是提议。",
            },
            misconception: "leader-decides",
          },
          {
            text: {en: "Yes: it spreads when the network heals", zh: "能：网络恢复后它会传到其他服务器"},
            right: {entry: "op:#lost", in: "every log"},
            because: {
              en: "By then the majority has a leader of a higher term, whose log wins.",
              zh: "那时多数派已有更高任期的领导者，以它的日志为准。",
            },
            misconception: "healing-merges",
          },
          {
            text: {en: "No: another entry takes its place", zh: "不能：另一个条目会取代它"},
            right: {entry: "op:#lost", in: "no log"},
            because: {
              en: "The majority elects a leader without it, and that leader’s log replaces it.",
              zh: "多数派会选出没有该条目的新领导者，并以新领导者的日志取代它。",
            },
          },
        ],
      },
    },
    {
      id: "two-leaders",
      at: {step: "elected-again"},
      show: {focus: ["@new", "@old"]},
      say: [
        {
          en: "{@new} leads term {term(@new)}; {@old} still believes it leads term {term(@old)}.",
          zh: "{@new} 领导任期 {term(@new)}；{@old} 仍以为自己领导着任期 {term(@old)}。",
          claim: {all: [{leader: "@new"}, {role: "@old", is: "leader"}]},
        },
        {
          en: "Only one of them can reach a majority.",
          zh: "其中只有一个能联系到多数派。",
          claim: "minority-only",
        },
      ],
    },
    {
      id: "kept",
      at: {op: "op:#kept", is: "done"},
      say: [
        {
          en: "The majority commits another value of x in entry {index(#kept)}.",
          zh: "多数派在条目 {index(#kept)} 中提交了 x 的另一个值。",
          claim: {entry: "op:#kept", in: "a majority"},
        },
        {
          en: "Compare the logs: the same index holds different entries on the two sides.",
          zh: "请比较两边的日志：同一索引处的条目并不相同。",
          aside: true,
        },
      ],
    },
    {
      id: "healed",
      at: {step: "heal"},
      say: [
        {
          en: "The network heals. As soon as {@old} hears of term {term(@new)}, it steps down.",
          zh: "网络恢复。{@old} 一旦得知任期 {term(@new)}，就转为跟随者。",
          claim: "new-leader",
        },
        {
          en: "Watch the logs of {@old} and {@mate}.",
          zh: "请看 {@old} 与 {@mate} 的日志。",
          aside: true,
        },
      ],
    },
    {
      id: "replaced",
      at: {step: "replaced"},
      show: {focus: ["@old", "op:#kept"]},
      say: [
        {
          en: "The second write is gone: entry {index(#lost)} was replaced by the leader’s.",
          zh: "第二次写入消失了：条目 {index(#lost)} 已被新领导者的条目取代。",
          claim: {entry: "op:#lost", in: "no log"},
        },
        {
          en: "Its client was never told that it had succeeded.",
          zh: "它的客户端从未被告知写入成功。",
          claim: "no-promise-broken",
        },
      ],
    },
    {
      id: "end",
      at: "end",
      say: [
        {
          en: "Every server now has x = {value(x, leader)}.",
          zh: "现在每台服务器上 x = {value(x, leader)}。",
          claim: "same-everywhere",
        },
        {
          en: "The watcher saw {got(#watch)} events: the committed ones.",
          zh: "监视者看到 {got(#watch)} 个事件：都是已提交的。",
          claim: "watcher-saw-committed",
        },
      ],
    },
  ],
  variants: {
    control: {
      run: {
        until: {op: "op:#read", is: "done"},
        steps: [
          ...begin,
          {id: "read", when: {op: "op:#lost", is: "done"}, client: "c2", op: "get x", as: "read"},
        ],
      },
      expect: [
        {
          id: "survives",
          claim: {
            all: [
              {op: "op:#lost", is: "done"},
              {op: "op:#read", is: "done", answer: "lost"},
            ],
          },
          says: {en: "Without the cut the second write succeeds", zh: "如果没有切断，第二次写入会成功"},
        },
      ],
    },
  },
};
