import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const lostProbeNotRepeated: Bug = {
  id: "lost-probe-not-repeated",
  apply: withRules("raft", {resumesAfterHeartbeat: () => false}),
};

export const plaque: Plaque = {
  title: {
    en: "A probe that got lost is waited for, and never sent again",
    zh: "丢失的探测消息一直被等待，从不重发",
  },
  happened: {
    en: "A leader sends a follower of which it knows nothing one message and waits for the answer. If either is lost, only heartbeats go on: followers of etcd that stayed in state probe were reported.",
    zh: "领导者对一无所知的跟随者只发一条消息并等待回答。任何一方丢失后就只剩心跳：有人报告过一直停在探测状态的 etcd 跟随者。",
  },
  source: "etcd #10308; tracker/progress.go",
  condition: {
    en: "The first message of a new leader to a follower is lost.",
    zh: "新领导者发给跟随者的第一条消息丢失。",
  },
  caughtBy: ["Convergence"],
  fix: {
    en: "An answer to a heartbeat shows that the follower can be reached, and it is tried again.",
    zh: "对心跳的回答表明跟随者可达，于是再试一次。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/10308"],
  hunt: {by: "trials", seeds: 16},
};
