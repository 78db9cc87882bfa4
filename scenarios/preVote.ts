// A server that was cut off comes back. It asked before it campaigned, so its term is no higher than the leader's, and
// nobody is disturbed (thesis §9.6, §4.2.3; etcd's PreVote and CheckQuorum). Without these it is another story: `control`.

import type {Expect, Run, Scenario, Step} from "./format.ts";

const begin: readonly Step[] = [
  {
    id: "elected",
    when: {not: {leader: "none"}},
    after: "60ms",
    let: {lead: "leader", away: "a follower"},
    wait: true,
  },
  {id: "write", client: "c1", op: "put x before", as: "before", to: "@lead"},
  {id: "cut", when: {op: "op:#before", is: "done"}, after: "40ms", split: [["@away"], ["others", "c1"]]},
];

const end: readonly Step[] = [
  {id: "heal", after: "450ms", heal: "all"},
  {id: "write-again", after: "250ms", client: "c1", op: "put x after", as: "after", to: "@lead"},
];

const expect: readonly Expect[] = [
  {
    id: "leads-on",
    claim: {always: {leader: "@lead"}, since: "elected"},
    says: {en: "{@lead} leads all the time", zh: "自始至终由 {@lead} 领导"},
  },
  {
    id: "never-ahead",
    claim: {always: {not: {ahead: "@away", of: "@lead"}}, since: "elected"},
    says: {
      en: "The term of {@away} is never higher than that of {@lead}",
      zh: "{@away} 的任期从不高于 {@lead} 的任期",
    },
  },
  {
    id: "asked-in-vain",
    at: {step: "heal"},
    claim: {
      all: [{role: "@away", is: "preCandidate"}, {not: {ahead: "@away", of: "@lead"}}],
    },
    says: {
      en: "{@away} has asked whether it would be elected, and got no answer",
      zh: "{@away} 询问自己能否当选，没有得到应答",
    },
  },
  {
    id: "follows-again",
    claim: {
      all: [
        {role: "@away", is: "follower"},
        {key: "x", at: "@away", value: "before"},
        {op: "op:#after", is: "done"},
      ],
    },
    says: {en: "{@away} follows again, and writes go on", zh: "{@away} 重新跟随，写入继续进行"},
  },
];

const run: Run = {
  seed: "1",
  holds: "every seed",
  until: {op: "op:#after", is: "done"},
  limit: "20s",
  config: {members: 3, clients: 1, profile: "teaching", raft: {preVote: true, checkQuorum: true}},
  steps: [...begin, {id: "asks", when: {role: "@away", is: "preCandidate"}, wait: true}, ...end],
  expect,
};

export const preVote: Scenario = {
  format: 1,
  id: "pre-vote",
  group: "lesson",
  title: {en: "A server that was cut off comes back", zh: "被隔开的服务器回来了"},
  teaches: {
    en: "Why a server asks before it campaigns, and what it would do to a sound leader if it did not",
    zh: "服务器竞选之前为什么先询问，以及如果不询问会怎样干扰正常的领导者",
  },
  minutes: 2,
  sources: [{title: "Ongaro, Consensus: Bridging Theory and Practice, §4.2.3 and §9.6"}],
  run,
  open: {step: "elected"},
  tell: [
    {
      id: "start",
      at: "start",
      say: [
        {
          en: "{members} servers start, and nobody leads yet.",
          zh: "{members} 台服务器启动，还没有领导者。",
          claim: {leader: "none"},
        },
        {
          en: "Each asks for pre-votes before it asks for votes.",
          zh: "每台先请求预投票，再请求投票。",
          aside: true,
        },
      ],
    },
    {
      id: "elected",
      at: {step: "elected"},
      show: {focus: ["@lead"]},
      say: [
        {
          en: "{@lead} leads term {term(@lead)}.",
          zh: "{@lead} 是任期 {term(@lead)} 的领导者。",
          claim: {leader: "@lead"},
        },
        {
          en: "A pre-vote promises nothing: whoever gives it keeps its term and its vote.",
          zh: "预投票不作任何承诺：给出预投票的服务器保留自己的任期和选票。",
          defines: "pre-vote",
        },
      ],
    },
    {
      id: "what-will-it-do",
      at: {step: "cut"},
      show: {focus: ["@away", "@lead"]},
      ask: {
        text: {
          en: "{@away} is cut off and hears from no leader. The term of {@lead} is {term(@lead)}. What becomes of the term of {@away}?",
          zh: "{@away} 被隔开，收不到领导者的消息。{@lead} 的任期是 {term(@lead)}。{@away} 的任期会怎样？",
        },
        veil: ["tape", "verdict"],
        until: {step: "heal"},
        how: "one",
        answers: [
          {
            text: {en: "It grows with every time it runs out of patience", zh: "每次超时都会增大"},
            right: {ahead: "@away", of: "@lead"},
            because: {
              en: "It would without pre-votes: each campaign begins a new term.",
              zh: "没有预投票时确实如此：每次竞选都开始新的任期。",
            },
            misconception: "timeout-means-term",
          },
          {
            text: {en: "It stays: nobody answers its question", zh: "不变：没有人应答它的询问"},
            right: {all: [{role: "@away", is: "preCandidate"}, {not: {ahead: "@away", of: "@lead"}}]},
            because: {
              en: "A new term begins only when a majority would vote for it.",
              zh: "只有多数派愿意投票给它时，才开始新的任期。",
            },
          },
          {
            text: {
              en: "It stays: it waits for {@lead} and does nothing",
              zh: "不变：它等待 {@lead}，什么也不做",
            },
            right: {role: "@away", is: "follower"},
            because: {
              en: "Its timer runs out all the same, and it asks.",
              zh: "它的计时器照样到期，它会询问。",
            },
            misconception: "follower-waits",
          },
        ],
      },
    },
    {
      id: "healed",
      at: {step: "heal"},
      show: {focus: ["@away"]},
      say: [
        {
          en: "{@away} has asked in vain: its term is {term(@away)} still. The network heals.",
          zh: "{@away} 的询问没有结果：任期仍是 {term(@away)}。网络恢复。",
          claim: "asked-in-vain",
        },
        {
          en: "Servers here check their quorum too: whoever hears from a leader answers no question of this kind, and {@away} could not win now either.",
          zh: "这里的服务器还检查多数派：收得到领导者消息的不应答这种询问，{@away} 现在也不可能赢。",
          claim: "leads-on",
        },
      ],
    },
    {
      id: "end",
      at: "end",
      say: [
        {
          en: "{@away} follows {@lead} again, in the same term {term(@lead)}. Nobody was disturbed.",
          zh: "{@away} 重新跟随 {@lead}，任期仍是 {term(@lead)}。没有谁受到干扰。",
          claim: "follows-again",
        },
      ],
    },
  ],
  variants: {
    control: {
      run: {
        config: {members: 3, clients: 1, profile: "teaching"},
        steps: [...begin, {id: "asks", when: {role: "@away", is: "candidate"}, wait: true}, ...end],
        until: {first: {step: "heal"}, then: {not: {role: "@lead", is: "leader"}}},
      },
      expect: [
        {
          id: "ahead",
          at: {step: "heal"},
          claim: {all: [{ahead: "@away", of: "@lead"}, {leader: "@lead"}]},
          says: {
            en: "Without pre-votes {@away} comes back in a later term than that of {@lead}",
            zh: "没有预投票时，{@away} 回来时的任期比 {@lead} 的更大",
          },
        },
        {
          id: "deposed",
          claim: {first: {step: "heal"}, then: {not: {role: "@lead", is: "leader"}}, within: "400ms"},
          says: {
            en: "{@lead}, which did nothing wrong, must step down",
            zh: "{@lead} 没有做错什么，却必须下台",
          },
        },
      ],
    },
  },
};
