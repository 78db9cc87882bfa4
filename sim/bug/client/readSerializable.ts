import type {Request} from "../../../core/server/request.ts";
import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const readSerializable: Bug = {
  id: "read-serializable",
  apply: withRules("client", {asked: serializable}),
};

function serializable(request: Request): Request {
  return request.kind === "range" ? {...request, serializable: true} : request;
}

export const plaque: Plaque = {
  title: {
    en: "A client asks for what any member has, and takes it for the newest",
    zh: "客户端读取任一成员现有的内容，却当作最新的",
  },
  happened: {
    en: "Whoever reads from one member's store, or from a cache of it, may read the past. In Kubernetes a kubelet that restarts on an API server that lags can run a pod that was moved elsewhere (2018); Teleport's users met stale reads as well. Here the client marks its reads serializable.",
    zh: "直接读取某个成员的存储或其缓存，读到的可能是过去。在 Kubernetes 中，kubelet 重启后若连到落后的 API server，可能运行已迁走的 pod（2018）；Teleport 的使用者也遇到过过时读。这里由客户端把读请求标为 serializable。",
  },
  source: "etcd API guarantees: linearizable by default; kubernetes#59848",
  condition: {
    en: "The member that is asked is behind: cut off, paused or slow.",
    zh: "被询问的成员落后：被隔开、暂停或缓慢。",
  },
  caughtBy: ["Linearizability", "Revisions Keep Real Time"],
  fix: {
    en: "A read is linearizable unless its caller said otherwise.",
    zh: "除非调用者另有说明，读请求都是线性一致的。",
  },
  links: [
    "https://github.com/kubernetes/kubernetes/issues/59848",
    "https://github.com/gravitational/teleport/issues/16941",
  ],
  hunt: {by: "trials", seeds: 16},
};
