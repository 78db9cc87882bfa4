// One key through its life: put, overwritten, deleted, created again, changed by a transaction, read as it was, and its
// past compacted (etcd server/storage/mvcc).

import type {Expect, Scenario, Step, Text} from "./format.ts";

/** The operations, each asked when the one before was answered. */
const operations: readonly (readonly [as: string, op: string])[] = [
  ["create", "put x one"],
  ["change", "put x two"],
  ["delete", "del x"],
  ["recreate", "put x three"],
  ["txn", 'txn value("x")="three" : put x four ; put y new : get x'],
  ["past", "get x --rev 3"],
  ["gone", "get x --rev 4"],
  ["now", "get x"],
  ["compact", "compact 5"],
  ["oldest", "get x --rev 5"],
];

const walk: readonly Step[] = operations.map(([as, op], i) => {
  const before = operations[i - 1]?.[0];
  return {
    id: as,
    ...(before === undefined ? {} : {when: {op: `op:#${before}`, is: "done" as const}}),
    after: "20ms",
    client: "c1",
    op,
    as,
  };
});

const compacted = "mvcc: required revision has been compacted";

function answers(id: string, op: string, answer: string | null, says: Text): Expect {
  return {id, claim: {op: `op:#${op}`, is: "done", answer}, says};
}

export const mvccWalk: Scenario = {
  format: 1,
  id: "mvcc-walk",
  group: "lesson",
  title: {en: "One key through its versions", zh: "一个键的版本历程"},
  teaches: {
    en: "Revisions, generations and tombstones; reading the past; what compaction takes away",
    zh: "修订、世代与墓碑；读取过去的值；压缩会丢弃什么",
  },
  minutes: 3,
  sources: [
    {
      title: "etcd, server/storage/mvcc/key_index.go",
      url: "https://github.com/etcd-io/etcd",
      licence: "Apache-2.0",
    },
  ],
  run: {
    seed: "1",
    holds: "every seed",
    until: {
      all: [
        {op: "op:#refused", is: "failed"},
        {watcher: "op:#late", state: "cancelled"},
      ],
    },
    limit: "20s",
    config: {members: 3, clients: 2, profile: "teaching"},
    steps: [
      {id: "elected", when: {not: {leader: "none"}}, after: "60ms", wait: true},
      {id: "watch", client: "c2", op: "watch x", as: "watch"},
      {id: "settled", after: "60ms", wait: true},
      ...walk,
      {
        id: "refused",
        when: {op: "op:#oldest", is: "done"},
        after: "20ms",
        client: "c1",
        op: "get x --rev 3",
        as: "refused",
      },
      {
        id: "late",
        when: {op: "op:#refused", is: "failed"},
        after: "20ms",
        client: "c2",
        op: "watch x --rev 2",
        as: "late",
      },
    ],
    expect: [
      {
        id: "five-writes",
        claim: {revision: "leader", is: 6},
        says: {
          en: "A fresh store is at the first revision, and every write moved it on by one",
          zh: "新存储从第一个修订开始，每次写入使它前进一步",
        },
      },
      answers("past", "past", "two", {
        en: "A read at an old revision answers what was there then",
        zh: "按旧修订读取，得到当时的值",
      }),
      answers("tombstone", "gone", null, {
        en: "At the revision of the delete there is no x",
        zh: "在删除所在的修订，x 不存在",
      }),
      answers("txn", "now", "four", {
        en: "The transaction's comparison held, so its puts were done",
        zh: "事务的比较成立，因此执行了它的写入",
      }),
      answers("oldest", "oldest", "three", {
        en: "The compacted revision itself can still be read",
        zh: "压缩所到的那个修订仍可读取",
      }),
      {
        id: "refused",
        claim: {op: "op:#refused", is: "failed", error: compacted},
        says: {
          en: "Reading before the compaction fails: required revision has been compacted",
          zh: "读取压缩之前的内容失败：所需的修订已被压缩",
        },
      },
      {
        id: "watched",
        claim: {
          all: [
            {watcher: "op:#watch", got: 5, state: "open"},
            {watcher: "op:#watch", saw: "x=one"},
            {watcher: "op:#watch", saw: "x"},
            {watcher: "op:#watch", saw: "x=four"},
          ],
        },
        says: {
          en: "The watcher got every change of x in order, the delete included",
          zh: "监视者按顺序收到了 x 的每次变更，包括删除",
        },
      },
      {
        id: "too-late",
        claim: {watcher: "op:#late", state: "cancelled", got: 0},
        says: {
          en: "A watch from before the compaction is cancelled",
          zh: "从压缩之前开始的监视会被取消",
        },
      },
    ],
  },
  open: {op: "op:#create", is: "sent"},
  tell: [
    {
      id: "start",
      at: "start",
      say: [
        {
          en: "An empty store: no key, and a leader still to be elected.",
          zh: "空的存储：没有键，领导者也还未选出。",
          claim: {leader: "none"},
        },
        {en: "Look at the grid of keys × revisions.", zh: "请看“键 × 修订号”图。", aside: true},
      ],
    },
    {
      id: "create",
      at: {op: "op:#create", is: "sent"},
      show: {focus: ["key:x"], speed: "10ms"},
      say: [
        {
          en: "A client puts x. The store is at revision {revision(leader)}; the put makes the next one.",
          zh: "客户端写入 x。存储目前是修订 {revision(leader)}，这次写入产生下一个修订。",
          claim: {key: "x", value: null},
        },
        {
          en: "A revision counts writes to the whole store, not to the key.",
          zh: "修订号对整个存储的写入计数，而不是对某个键。",
          defines: "revision",
        },
      ],
    },
    {
      id: "changed",
      at: {op: "op:#change", is: "done"},
      say: [
        {
          en: "x was changed: revision {revision(leader)} holds the new value, and the old one is still there.",
          zh: "x 被修改：修订 {revision(leader)} 存有新值，旧值依然存在。",
          claim: {key: "x", value: "two"},
        },
        {
          en: "Nothing is overwritten: each put is a new version.",
          zh: "什么都没有被覆盖：每次写入都产生新版本。",
          claim: "past",
        },
      ],
    },
    {
      id: "deleted",
      at: {op: "op:#delete", is: "done"},
      say: [
        {
          en: "The delete is a write too: a tombstone at revision {revision(leader)} ends the generation.",
          zh: "删除也是写入：修订 {revision(leader)} 处的墓碑结束了这一世代。",
          claim: {key: "x", value: null},
        },
        {en: "What is below it can still be read.", zh: "墓碑之前的内容仍可读取。", defines: "tombstone"},
      ],
    },
    {
      id: "recreated",
      at: {op: "op:#recreate", is: "done"},
      say: [
        {
          en: "x is created again: its second generation begins, and its version counts anew.",
          zh: "x 被重新创建：第二个世代开始，版本号重新计数。",
          claim: {key: "x", value: "three"},
        },
        {
          en: "The store’s revision goes on: {revision(leader)}.",
          zh: "存储的修订号继续增长：{revision(leader)}。",
          defines: "generation",
        },
      ],
    },
    {
      id: "txn",
      at: {op: "op:#txn", is: "done"},
      say: [
        {
          en: "A transaction compared, and changed two keys in one revision: {revision(leader)}.",
          zh: "事务先比较，再在同一个修订 {revision(leader)} 中修改两个键。",
          claim: {
            all: [
              {key: "x", value: "four"},
              {key: "y", value: "new"},
            ],
          },
        },
        {
          en: "Within a revision, changes are counted apart.",
          zh: "同一修订内的变更另行计数。",
          aside: true,
        },
      ],
    },
    {
      id: "past",
      at: {op: "op:#past", is: "sent"},
      ask: {
        text: {
          en: "The client reads x as of the revision before its delete. What does it get?",
          zh: "客户端按删除之前的修订读取 x。它会得到什么？",
        },
        veil: ["tape", "verdict"],
        until: {op: "op:#past", is: "done"},
        how: "one",
        answers: [
          {
            text: {en: "Nothing: x was deleted after", zh: "什么也没有：x 后来被删除了"},
            right: {op: "op:#past", is: "done", answer: null},
            because: {
              en: "A delete does not reach back: it is a tombstone at its own revision.",
              zh: "删除不会影响过去：它只是自己修订处的墓碑。",
            },
            misconception: "delete-erases",
          },
          {
            text: {en: "The value from before the delete", zh: "删除之前的值"},
            right: {op: "op:#past", is: "done", answer: "two"},
            because: {en: "All versions stay until compaction.", zh: "所有版本都会保留到压缩为止。"},
          },
          {
            text: {en: "Today’s value", zh: "当前的值"},
            right: {op: "op:#past", is: "done", answer: "four"},
            because: {
              en: "A read at a revision sees the store as it was then.",
              zh: "按修订读取，看到的是当时的存储。",
            },
            misconception: "reads-latest",
          },
        ],
      },
    },
    {
      id: "past-read",
      at: {op: "op:#past", is: "done"},
      say: [
        {
          en: "The read of the old revision found “{answer(#past)}”, though x was deleted and written again since.",
          zh: "按旧修订读取，得到“{answer(#past)}”，尽管此后 x 已被删除并重新写入。",
          claim: "past",
        },
      ],
    },
    {
      id: "gone",
      at: {op: "op:#gone", is: "done"},
      say: [
        {
          en: "At the tombstone’s own revision there is no x.",
          zh: "在墓碑所在的修订，x 不存在。",
          claim: "tombstone",
        },
        {
          en: "Compare with the read before: same key, other revision.",
          zh: "请与前一次读取比较：同一个键，不同的修订。",
          aside: true,
        },
      ],
    },
    {
      id: "compacted",
      at: {op: "op:#compact", is: "done"},
      say: [
        {
          en: "The store is compacted up to revision {compacted(leader)}: what lies before is forgotten.",
          zh: "存储已压缩到修订 {compacted(leader)}：之前的内容被遗忘。",
          claim: "oldest",
        },
        {
          en: "What was alive at that revision stays readable.",
          zh: "在该修订仍存在的内容保持可读。",
          defines: "compaction",
        },
      ],
    },
    {
      id: "refused",
      at: {op: "op:#refused", is: "failed"},
      say: [
        {
          en: "The same read as before now fails: {error(#refused)}.",
          zh: "同样的读取现在失败了：{error(#refused)}。",
          claim: "refused",
        },
        {
          en: "A watch that wants to begin there is cancelled too.",
          zh: "想从那里开始的监视也会被取消。",
          claim: "too-late",
        },
      ],
    },
    {
      id: "end",
      at: "end",
      say: [
        {
          en: "The watcher that was there from the beginning got {got(#watch)} events, in order.",
          zh: "从一开始就在的监视者按顺序收到了 {got(#watch)} 个事件。",
          claim: "watched",
        },
        {
          en: "Put a key yourself and see what changes.",
          zh: "自己写入一个键，看看会有什么变化。",
          aside: true,
        },
      ],
    },
  ],
};
