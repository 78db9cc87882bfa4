// The backend file of a server reaches its quota: an alarm stops all puts in the cluster. The way out takes four steps, and
// leaving one of them out does not help (etcd server/storage/quota.go, v3alarm).

import type {Config, Expect, Scenario, Step} from "./format.ts";

/** Takes three pages and a part of one. */
const big = "v".repeat(1800);
const noSpace = "database space exceeded";
const config: Config = {
  members: 3,
  clients: 1,
  profile: "teaching",
  store: {quotaBytes: 10_752, commitEvery: "20ms"},
};

interface Asking {
  readonly as: string;
  readonly op: string;
  readonly to?: string;
}

/** The operations, each asked a while after the one before was answered: the file is committed in between. */
function asking(operations: readonly Asking[]): readonly Step[] {
  return operations.map(({as, op, to = "@lead"}, i) => {
    const before = operations[i - 1];
    const answered = (name: string): Step["when"] => ({
      any: (["done", "unknown"] as const).map((is) => ({op: `op:#${name}`, is})),
    });
    const when = before && answered(before.as);
    return {id: as, ...(when === undefined ? {} : {when}), after: "80ms", client: "c1", op, as, to};
  });
}

const elected: Step = {
  id: "elected",
  when: {not: {leader: "none"}},
  after: "60ms",
  let: {lead: "leader", other: "a follower"},
  wait: true,
};

const filling: readonly Asking[] = [
  {as: "first", op: `put a ${big}`},
  {as: "second", op: `put b ${big}`},
  {as: "refused", op: `put c ${big}`},
];

const steps: readonly Step[] = [
  elected,
  ...asking([
    ...filling,
    {as: "elsewhere", op: "put c small", to: "@other"},
    {as: "read", op: "get a"},
    {as: "delete", op: "del a"},
    {as: "compact", op: "compact 4"},
    {as: "disarm", op: "alarm disarm"},
    {as: "again", op: `put c ${big}`},
    {as: "defrag-n1", op: "defrag", to: "n1"},
    {as: "defrag-n2", op: "defrag", to: "n2"},
    {as: "defrag-n3", op: "defrag", to: "n3"},
    {as: "disarm-again", op: "alarm disarm"},
    {as: "accepted", op: `put c ${big}`},
    {as: "kept", op: "get b"},
  ]),
];

const expect: readonly Expect[] = [
  {
    id: "refused",
    claim: {op: "op:#refused", is: "unknown", error: noSpace},
    says: {
      en: "The put for which {@lead} has no room is refused",
      zh: "{@lead} 没有空间容纳的写入被拒绝",
    },
  },
  {
    id: "everywhere",
    at: {op: "op:#elsewhere", is: "unknown"},
    claim: {all: ["n1", "n2", "n3"].map((at) => ({alarm: "@lead", at}))},
    says: {en: "Every server knows of the alarm of {@lead}", zh: "每台服务器都知道 {@lead} 的警报"},
  },
  {
    id: "elsewhere",
    at: {op: "op:#elsewhere", is: "unknown"},
    claim: {
      all: [
        {op: "op:#elsewhere", is: "unknown", error: noSpace},
        {not: {alarm: "@other"}},
        {key: "c", value: null},
      ],
    },
    says: {
      en: "{@other} has raised no alarm, and a small put through it is refused too, without effect",
      zh: "{@other} 没有触发警报，但通过它的小写入同样被拒绝，也没有生效",
    },
  },
  {
    id: "reads",
    claim: {op: "op:#read", is: "done", answer: big},
    says: {en: "Reads go on", zh: "读取照常进行"},
  },
  {
    id: "deletes",
    claim: {
      all: [
        {op: "op:#delete", is: "done"},
        {op: "op:#compact", is: "done"},
      ],
    },
    says: {en: "A delete and a compaction go on as well", zh: "删除和压缩也照常进行"},
  },
  {
    id: "again",
    claim: {op: "op:#again", is: "unknown", error: noSpace},
    says: {
      en: "With the alarm disarmed but the file as large as before, the put is refused again",
      zh: "警报虽已解除，文件却仍与之前一样大，写入再次被拒绝",
    },
  },
  {
    id: "accepted",
    claim: {all: [{op: "op:#accepted", is: "done"}, {alarm: "none"}]},
    says: {
      en: "Once every file was defragmented and the alarm disarmed, the put is accepted",
      zh: "每个文件都整理过、警报也解除之后，写入被接受",
    },
  },
  {
    id: "kept",
    claim: {op: "op:#kept", is: "done", answer: big},
    says: {en: "What was acknowledged before is still there", zh: "之前确认过的内容仍然都在"},
  },
];

export const fullDisk: Scenario = {
  format: 1,
  id: "full-disk",
  group: "lesson",
  title: {en: "The store is full", zh: "存储满了"},
  teaches: {
    en: "Why one full server stops all writes, and why deleting, compacting, defragmenting and disarming are all needed",
    zh: "为什么一台服务器满了就会停止所有写入，以及为什么删除、压缩、整理碎片和解除警报缺一不可",
  },
  minutes: 3,
  sources: [
    {
      title: "etcd, server/storage/quota.go",
      url: "https://github.com/etcd-io/etcd",
      licence: "Apache-2.0",
    },
  ],
  run: {
    seed: "1",
    holds: "every seed",
    until: {op: "op:#kept", is: "done"},
    limit: "20s",
    config,
    steps,
    expect,
  },
  open: {op: "op:#first", is: "sent"},
  tell: [
    {
      id: "first",
      at: {op: "op:#first", is: "sent"},
      show: {focus: ["@lead"], speed: "20ms"},
      say: [
        {
          en: "A client puts a large value. The backend file of {@lead} has {size(@lead)} bytes so far.",
          zh: "客户端写入一个大的值。{@lead} 的后端文件目前有 {size(@lead)} 字节。",
          claim: {key: "a", value: null},
        },
        {
          en: "A file may not grow beyond a limit that the operator sets.",
          zh: "文件不得超过运维人员设定的上限。",
          defines: "quota",
        },
      ],
    },
    {
      id: "refused",
      at: {op: "op:#refused", is: "unknown"},
      show: {focus: ["@lead", "op:#refused"]},
      say: [
        {
          en: "At {size(@lead)} bytes {@lead} has no room for a third one: {error(#refused)}.",
          zh: "文件已有 {size(@lead)} 字节，{@lead} 放不下第三个值：{error(#refused)}。",
          claim: "refused",
        },
        {
          en: "It proposes an entry that tells all the others.",
          zh: "它提出一个条目，把这件事告诉所有其他服务器。",
          defines: "alarm",
        },
      ],
    },
    {
      id: "elsewhere",
      at: {op: "op:#elsewhere", is: "unknown"},
      show: {focus: ["@other", "op:#elsewhere"]},
      say: [
        {
          en: "{@other} raised no alarm of its own, and refuses even a small value: {error(#elsewhere)}.",
          zh: "{@other} 自己没有触发警报，却连小的值也拒绝：{error(#elsewhere)}。",
          claim: "elsewhere",
        },
        {
          en: "While the alarm of one server stands, none applies a put: all stay equal.",
          zh: "只要有一台服务器的警报存在，就没有服务器应用写入：各副本保持一致。",
          claim: "everywhere",
        },
      ],
    },
    {
      id: "read",
      at: {op: "op:#read", is: "done"},
      say: [
        {en: "Reads go on as ever.", zh: "读取一切如常。", claim: "reads"},
        {
          en: "So do deletes and compactions, for they are the way out.",
          zh: "删除和压缩也是如此，因为出路就在这里。",
          claim: "deletes",
        },
      ],
    },
    {
      id: "disarmed",
      at: {op: "op:#disarm", is: "done"},
      ask: {
        text: {
          en: "A value was deleted and compacted away, and the alarm is disarmed. Does {@lead} take the third value now?",
          zh: "一个值已删除并压缩掉，警报也解除了。{@lead} 现在会接受第三个值吗？",
        },
        veil: ["tape", "verdict"],
        until: {any: (["done", "unknown"] as const).map((is) => ({op: "op:#again", is}))},
        how: "one",
        answers: [
          {
            text: {en: "Yes: there is room again", zh: "会：又有空间了"},
            right: {op: "op:#again", is: "done"},
            because: {
              en: "The pages are free, but they are still part of the file, and its size is what counts.",
              zh: "页面虽已空闲，却仍属于文件，而配额看的是文件大小。",
            },
            misconception: "compaction-shrinks",
          },
          {
            text: {en: "No: the file is as large as before", zh: "不会：文件和之前一样大"},
            right: {op: "op:#again", is: "unknown"},
            because: {
              en: "Compaction frees pages within the file. Only defragmenting makes the file smaller.",
              zh: "压缩只释放文件内部的页面，只有整理碎片才会让文件变小。",
            },
          },
        ],
      },
    },
    {
      id: "again",
      at: {op: "op:#again", is: "unknown"},
      say: [
        {
          en: "{size(@lead)} bytes still: the put is refused, and the alarm is raised again.",
          zh: "仍是 {size(@lead)} 字节：写入被拒绝，警报再次触发。",
          claim: "again",
        },
        {
          en: "A server writes its file anew without the free pages when it is asked to, each for itself.",
          zh: "服务器收到请求后会重写自己的文件，去掉空闲页；每台都要单独请求。",
          defines: "defragmentation",
        },
      ],
    },
    {
      id: "defragmented",
      at: {op: "op:#defrag-n3", is: "done"},
      say: [
        {
          en: "All files are small again, that of {@lead} has {size(@lead)} bytes. The alarm stands all the same.",
          zh: "所有文件又变小了，{@lead} 的文件有 {size(@lead)} 字节。但警报依然存在。",
          claim: {alarm: "@lead"},
        },
        {
          en: "An alarm ends when somebody disarms it, not by itself.",
          zh: "警报不会自行消失，要由人来解除。",
          aside: true,
        },
      ],
    },
    {
      id: "end",
      at: "end",
      say: [
        {
          en: "Disarmed once more, the cluster takes the third value.",
          zh: "再次解除警报之后，集群接受了第三个值。",
          claim: "accepted",
        },
        {
          en: "And what was acknowledged before the alarm is still there.",
          zh: "警报之前确认过的内容也都还在。",
          claim: "kept",
        },
      ],
    },
  ],
  variants: {
    control: {
      run: {
        config: {...config, store: {...config.store, quotaBytes: 0}},
        steps: [elected, ...asking(filling)],
        until: {op: "op:#refused", is: "done"},
      },
      expect: [
        {
          id: "no-quota",
          claim: {all: [{op: "op:#refused", is: "done"}, {alarm: "none"}]},
          says: {
            en: "Without a quota the third value is taken, and there is no alarm",
            zh: "没有配额时，第三个值被接受，也没有警报",
          },
        },
      ],
    },
  },
};
