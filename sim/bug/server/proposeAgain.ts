import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const proposeAgain: Bug = {
  id: "propose-again",
  apply: withRules("server", {proposesAgain: () => true}),
};

export const plaque: Plaque = {
  title: {
    en: "A member proposes a request again when its leader is lost",
    zh: "成员在失去领导者之后再次提议同一请求",
  },
  happened: {
    en: "MongoDB 4.2.6 repeated by itself what it had not heard the end of, and Jepsen's tests of May 2020 saw transactions done twice. etcd's members propose a request once and leave the rest to whoever asked; here one that loses its leader offers again what is not applied yet.",
    zh: "MongoDB 4.2.6 会自行重复没有得到结果的操作，2020 年 5 月 Jepsen 的测试看到事务被执行了两次。etcd 的成员只提议一次，其余由请求者决定；这里失去领导者的成员会把尚未应用的请求再提议一次。",
  },
  source: "etcd server/v3_server.go, processInternalRaftRequestOnce",
  condition: {
    en: "The leader is lost after it replicated the request, and before the member that proposed it knows that it is committed.",
    zh: "领导者复制了请求之后失联，而提议的成员还不知道它已提交。",
  },
  caughtBy: ["Linearizability"],
  fix: {
    en: "What raft took is never proposed again: a lost proposal and a slow one look the same.",
    zh: "raft 接受过的请求不再提议：丢失与缓慢看起来是一样的。",
  },
  links: [
    "https://github.com/etcd-io/etcd/blob/main/server/etcdserver/v3_server.go",
    "https://jepsen.io/analyses/mongodb-4.2.6",
  ],
  hunt: {by: "trials", seeds: 60},
};
