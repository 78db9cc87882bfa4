// Two of three servers are replaced at once, through a joint configuration: while it lasts, a majority of the old voters
// and a majority of the new ones must agree (Raft §6; etcd's ConfChangeV2).

import type {Expect, Run, Scenario, Step} from "./format.ts";

const begin: readonly Step[] = [
  {
    id: "elected",
    when: {not: {leader: "none"}},
    after: "100ms",
    let: {lead: "leader", old: "a follower", older: "a follower"},
    wait: true,
  },
];

const expect: readonly Expect[] = [
  {
    id: "old-is-not-enough",
    at: {step: "heal"},
    claim: {
      all: [
        {entry: "op:#first", in: "a majority of the old"},
        {not: {entry: "op:#first", in: "a majority of the new"}},
        {not: {entry: "op:#first", in: "@lead", committed: true}},
      ],
    },
    says: {
      en: "A write in the logs of a majority of the old voters alone is not committed",
      zh: "只到达旧投票者多数派日志的写入没有提交",
    },
  },
  {
    id: "new-is-not-enough",
    at: {step: "heal-again"},
    claim: {
      all: [
        {entry: "op:#second", in: "a majority of the new"},
        {not: {entry: "op:#second", in: "a majority of the old"}},
        {not: {entry: "op:#second", in: "@lead", committed: true}},
      ],
    },
    says: {
      en: "A write in the logs of a majority of the new voters alone is not committed",
      zh: "只到达新投票者多数派日志的写入没有提交",
    },
  },
  {
    id: "both-are",
    claim: {
      all: [
        {op: "op:#first", is: "done"},
        {op: "op:#second", is: "done"},
      ],
    },
    says: {
      en: "Both writes are committed once both halves can be reached",
      zh: "两半都能联系到之后，两次写入都提交了",
    },
  },
  {
    id: "one-leader",
    claim: {always: {leader: "@lead"}, since: "elected"},
    says: {en: "{@lead} leads all the time", zh: "自始至终由 {@lead} 领导"},
  },
  {
    id: "left",
    claim: {
      all: [
        {configuration: "@lead", is: "simple"},
        {member: "@old", is: "none"},
        {member: "@older", is: "none"},
        {member: "n4", is: "voter"},
        {member: "n5", is: "voter"},
      ],
    },
    says: {
      en: "The joint configuration is left, and only the new voters decide",
      zh: "联合配置已退出，只由新投票者决定",
    },
  },
  {
    id: "old-not-needed",
    claim: {
      all: [
        {role: "@old", is: "crashed"},
        {role: "@older", is: "crashed"},
        {op: "op:#last", is: "done"},
      ],
    },
    says: {
      en: "A write is committed with both old servers down",
      zh: "两台旧服务器都停机时，写入仍能提交",
    },
  },
];

const run: Run = {
  seed: "1",
  holds: "every seed",
  until: {op: "op:#last", is: "done"},
  limit: "20s",
  config: {
    members: 3,
    learners: 2,
    clients: 1,
    profile: "teaching",
    // Patient, so that nobody campaigns while the network is cut.
    raft: {electionTicks: 60},
  },
  steps: [
    ...begin,
    {
      id: "change",
      client: "c1",
      op: "member reconfigure v4 v5 r@old r@older --transition explicit",
      as: "change",
      to: "@lead",
    },
    {id: "joint", when: {configuration: "@lead", is: "joint"}, wait: true},
    {
      id: "cut",
      when: {
        all: [
          {configuration: "n4", is: "joint"},
          {configuration: "n5", is: "joint"},
        ],
      },
      after: "60ms",
      split: [
        ["@lead", "@old", "@older", "c1"],
        ["n4", "n5"],
      ],
    },
    {id: "write", after: "10ms", client: "c1", op: "put x first", as: "first", to: "@lead"},
    {id: "heal", when: {entry: "op:#first", in: "a majority of the old"}, after: "80ms", heal: "all"},
    {
      id: "cut-again",
      when: {op: "op:#first", is: "done"},
      after: "100ms",
      split: [
        ["@lead", "n4", "n5", "c1"],
        ["@old", "@older"],
      ],
    },
    {id: "write-again", after: "10ms", client: "c1", op: "put x second", as: "second", to: "@lead"},
    {
      id: "heal-again",
      when: {entry: "op:#second", in: "a majority of the new"},
      after: "80ms",
      heal: "all",
    },
    {
      id: "leave",
      when: {op: "op:#second", is: "done"},
      after: "60ms",
      client: "c1",
      op: "member reconfigure",
      as: "leave",
      to: "@lead",
    },
    {id: "stop", when: {op: "op:#leave", is: "done"}, after: "40ms", crash: "@old"},
    {id: "stop-too", crash: "@older"},
    {id: "end", after: "10ms", client: "c1", op: "put x last", as: "last", to: "@lead"},
  ],
  expect,
};

export const jointConsensus: Scenario = {
  format: 1,
  id: "joint-consensus",
  group: "lesson",
  title: {en: "Several servers are replaced at once", zh: "一次更换多台服务器"},
  teaches: {
    en: "Why two configurations decide together for a while, and why a majority of one of them is not enough",
    zh: "为什么两个配置要共同决定一段时间，以及为什么其中一个的多数派还不够",
  },
  minutes: 3,
  sources: [
    {title: "Ongaro and Ousterhout, In Search of an Understandable Consensus Algorithm, §6"},
    {title: "Ongaro, Consensus: Bridging Theory and Practice, §4.3"},
  ],
  run,
  open: {step: "elected"},
  tell: [
    {
      id: "start",
      at: "start",
      say: [
        {
          en: "{members} servers have a vote. {n4} and {n5} are learners: they are sent the log and have none.",
          zh: "{members} 台服务器有投票权。{n4} 与 {n5} 是学习者：接收日志，没有投票权。",
          claim: {all: [{leader: "none"}, {not: {member: "n4", is: "voter", at: "n1"}}]},
        },
      ],
    },
    {
      id: "elected",
      at: {step: "elected"},
      show: {focus: ["@lead"]},
      say: [
        {
          en: "{@lead} leads. {@old} and {@older} are to go, {n4} and {n5} to take their places, all in one change.",
          zh: "{@lead} 是领导者。{@old} 与 {@older} 要离开，由 {n4} 与 {n5} 接替，一次完成。",
          claim: {leader: "@lead"},
        },
        {
          en: "From the old voters to the new ones in one step, a majority of each might have no server in common, and each elect a leader.",
          zh: "如果一步从旧投票者换到新投票者，两边的多数派可能没有共同的服务器，会各自选出领导者。",
          defines: "joint configuration",
        },
      ],
    },
    {
      id: "joint",
      at: {step: "joint"},
      show: {focus: ["@lead"], speed: "20ms"},
      say: [
        {
          en: "So for a while both decide: {voters(@lead)}. A majority is {majority}: of the old voters, and of the new.",
          zh: "所以有一段时间由两者共同决定：{voters(@lead)}。多数派是 {majority}：旧投票者的多数，加新投票者的多数。",
          claim: {configuration: "@lead", is: "joint"},
        },
      ],
    },
    {
      id: "is-it-committed",
      at: {step: "write"},
      show: {focus: ["@lead", "@old", "@older"]},
      ask: {
        text: {
          en: "{n4} and {n5} are cut off. A client writes; {@lead}, {@old} and {@older} hear of it: all the old voters. Will it be committed?",
          zh: "{n4} 与 {n5} 被隔开。客户端写入；{@lead}、{@old} 与 {@older} 都收到了：旧投票者全在。它会提交吗？",
        },
        veil: ["tape", "verdict"],
        until: {step: "heal"},
        how: "one",
        answers: [
          {
            text: {
              en: "Yes: until the change is over, the old voters decide",
              zh: "会：变更结束之前由旧投票者决定",
            },
            right: {entry: "op:#first", in: "@lead", committed: true},
            because: {
              en: "The new voters might, on the other side, come to another decision.",
              zh: "在另一侧，新投票者可能作出不同的决定。",
            },
            misconception: "old-decides",
          },
          {
            text: {
              en: "Yes: most of the servers that have a vote hold it",
              zh: "会：有投票权的服务器多数都存下了它",
            },
            right: {entry: "op:#first", in: "a majority"},
            because: {
              en: "They are not counted together: each half needs its own majority.",
              zh: "两半不合在一起计数：每一半都要有自己的多数派。",
            },
            misconception: "union-counts",
          },
          {
            text: {en: "No: a majority of the new voters is missing", zh: "不会：缺少新投票者的多数派"},
            right: {
              all: [
                {entry: "op:#first", in: "a majority of the old"},
                {not: {entry: "op:#first", in: "a majority of the new"}},
                {not: {entry: "op:#first", in: "@lead", committed: true}},
              ],
            },
            because: {
              en: "Of the new voters only {@lead} has the entry.",
              zh: "新投票者中只有 {@lead} 有这个条目。",
            },
          },
        ],
      },
    },
    {
      id: "healed",
      at: {step: "heal"},
      say: [
        {
          en: "The entry stands in every old voter’s log and is not committed. The network heals.",
          zh: "条目在每个旧投票者的日志中，却没有提交。网络恢复。",
          claim: "old-is-not-enough",
        },
      ],
    },
    {
      id: "first-done",
      at: {op: "op:#first", is: "done"},
      say: [
        {
          en: "Now both halves have it: committed.",
          zh: "现在两半都有了：已提交。",
          claim: {entry: "op:#first", in: "a majority"},
        },
      ],
    },
    {
      id: "the-other-half",
      at: {step: "heal-again"},
      show: {focus: ["@old", "@older"]},
      say: [
        {
          en: "The other way round it is the same: with {@old} and {@older} cut off, all the new voters were not enough.",
          zh: "反过来也一样：隔开 {@old} 与 {@older} 时，新投票者全在也不够。",
          claim: "new-is-not-enough",
        },
      ],
    },
    {
      id: "left",
      at: {op: "op:#leave", is: "done"},
      show: {focus: ["@lead"]},
      say: [
        {
          en: "A second change leaves the joint configuration: {voters(@lead)} decide alone.",
          zh: "第二次变更退出联合配置：由 {voters(@lead)} 单独决定。",
          claim: {configuration: "@lead", is: "simple"},
        },
        {
          en: "It needed both majorities, like the writes before it.",
          zh: "与之前的写入一样，它也需要两个多数派。",
          claim: {entry: "op:#leave", in: "@lead", committed: true},
        },
        {
          en: "In the paper a configuration counts from when it is in the log, so this entry would need the new majority alone; etcd waits until it is applied.",
          zh: "论文中配置写入日志即生效，因此这一条目只需要新的多数派；etcd 则等到应用之后。",
          aside: true,
        },
      ],
    },
    {
      id: "end",
      at: "end",
      say: [
        {
          en: "{@old} and {@older} are switched off, and x = {value(x, @lead)}: nobody waits for them.",
          zh: "{@old} 与 {@older} 已关机，x = {value(x, @lead)}：没有谁在等它们。",
          claim: "old-not-needed",
        },
      ],
    },
  ],
  variants: {
    control: {
      run: {
        until: {op: "op:#first", is: "done"},
        steps: [
          ...begin,
          {
            id: "cut",
            split: [
              ["@lead", "@old", "@older", "c1"],
              ["n4", "n5"],
            ],
          },
          {id: "write", after: "10ms", client: "c1", op: "put x first", as: "first", to: "@lead"},
        ],
      },
      expect: [
        {
          id: "old-decide-alone",
          claim: {
            all: [{entry: "op:#first", in: "@lead", committed: true}, {not: {entry: "op:#first", in: "n4"}}],
          },
          says: {
            en: "Without the change the old voters decide alone, whatever happened to {n4} and {n5}",
            zh: "没有变更时由旧投票者单独决定，无论 {n4} 与 {n5} 怎样",
          },
        },
      ],
    },
  },
};
