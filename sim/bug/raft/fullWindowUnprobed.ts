import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const fullWindowUnprobed: Bug = {
  id: "full-window-unprobed",
  apply: withRules("raft", {probesFullWindow: () => false}),
};

export const plaque: Plaque = {
  title: {
    en: "A follower whose window is full is sent nothing until it answers",
    zh: "窗口已满的跟随者在回答之前收不到任何消息",
  },
  happened: {
    en: "If all that fills the window is lost, there is nothing to answer: the follower of an etcd cluster hears heartbeats and never gets another entry (2022).",
    zh: "如果填满窗口的消息全部丢失，就没有什么可回答：etcd 集群的跟随者听得到心跳，却再也收不到条目（2022 年）。",
  },
  source: "etcd #14633",
  condition: {en: "A whole window of appended entries is lost.", zh: "一整窗的追加消息全部丢失。"},
  caughtBy: ["Convergence"],
  fix: {
    en: "After a heartbeat is answered an empty message goes out; its refusal tells what is missing.",
    zh: "心跳得到回答后发出一条空消息，对它的拒绝会说明缺了什么。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/14633"],
  hunt: {by: "scenario", seeds: 16},
};
