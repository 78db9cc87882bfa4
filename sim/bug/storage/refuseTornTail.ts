import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const refuseTornTail: Bug = {
  id: "refuse-torn-tail",
  apply: withRules("storage", {mayCutOff: () => false}),
};

export const plaque: Plaque = {
  title: {
    en: "A record that a crash cut short is taken for damage, and the member refuses to start",
    zh: "被崩溃截断的记录被当作损坏，成员拒绝启动",
  },
  happened: {
    en: "Jepsen ran etcd 3.5.3 on a disk that loses what was not synced (2022): some members found their log unreadable and did not start. It was not reproduced; here a torn tail is told from rot by the marks of its sectors.",
    zh: "Jepsen 让 etcd 3.5.3 运行在会丢失未同步写入的磁盘上（2022 年）：有些成员读不出日志，无法启动。此事未能重现；这里靠扇区上的标记区分撕裂的尾部与损坏。",
  },
  source: "etcd wal/decoder.go, isTornEntry",
  condition: {
    en: "The power goes while a record of several sectors is written.",
    zh: "写一个跨多个扇区的记录时断电。",
  },
  caughtBy: ["Member Assertions"],
  fix: {
    en: "A tail that was never wholly written was promised to nobody: it is cut off.",
    zh: "从未完整写下的尾部没有向任何人承诺过：把它截掉。",
  },
  links: [
    "https://github.com/etcd-io/etcd/issues/14098",
    "https://github.com/etcd-io/etcd/blob/main/server/storage/wal/decoder.go",
  ],
  hunt: {by: "scenario", seeds: 60},
};
