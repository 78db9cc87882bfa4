import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const watchResumesFromNow: Bug = {
  id: "watch-resumes-from-now",
  apply: withRules("client", {watchResumes: () => 0}),
};

export const plaque: Plaque = {
  title: {
    en: "A watch goes on from now when its connection was broken",
    zh: "监视在断线之后从“现在”继续",
  },
  happened: {
    en: "Users of several clients reported watches that lost events over a reconnection: python-etcd3, dotnet-etcd, sensu-go and others.",
    zh: "多个客户端（python-etcd3、dotnet-etcd、sensu-go 等）的使用者报告监视在重连时丢失事件。",
  },
  source: "etcd Watch API guarantees: reliable, resumable",
  condition: {
    en: "Something changes between the end of a watch's connection and the beginning of the next.",
    zh: "在监视的上一个连接结束与下一个连接开始之间有变更发生。",
  },
  caughtBy: ["Watch Completeness"],
  fix: {
    en: "The client remembers the last revision that it told of and asks for the next one.",
    zh: "客户端记住已告知的最后一个修订，并从下一个修订开始请求。",
  },
  links: [
    "https://github.com/kragniz/python-etcd3/issues/729",
    "https://github.com/shubhamranjan/dotnet-etcd/issues/310",
    "https://github.com/sensu/sensu-go/issues/3101",
    "https://github.com/etcd-io/jetcd/issues/946",
  ],
  hunt: {by: "trials", seeds: 16},
};
