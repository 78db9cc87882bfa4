import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const authIndexNotSaved: Bug = {
  id: "auth-index-not-saved",
  apply: withRules("auth", {movesIndex: () => false}),
};

export const plaque: Plaque = {
  title: {
    en: "What was changed about users is changed again after a restart",
    zh: "重启之后，对用户的更改会再做一次",
  },
  happened: {
    en: "etcd 3.2 to 3.4: an entry about users went into the backend file, and the file did not say so. After a restart it was applied again, the auth store's revision went ahead of the others', and the member refused the writes of users as of an older revision. Its data differed, and nobody noticed for a while (2020).",
    zh: "etcd 3.2 至 3.4：关于用户的条目写入了后端文件，而文件没有记录已应用到此。重启后条目被再次应用，该成员的认证修订超前，于是以修订过旧为由拒绝用户的写入，数据从此不同，且一段时间内无人察觉（2020 年）。",
  },
  source: "etcd#11651",
  condition: {
    en: "A member restarts when the last entries that its file holds are about users, and one of them counts again.",
    zh: "成员重启时，其文件中最后的条目是关于用户的，且其中有的会再次计数。",
  },
  caughtBy: ["Equal States", "Equal Records"],
  fix: {
    en: "The consistent index is saved in the transaction of every entry, whatever it is about.",
    zh: "无论条目内容如何，都在其事务中保存一致性索引。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/11651"],
  hunt: {by: "scenario", seeds: 16},
};
