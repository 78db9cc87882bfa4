// A lock that is kept by a lease does not keep its holder from believing that it has it: a client that is stopped for
// longer than its lease goes on as if nothing had been, and writes over what the next holder wrote. With the lock's revision
// in the write's own comparison the store refuses it: `fenced` (etcd client/v3/concurrency, learning/why.md on locks).

import type {Expect, Scenario, Step} from "./format.ts";

const first = "op:#first";
const second = "op:#second";
const third = "op:#third";

/** Seconds: of the lock's lease. */
const ttl = 2;

function steps(fenced: "" | " --fenced"): readonly Step[] {
  const critical = `critical door visits --ttl ${ttl} --hold 500ms${fenced}`;
  return [
    {id: "elected", when: {not: {leader: "none"}}, after: "60ms", wait: true},
    {id: "begin", client: "c1", op: "put visits 0", as: "begin"},
    {
      id: "first",
      when: {op: "op:#begin", is: "done"},
      after: "40ms",
      client: "c1",
      op: critical,
      as: "first",
    },
    {
      id: "second",
      when: {recipe: first, is: "holds"},
      after: "60ms",
      client: "c2",
      op: critical,
      as: "second",
    },
    {id: "pause", after: "200ms", pause: "c1"},
    {id: "third", when: {recipe: second, is: "done"}, after: "40ms", client: "c2", op: critical, as: "third"},
    {id: "resume", when: {recipe: third, is: "done"}, after: "100ms", resume: "c1"},
  ];
}

const both: readonly Expect[] = [
  {
    id: "one-at-a-time",
    at: {step: "pause"},
    claim: {
      all: [
        {recipe: first, is: "holds"},
        {recipe: second, is: "waits"},
      ],
    },
    says: {
      en: "While {c1} is well, the lock does what it is for: {c2} waits",
      zh: "{c1} 正常时，锁尽到职责：{c2} 在等待",
    },
  },
  {
    id: "next",
    at: {step: "resume"},
    claim: {
      all: [
        {recipe: second, is: "done", read: 0, wrote: 1},
        {recipe: third, is: "done", read: 1, wrote: 2},
        {key: "visits", value: "2"},
      ],
    },
    says: {
      en: "The lease of {c1} ran out, so {c2} had the lock, twice, and counted on each time",
      zh: "{c1} 的租约到期，{c2} 两次得到锁，每次都加一",
    },
  },
  {
    id: "together",
    claim: {check: "Mutual Exclusion", is: "violated"},
    says: {
      en: "For a while both take themselves for the holder",
      zh: "有一段时间，两个客户端都以为自己持有锁",
    },
  },
];

const lost: readonly Expect[] = [
  ...both,
  {
    id: "lost",
    claim: {
      all: [
        {recipe: first, is: "done", read: 0, wrote: 1},
        {key: "visits", value: "1"},
      ],
    },
    says: {
      en: "{c1} goes on as if it still had the lock, and its write takes back what {c2} counted",
      zh: "{c1} 仍以为自己持有锁，它的写入抹去了 {c2} 的计数",
    },
  },
];

const refused: readonly Expect[] = [
  ...both,
  {
    id: "refused",
    claim: {
      all: [
        {recipe: first, is: "done", read: 0, refused: true},
        {key: "visits", value: "2"},
      ],
    },
    says: {
      en: "The write of {c1} compares the revision of its lock's key: that is gone, so the store refuses it",
      zh: "{c1} 的写入先比较锁的键的修订号：键已不在，存储拒绝写入",
    },
  },
];

export const lockWithoutFencing: Scenario = {
  format: 1,
  id: "lock-without-fencing",
  group: "lesson",
  title: {en: "A lock that its holder has lost", zh: "持有者已经失去的锁"},
  teaches: {
    en: "Why a lock kept by a lease does not protect what is written, and how the lock's revision does",
    zh: "为什么靠租约维持的锁保护不了写入的数据，而锁的修订号可以",
  },
  minutes: 3,
  sources: [
    {
      title: "etcd, client/v3/concurrency; Documentation, learning/why: notes on the usage of lock and lease",
      url: "https://github.com/etcd-io/etcd",
      licence: "Apache-2.0",
    },
  ],
  run: {
    seed: "1",
    holds: "every seed",
    until: {recipe: first, is: "done"},
    limit: "30s",
    config: {members: 3, clients: 2, profile: "teaching"},
    steps: steps(""),
    expect: lost,
  },
  open: {step: "first"},
  tell: [
    {
      id: "start",
      at: "start",
      say: [
        {
          en: "Two clients count visits in one key: read it, add one, write it. A lock keeps them apart.",
          zh: "两个客户端在同一个键里计数：读出、加一、写回。一把锁让它们不同时进行。",
          claim: {leader: "none"},
        },
        {
          en: "A lock in etcd is a key under a lease: it stays while its client keeps the lease alive.",
          zh: "etcd 的锁是一个随租约存在的键：客户端续租，它就在。",
          defines: "lock",
        },
      ],
    },
    {
      id: "holds",
      at: {recipe: first, is: "holds"},
      show: {focus: ["key:visits", "c1"], speed: "20ms"},
      say: [
        {
          en: "{c1} has the lock and reads visits: {value(visits, leader)}. Soon it will write the next number.",
          zh: "{c1} 得到锁，读到 visits 为 {value(visits, leader)}，稍后会写入下一个数。",
          claim: {recipe: first, is: "holds"},
        },
        {
          en: "Look at the keys: the lock is one of them, and goes when its lease goes.",
          zh: "请看键：锁也是其中之一，租约消失，它也消失。",
          aside: true,
        },
      ],
    },
    {
      id: "paused",
      at: {step: "pause"},
      show: {focus: ["c1"], speed: "200ms"},
      ask: {
        text: {
          en: "{c1} stops before it writes, as in a long garbage collection. {c2} waits, and will count twice. What is visits once both are done?",
          zh: "{c1} 在写入之前停住，例如遇到长时间的垃圾回收。{c2} 在等锁，将计数两次。都完成之后，visits 是多少？",
        },
        veil: ["tape", "verdict"],
        until: {recipe: first, is: "done"},
        how: "one",
        answers: [
          {
            text: {en: "Three: the lock keeps them in order", zh: "三：锁保证了次序"},
            right: {key: "visits", value: "3"},
            because: {
              en: "A lease runs out whether or not its holder knows.",
              zh: "无论持有者是否知道，租约都会到期。",
            },
          },
          {
            text: {en: "One: {c1} writes over what {c2} wrote", zh: "一：{c1} 覆盖 {c2} 写入的值"},
            right: {key: "visits", value: "1"},
            because: {
              en: "{c1} goes by what it read, and the store knows nothing of the lock.",
              zh: "{c1} 只凭自己读到的值，而存储并不知道锁的存在。",
            },
          },
          {
            text: {en: "Two: the store refuses {c1}", zh: "二：存储拒绝 {c1}"},
            right: {key: "visits", value: "2"},
            because: {
              en: "It would, if the write said which lock it is made under: the variant “fenced”.",
              zh: "如果写入说明它依据哪把锁，就会如此：见变体 fenced。",
            },
          },
        ],
      },
    },
    {
      id: "expired",
      at: {recipe: second, is: "holds"},
      show: {focus: ["c2"], speed: "20ms"},
      say: [
        {
          en: "Nobody kept the lease of {c1} alive: {leader} let it run out, and the key of the lock went with it. {c2} has the lock.",
          zh: "没有人为 {c1} 续租：{leader} 让租约到期，锁的键随之消失。{c2} 得到了锁。",
          claim: {recipe: second, is: "holds"},
        },
        {
          en: "{c1} does not know: in what it remembers, it holds the lock.",
          zh: "{c1} 并不知道：在它的记忆里，锁还是它的。",
          claim: {recipe: first, is: "holds"},
        },
      ],
    },
    {
      id: "twice",
      at: {step: "resume"},
      show: {focus: ["key:visits"], speed: "20ms"},
      say: [
        {
          en: "The lease of {c1} ran out, its lock went with it, and {c2} counted to {value(visits, leader)}. Now {c1} goes on.",
          zh: "{c1} 的租约到期，锁随之消失，{c2} 已计数到 {value(visits, leader)}。现在 {c1} 继续运行。",
          claim: "next",
        },
        {
          en: "While it stood still nobody could tell it anything.",
          zh: "停住期间，没有谁能告诉它任何事。",
          aside: true,
        },
      ],
    },
    {
      id: "over",
      at: {recipe: first, is: "done"},
      show: {focus: ["key:visits"]},
      say: [
        {
          en: "{c1} wrote {value(visits, leader)} over what {c2} had counted, under a lock that was long gone.",
          zh: "{c1} 凭早已消失的锁写入 {value(visits, leader)}，覆盖了 {c2} 的计数。",
          claim: "lost",
        },
        {
          en: "What is written is safe only if the write itself compares the revision of its lock: a fencing token.",
          zh: "只有写入本身比较锁的修订号，数据才安全：这就是隔离令牌。",
          defines: "fencing",
        },
      ],
    },
  ],
  variants: {
    fenced: {
      run: {steps: steps(" --fenced")},
      expect: refused,
    },
  },
};
