import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const indexBeforeEntry: Bug = {
  id: "index-before-entry",
  apply: withRules("server", {countsBeforeApplied: () => true}),
};

export const plaque: Plaque = {
  title: {
    en: "A member counts an entry as applied before it has written anything of it",
    zh: "成员还没有写下条目的任何内容，就把它算作已应用",
  },
  happened: {
    en: "etcd 3.5.0 to 3.5.2: the consistent index was set in memory first, and the timed commit of the backend could write it without the entry's data. After a crash the entry was skipped, and the member differed from the others for ever (postmortem of 2022). Here the moment between is the apply actor's pause before the entry.",
    zh: "etcd 3.5.0 至 3.5.2：一致性索引先在内存中更新，后端的定时提交可能写下了它，却没有写下条目的数据。崩溃之后该条目被跳过，成员从此与其他成员不同（2022 年的事后分析）。这里两者之间的时刻，是应用前的停顿。",
  },
  source: "etcd postmortem v3.5 data inconsistency; Raft Figure 2, lastApplied",
  condition: {
    en: "The backend commits while an entry waits to be applied, and the member crashes before the next commit.",
    zh: "某个条目正等待应用时后端提交，并且成员在下一次提交之前崩溃。",
  },
  caughtBy: ["Equal States", "Equal Hashes", "Replay Agreement"],
  fix: {
    en: "The index moves in the same transaction as the entry's changes, under the lock of the commit.",
    zh: "索引与条目的变更在同一个事务中、在提交的锁之下一起前进。",
  },
  links: [
    "https://github.com/etcd-io/etcd/issues/13766",
    "https://github.com/etcd-io/etcd/blob/main/Documentation/postmortems/v3.5-data-inconsistency.md",
    "https://github.com/etcd-io/etcd/pull/13854",
  ],
  hunt: {by: "scenario", seeds: 16},
};
