// A server is replaced while the cluster goes on: another joins as a learner, catches up by a snapshot, gets a vote; the
// leader hands over and leaves (thesis §4.2, §3.10; etcd's learner design).

import type {Expect, Run, Scenario, Step} from "./format.ts";

const begin: readonly Step[] = [
  {
    id: "elected",
    when: {not: {leader: "none"}},
    after: "60ms",
    let: {old: "leader", mate: "a follower", other: "a follower"},
    wait: true,
  },
  {id: "compacted", when: {snapshot: "@old"}, wait: true},
  {id: "crash", after: "40ms", crash: "@other"},
];

const expect: readonly Expect[] = [
  {
    id: "learner-does-not-count",
    at: {op: "op:#during", is: "done"},
    claim: {
      all: [
        {member: "n4", is: "learner"},
        {role: "n4", is: "crashed"},
        {role: "@other", is: "crashed"},
        {entry: "op:#during", in: "a majority"},
        {entry: "op:#during", in: "@old", committed: true},
      ],
    },
    says: {
      en: "A write is committed while the learner and {@other} are both down",
      zh: "学习者与 {@other} 都停机时，写入仍能提交",
    },
  },
  {
    id: "snapshot-received",
    at: {step: "promote"},
    claim: {
      all: [
        {snapshot: "n4", received: true},
        {entry: "op:#during", in: "n4"},
      ],
    },
    says: {
      en: "{n4} took the leader’s snapshot in place of entries that the leader no longer has",
      zh: "{n4} 以领导者的快照代替领导者已不再保留的条目",
    },
  },
  {
    id: "never-voter-behind",
    claim: {always: {any: [{not: {member: "n4", is: "voter"}}, {entry: "op:#during", in: "n4"}]}},
    says: {
      en: "{n4} has no vote before its log holds what was committed",
      zh: "{n4} 的日志存有已提交的内容之后，它才有投票权",
    },
  },
  {
    id: "never-joint",
    claim: {always: {not: {configuration: "leader", is: "joint"}}, since: "elected"},
    says: {en: "The configuration is never joint", zh: "配置从未处于联合状态"},
  },
  {
    id: "handed-over",
    claim: {
      all: [
        {op: "op:#move", is: "done"},
        {first: {transfer: "n4"}, then: {leader: "n4"}, within: "150ms"},
      ],
    },
    says: {
      en: "{n4} leads within less than an election timeout after the hand-over began",
      zh: "移交开始后，不到一个选举超时 {n4} 就成为领导者",
    },
  },
  {
    id: "replaced",
    claim: {
      all: [
        {leader: "n4"},
        {member: "@old", is: "none"},
        {member: "n4", is: "voter"},
        {op: "op:#after", is: "done"},
      ],
    },
    says: {
      en: "{n4} has taken the place of {@old}, and the cluster goes on",
      zh: "{n4} 取代了 {@old}，集群继续工作",
    },
  },
];

const run: Run = {
  seed: "1",
  holds: "every seed",
  until: {op: "op:#after", is: "done"},
  limit: "20s",
  config: {
    members: 3,
    spares: 1,
    clients: 2,
    profile: "teaching",
    raft: {snapshotEvery: 4, snapshotKeep: 1},
  },
  load: [
    {
      load: "loop",
      by: "c1",
      ops: ["put x {n}"],
      rest: "30ms",
      from: {step: "elected"},
      until: {step: "crash"},
    },
  ],
  steps: [
    ...begin,
    {id: "add", after: "40ms", client: "c2", op: "member add n4 --learner", as: "add", to: "@old"},
    {
      id: "during",
      when: {op: "op:#add", is: "done"},
      after: "20ms",
      client: "c2",
      op: "put y during",
      as: "during",
      to: "@old",
    },
    {id: "start", when: {op: "op:#during", is: "done"}, after: "20ms", restart: "n4"},
    {id: "back", after: "10ms", restart: "@other"},
    {id: "snapshot-sent", when: {progress: "n4", is: "snapshot"}, wait: true},
    {
      id: "caught-up",
      when: {
        all: [
          {snapshot: "n4", received: true},
          {progress: "n4", is: "replicate"},
        ],
      },
      wait: true,
    },
    // Meanwhile it tells its name: an entry more that it must have before it gets a vote.
    {id: "promote", after: "60ms", client: "c2", op: "member promote n4", as: "promote", to: "@old"},
    {
      id: "hand-over",
      when: {op: "op:#promote", is: "done"},
      after: "40ms",
      client: "c2",
      op: "move-leader n4",
      as: "move",
      to: "@old",
    },
    {id: "leads", when: {leader: "n4"}, wait: true},
    {
      id: "remove",
      when: {op: "op:#move", is: "done"},
      after: "40ms",
      client: "c2",
      op: "member remove @old",
      as: "remove",
      to: "n4",
    },
    {id: "stop", when: {op: "op:#remove", is: "done"}, after: "40ms", crash: "@old"},
    {id: "after", after: "20ms", client: "c2", op: "put y after", as: "after", to: "n4"},
  ],
  expect,
};

export const replaceAMember: Scenario = {
  format: 1,
  id: "replace-a-member",
  group: "lesson",
  title: {en: "A server is replaced while the cluster goes on", zh: "不停机更换一台服务器"},
  teaches: {
    en: "Why a new server learns before it votes, why servers come and go one at a time, and how a leader leaves",
    zh: "为什么新服务器先学习后投票，为什么成员一次只增减一个，以及领导者怎样离开",
  },
  minutes: 3,
  sources: [
    {title: "Ongaro, Consensus: Bridging Theory and Practice, §3.10, §4.1 and §4.2"},
    {title: "etcd, Learner design", url: "https://etcd.io/docs/v3.5/learning/design-learner/"},
  ],
  run,
  open: {step: "compacted"},
  tell: [
    {
      id: "start",
      at: "start",
      say: [
        {
          en: "{members} servers start; {n4} is a spare one, down and in no configuration.",
          zh: "{members} 台服务器启动；{n4} 是备用机，停机，不属于任何配置。",
          claim: {all: [{role: "n4", is: "crashed"}, {not: {member: "n4", is: "voter"}}]},
        },
      ],
    },
    {
      id: "compacted",
      at: {step: "compacted"},
      show: {focus: ["@old"]},
      say: [
        {
          en: "{@old} leads. A snapshot of its store stands for the beginning of its log, which now starts at entry {first(@old)}.",
          zh: "{@old} 是领导者。它用存储的快照代替日志的开头，日志现在从条目 {first(@old)} 开始。",
          claim: {all: [{leader: "@old"}, {snapshot: "@old"}]},
        },
      ],
    },
    {
      id: "crash",
      at: {step: "crash"},
      show: {focus: ["@other"]},
      say: [
        {
          en: "{@other} fails. {@old} and {@mate} are a majority still: {majority} of {members}.",
          zh: "{@other} 出现故障。{@old} 与 {@mate} 仍是多数派：{members} 台中的 {majority} 台。",
          claim: {all: [{role: "@other", is: "crashed"}, {leader: "@old"}]},
        },
        {
          en: "Now {n4} is to replace {@old}, of all servers.",
          zh: "偏偏要用 {n4} 更换 {@old}。",
          aside: true,
        },
      ],
    },
    {
      id: "how-many",
      at: {op: "op:#add", is: "done"},
      show: {focus: ["@old", "n4", "@other"]},
      ask: {
        text: {
          en: "{n4} was added as a learner, before it was even started; {@other} is down too. Can the next write be committed?",
          zh: "{n4} 还未启动就已作为学习者加入；{@other} 也停机。下一次写入能提交吗？",
        },
        veil: ["tape", "verdict"],
        until: {step: "start"},
        how: "one",
        answers: [
          {
            text: {
              en: "No: with one server more, two are too few",
              zh: "不能：多了一台服务器，两台就不够了",
            },
            right: {not: {op: "op:#during", is: "done"}},
            because: {
              en: "That is what a voter would have done: a majority would be one more. A learner counts in no majority.",
              zh: "如果加入的是投票者，确实如此：多数派要多一台。学习者不计入任何多数派。",
            },
            misconception: "learner-counts",
          },
          {
            text: {
              en: "Yes: {majority} of the {members} voters are enough",
              zh: "能：{members} 个投票者中有 {majority} 个就足够",
            },
            right: {
              all: [
                {member: "n4", is: "learner"},
                {op: "op:#during", is: "done"},
              ],
            },
            because: {
              en: "A learner is sent the log and has no vote, so an empty one costs nothing.",
              zh: "学习者只接收日志，没有投票权，所以空白的学习者不影响任何事。",
            },
          },
          {
            text: {en: "Yes: the leader’s own log is enough", zh: "能：领导者自己的日志就足够"},
            right: {
              all: [{op: "op:#during", is: "done"}, {not: {entry: "op:#during", in: "a majority"}}],
            },
            because: {
              en: "A leader counts its own log as one, and needs a majority.",
              zh: "领导者自己的日志只算一份，仍需要多数派。",
            },
            misconception: "leader-decides",
          },
        ],
      },
    },
    {
      id: "started",
      at: {step: "start"},
      show: {focus: ["n4"]},
      say: [
        {
          en: "The write was committed with {copies(#during)} copies. {n4} starts with an empty log.",
          zh: "写入以 {copies(#during)} 份副本提交。{n4} 以空日志启动。",
          claim: "learner-does-not-count",
        },
      ],
    },
    {
      id: "snapshot-sent",
      at: {step: "snapshot-sent"},
      show: {focus: ["@old", "n4"], speed: "10ms"},
      say: [
        {
          en: "{n4} needs the log from its beginning, but that of {@old} starts at entry {first(@old)}: the snapshot is sent instead.",
          zh: "{n4} 需要从头开始的日志，而 {@old} 的日志从条目 {first(@old)} 开始：于是改发快照。",
          claim: {progress: "n4", is: "snapshot"},
        },
        {
          en: "Until it has arrived, {@old} sends no entries to {n4}.",
          zh: "快照到达之前，{@old} 不向 {n4} 发送条目。",
          defines: "snapshot",
        },
      ],
    },
    {
      id: "caught-up",
      at: {step: "caught-up"},
      show: {focus: ["n4"]},
      say: [
        {
          en: "{n4} has caught up: the snapshot stands for all entries before {first(n4)}; what follows is sent entry by entry.",
          zh: "{n4} 已追上：快照代替条目 {first(n4)} 之前的全部条目；之后的条目逐条发送。",
          claim: {
            all: [
              {snapshot: "n4", received: true},
              {progress: "n4", is: "replicate"},
            ],
          },
        },
        {
          en: "Only now is it given a vote: a leader promotes no learner that is far behind.",
          zh: "现在才授予它投票权：学习者落后太多时，领导者不会提升它。",
          claim: "never-voter-behind",
        },
      ],
    },
    {
      id: "promoted",
      at: {op: "op:#promote", is: "done"},
      show: {focus: ["n4"]},
      say: [
        {
          en: "{voters(leader)} vote now, and {majority} are a majority.",
          zh: "现在 {voters(leader)} 有投票权，{majority} 台构成多数派。",
          claim: {member: "n4", is: "voter"},
        },
        {
          en: "With one voter more or less, any majority before and any after share a server: no term can have two leaders.",
          zh: "只增减一个投票者时，之前的任一多数派与之后的任一多数派必有共同的服务器：同一任期内不可能有两个领导者。",
          claim: "never-joint",
        },
      ],
    },
    {
      id: "handing-over",
      at: {transfer: "n4"},
      show: {focus: ["@old", "n4"], speed: "10ms"},
      say: [
        {
          en: "{@old} hands over: it takes no more writes, sees that {n4} has its whole log, and tells it to campaign at once.",
          zh: "{@old} 移交领导权：不再接受写入，确认 {n4} 有完整的日志，然后让它立即竞选。",
          claim: {transfer: "n4"},
        },
      ],
    },
    {
      id: "leads",
      at: {step: "leads"},
      show: {focus: ["n4", "@old"]},
      say: [
        {
          en: "{n4} leads term {term(n4)}. Nobody had to wait for a timer.",
          zh: "{n4} 领导任期 {term(n4)}。没有人需要等待计时器。",
          claim: "handed-over",
        },
      ],
    },
    {
      id: "removed",
      at: {op: "op:#remove", is: "done"},
      show: {focus: ["@old"]},
      say: [
        {
          en: "{@old} is no member any more: {voters(leader)} vote.",
          zh: "{@old} 不再是成员：{voters(leader)} 有投票权。",
          claim: {member: "@old", is: "none"},
        },
        {
          en: "It may be switched off.",
          zh: "可以关掉它了。",
          aside: true,
        },
      ],
    },
    {
      id: "end",
      at: "end",
      say: [
        {
          en: "The cluster goes on without it: y = {value(y, leader)}.",
          zh: "没有它，集群照常工作：y = {value(y, leader)}。",
          claim: "replaced",
        },
      ],
    },
  ],
  variants: {
    control: {
      run: {
        until: {op: "op:#during", is: "unknown"},
        steps: [
          ...begin,
          {id: "add", after: "40ms", client: "c2", op: "member add n4", as: "add", to: "@old"},
          {
            id: "during",
            when: {op: "op:#add", is: "done"},
            after: "20ms",
            client: "c2",
            op: "put y during",
            as: "during",
            to: "@old",
          },
        ],
      },
      expect: [
        {
          id: "voter-counts",
          claim: {
            all: [
              {member: "n4", is: "voter"},
              {not: {entry: "op:#during", in: "a majority"}},
              {op: "op:#during", is: "unknown"},
            ],
          },
          says: {
            en: "Added as a voter before it is there, {n4} makes the majority {majority}, and nothing is committed any more",
            zh: "{n4} 还没到位就作为投票者加入，多数派变为 {majority} 台，从此什么也提交不了",
          },
        },
      ],
    },
  },
};
