import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const timeoutIsFailure: Bug = {
  id: "timeout-is-failure",
  apply: withRules("client", {outcomeOf: (_request, error) => ({kind: "failed", error})}),
};

export const plaque: Plaque = {
  title: {
    en: "A client takes a timeout for a failure",
    zh: "客户端把超时当作失败",
  },
  happened: {
    en: "etcdctl prints “context deadline exceeded” like any refusal, and users of etcd's client took it for one: what they had given up was done all the same.",
    zh: "etcdctl 打印 “context deadline exceeded” 的方式与拒绝无异，etcd 客户端的使用者也把它当作失败：他们以为没有做的事其实做了。",
  },
  source: "etcd#17332, API guarantees",
  condition: {
    en: "A write is done, or will yet be, and its answer does not come in time.",
    zh: "写入已完成或仍将完成，而应答没有及时到达。",
  },
  caughtBy: ["Every Call Ends", "Linearizability"],
  fix: {
    en: "Only errors that prove that nothing was done, nor ever will be, are failures; after all others the outcome is unknown.",
    zh: "只有能证明什么都没做、以后也不会做的错误才是失败；其他错误之后结果未知。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/17332", "https://github.com/etcd-io/etcd/issues/12020"],
  hunt: {by: "trials", seeds: 16},
};
