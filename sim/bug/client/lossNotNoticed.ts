import {integerMax} from "../../../core/base/quantity.ts";
import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const lossNotNoticed: Bug = {
  id: "loss-not-noticed",
  apply: withRules("client", {believesUntil: () => integerMax}),
};

export const plaque: Plaque = {
  title: {
    en: "A client that no member answers goes on believing in its lease",
    zh: "没有成员应答时，客户端仍相信自己的租约有效",
  },
  happened: {
    en: "Who leads by an etcd election, or holds a lock, is told nothing when it is cut off; users asked for a signal, and clients that had none led on: mailgun/holster, IBM's etcd-java, and etcd's own users. Here the client waits for an answer, however long it takes.",
    zh: "通过 etcd 选举成为领导者或持有锁的客户端在被隔开时得不到任何通知；使用者要求有丢失领导权的信号，而没有它的客户端继续以领导者自居：mailgun/holster、IBM 的 etcd-java 以及 etcd 自己的使用者。这里客户端一直等待应答，无论多久。",
  },
  source: "etcd client/v3/lease.go, deadlineLoop; etcd#10125",
  condition: {
    en: "The holder of a lock is cut off for longer than its lease, and another takes the lock.",
    zh: "持锁者被隔开的时间超过租约，锁被别人取得。",
  },
  caughtBy: ["Mutual Exclusion"],
  fix: {
    en: "A lease that was not renewed for its time to live, by the client's own clock, is given up, and its holder is told.",
    zh: "按客户端自己的时钟，租约在其有效期内未获续期就视为失效，并告知持有者。",
  },
  links: [
    "https://github.com/etcd-io/etcd/issues/10125",
    "https://github.com/etcd-io/etcd/issues/11007",
    "https://github.com/mailgun/holster/issues/36",
    "https://github.com/IBM/etcd-java/issues/49",
  ],
  hunt: {by: "scenario", seeds: 60},
};
