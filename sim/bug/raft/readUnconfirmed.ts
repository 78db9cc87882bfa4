import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const readUnconfirmed: Bug = {
  id: "read-unconfirmed",
  apply: withRules("raft", {mayServeRead: () => true}),
};

export const plaque: Plaque = {
  title: {
    en: "A leader answers reads without asking a quorum whether it still leads",
    zh: "领导者不向多数派确认自己仍是领导者就回答读请求",
  },
  happened: {
    en: "etcd answered reads from the leader's store in 2014, and others after it: Consul, RedisRaft.",
    zh: "2014 年 etcd 直接从领导者的存储回答读请求，之后 Consul、RedisRaft 也曾如此。",
  },
  source: "Raft §8, thesis §6.4",
  condition: {
    en: "A leader is cut off, another is elected and takes a write, and a client asks the old one.",
    zh: "领导者被隔开，另一成员当选并接受了写入，客户端却去问旧领导者。",
  },
  caughtBy: ["Linearizability", "Revisions Keep Real Time"],
  fix: {
    en: "Before a read is answered, a quorum confirms by a heartbeat that it has heard of no newer leader (ReadIndex).",
    zh: "回答读请求之前，先由多数派通过心跳确认没有更新的领导者（ReadIndex）。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/741", "https://github.com/hashicorp/consul/issues/54"],
  hunt: {by: "trials", seeds: 16},
};
