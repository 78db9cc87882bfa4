import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const takeAnyReadAnswer: Bug = {
  id: "take-any-read-answer",
  apply: withRules("server", {answersBatch: () => true}),
};

export const plaque: Plaque = {
  title: {
    en: "A late answer to an earlier question is taken for one to this",
    zh: "对先前询问的迟到应答被当作对这次询问的应答",
  },
  happened: {
    en: "etcd's loop of linearizable reads compares the ids for this reason: an earlier request may have timed out, and its answer names an index from before these reads were asked. Left out here; its raft half did happen (etcd#20418).",
    zh: "etcd 的线性一致读循环正因此比较请求号：先前的请求可能已超时，其应答给出的索引早于这些读请求。此处略去；同类错误在 raft 一侧确曾发生（etcd#20418）。",
  },
  source: "thesis §6.4; etcd v3_server.go, linearizableReadLoop",
  condition: {
    en: "A read times out, and its answer comes when another is waiting, on a member that is behind.",
    zh: "一个读请求超时，它的应答在另一读请求等待时到来，而该成员落后。",
  },
  caughtBy: ["Linearizability", "Revisions Keep Real Time"],
  fix: {
    en: "Only an answer under a context of this batch confirms it.",
    zh: "只有以本批次的上下文返回的应答才能确认它。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/20418"],
  hunt: {by: "scenario", seeds: 16},
};
