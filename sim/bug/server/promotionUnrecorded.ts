import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const promotionUnrecorded: Bug = {
  id: "promotion-unrecorded",
  apply: withRules("server", {
    mustWriteMember: (before, after) =>
      before?.name !== after.name ||
      before.peerUrls !== after.peerUrls ||
      before.clientUrls !== after.clientUrls,
  }),
};

export const plaque: Plaque = {
  title: {
    en: "A promotion is done in memory and not written to the file",
    zh: "提升只发生在内存中，没有写入文件",
  },
  happened: {
    en: "etcd kept members in two stores. A promotion reached the older one alone: whoever read the newer one after a restart or an upgrade found a learner that had a vote.",
    zh: "etcd 把成员记在两处存储。提升只写入较旧的一处：重启或升级后读取新存储，看到的是一个有投票权的学习者。",
  },
  source: "etcd #19557, #20793, #18347",
  condition: {en: "A learner is promoted, and a member starts again.", zh: "学习者被提升之后，某成员重启。"},
  caughtBy: ["Members Are Recorded", "Equal Records"],
  fix: {en: "What changed of a member is written, its role too.", zh: "成员的任何改变都写入，包括它的角色。"},
  links: [
    "https://github.com/etcd-io/etcd/issues/19557",
    "https://github.com/etcd-io/etcd/issues/20793",
    "https://github.com/etcd-io/etcd/issues/18347",
  ],
  hunt: {by: "scenario", seeds: 16},
};
