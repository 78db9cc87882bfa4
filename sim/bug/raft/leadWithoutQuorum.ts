import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const leadWithoutQuorum: Bug = {
  id: "lead-without-quorum",
  apply: withRules("raft", {keepsLeading: () => true}),
};

export const plaque: Plaque = {
  title: {en: "A leader that hears from no quorum goes on leading", zh: "听不到法定人数回应的领导者继续领导"},
  happened: {
    en: "A leader that can send but hears nobody keeps all others quiet and commits nothing, for as long as that lasts. etcd #13527 tells of a partitioned leader that did not step down; there check-quorum was off, here its verdict is ignored.",
    zh: "能发送却收不到任何回应的领导者使其他成员一直沉默，自己又什么也提交不了。etcd #13527 报告过被分区的领导者不退位；那里是没有启用检查，这里是忽略检查的结论。",
  },
  source: "thesis §6.2; etcd #13527",
  condition: {
    en: "What is sent to the leader is lost, and what it sends arrives.",
    zh: "发给领导者的消息丢失，而它发出的消息能到达。",
  },
  caughtBy: ["Convergence"],
  fix: {
    en: "A leader that has not heard from a quorum for an election timeout steps down.",
    zh: "一个选举超时内听不到法定人数回应的领导者退位。",
  },
  links: [
    "https://github.com/etcd-io/etcd/issues/13527",
    "https://blog.cloudflare.com/a-byzantine-failure-in-the-real-world/",
  ],
  hunt: {by: "scenario", seeds: 60},
};
