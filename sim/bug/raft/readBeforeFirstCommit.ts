import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const readBeforeFirstCommit: Bug = {
  id: "read-before-first-commit",
  apply: withRules("raft", {mayTakeReads: () => true}),
};

export const plaque: Plaque = {
  title: {
    en: "A new leader answers reads before it has committed an entry of its term",
    zh: "新领导者还没有提交本任期的条目就回答读请求",
  },
  happened: {
    en: "etcd's leaders answered ReadIndex before they had committed anything in their term until 2017 (etcd#7331); TiKV had it too.",
    zh: "2017 年以前，etcd 的领导者在本任期尚未提交任何条目时就回答 ReadIndex（etcd#7331）；TiKV 也曾如此。",
  },
  source: "Raft §8, thesis §6.4",
  condition: {
    en: "The leader before committed a write, and the new leader holds it and does not know yet that it is committed.",
    zh: "前任领导者提交了一次写入，新领导者存有它，却还不知道它已提交。",
  },
  caughtBy: ["Linearizability", "Revisions Keep Real Time"],
  fix: {
    en: "A leader takes reads once an entry of its own term, the empty one that opens it, is committed.",
    zh: "等开启任期的那个空条目提交之后，领导者才接受读请求。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/7331", "https://github.com/tikv/tikv/issues/6340"],
  hunt: {by: "trials", seeds: 60},
};
