import {isUnavailable} from "../../../core/client/outcome.ts";
import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const repeatUnavailableWrites: Bug = {
  id: "repeat-unavailable-writes",
  apply: withRules("client", {mayRepeat: (_request, error) => isUnavailable(error)}),
};

export const plaque: Plaque = {
  title: {
    en: "A client asks for a write again that may have been done",
    zh: "客户端重复发出可能已经完成的写请求",
  },
  happened: {
    en: "In 2022 and 2024 Jepsen's tests of etcd 3.5 lost updates: the Java client jetcd repeated transactions after “Unavailable”, and some were done twice. A part of what was reported was the checker's own error.",
    zh: "2022 年和 2024 年，Jepsen 测试 etcd 3.5 时发现更新丢失：Java 客户端 jetcd 在 “Unavailable” 之后重复事务，有的被执行了两次。当时报告的问题有一部分是检查器自身的错误。",
  },
  source: "etcd#14890, etcd client/v3/retry.go",
  condition: {
    en: "A connection breaks, or time runs out, after the write was done and before its answer came; another writes before the repetition does.",
    zh: "写入已完成而应答未到时连接中断或超时，并且在重复写入之前有别人写过。",
  },
  caughtBy: ["Linearizability"],
  fix: {
    en: "After “Unavailable” only what is repeatable is asked again; a write only if nothing was sent.",
    zh: "遇到 “Unavailable” 之后，只重复可以重复的请求；写请求只有在什么都没发出时才重发。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/14890", "https://github.com/etcd-io/etcd/issues/18424"],
  hunt: {by: "trials", seeds: 60},
};
