// What is said of anomalies, in every language.

import {sayer} from "../../core/base/said.ts";
import type {Catalogue} from "../../core/base/said.ts";

export const anomalyWords = {
  internalRead: {
    en: "internal: {a} read {key} as {list}; by what it had read and appended itself, it is {due}",
    zh: "internal：{a} 把 {key} 读作 {list}；而按它自己先前的读取与追加，应为 {due}",
  },
  duplicateElements: {
    en: "duplicate-elements: {a} read {key} as {list}, with {element} twice",
    zh: "duplicate-elements：{a} 把 {key} 读作 {list}，其中 {element} 出现了两次",
  },
  garbageRead: {
    en: "garbage-read: {a} read {element} in {key}, which nobody appended",
    zh: "garbage-read：{a} 在 {key} 中读到了没有人追加的 {element}",
  },
  incompatibleOrder: {
    en: "incompatible-order: {a} read {key} as {list}, {b} as {due}, and neither begins with the other",
    zh: "incompatible-order：{a} 把 {key} 读作 {list}，{b} 读作 {due}，两者互不为前缀",
  },
  ownOrder: {
    en: "incompatible-order: {a} read {key} as {list}, and {b} appended {left} before {right}",
    zh: "incompatible-order：{a} 把 {key} 读作 {list}，而 {b} 先追加 {left} 后追加 {right}",
  },
  abortedRead: {
    en: "G1a, aborted read: {a} read {element} in {key}, which {b} appended, and {b} was not done",
    zh: "G1a（读到中止的写入）：{a} 在 {key} 中读到 {b} 追加的 {element}，而 {b} 并未执行",
  },
  intermediateRead: {
    en: "G1b, intermediate read: {a} read {key} up to {element}, and {b}, which appended that, appended more",
    zh: "G1b（读到中间状态）：{a} 把 {key} 读到 {element} 为止，而追加它的 {b} 还追加了更多",
  },
  lostUpdate: {
    en: "lost-update: {a} and {b} read the same of {key}, {list}, and both appended to it",
    zh: "lost-update：{a} 与 {b} 读到的 {key} 同为 {list}，又都向它追加",
  },
  writeCycle: {
    en: "{name}, a cycle of writes: {cycle}",
    zh: "{name}（写入成环）：{cycle}",
  },
  circularFlow: {
    en: "{name}, information that flows in a circle: {cycle}",
    zh: "{name}（信息循环流动）：{cycle}",
  },
  readSkew: {
    en: "{name}, read skew: {cycle}",
    zh: "{name}（读偏斜）：{cycle}",
  },
  writeSkew: {
    en: "{name}, a cycle in which two or more did not see what the next wrote: {cycle}",
    zh: "{name}（环中有两个以上没有看到下一个写入的内容）：{cycle}",
  },
} as const satisfies Catalogue;

/** What the edges of a cycle stand on. */
export const dependencyWords = {
  ww: {
    en: "{a} appended {left} to {key} before {b} appended {right}",
    zh: "{a} 先向 {key} 追加 {left}，{b} 后追加 {right}",
  },
  wr: {
    en: "{b} read {left} in {key}, which {a} appended",
    zh: "{b} 在 {key} 中读到 {a} 追加的 {left}",
  },
  rw: {
    en: "{a} read {key} up to {left}, without {right}, which {b} appended",
    zh: "{a} 把 {key} 读到 {left} 为止，没有读到 {b} 追加的 {right}",
  },
  rwEmpty: {
    en: "{a} read {key} as empty, without {right}, which {b} appended",
    zh: "{a} 把 {key} 读作空，没有读到 {b} 追加的 {right}",
  },
  process: {
    en: "{key} asked for {b} when {a} was over",
    zh: "{key} 在 {a} 结束之后才请求 {b}",
  },
  realtime: {
    en: "{b} was asked for when {a} was over",
    zh: "{b} 在 {a} 结束之后才被请求",
  },
} as const satisfies Catalogue;

export const say = sayer<typeof anomalyWords>();
export const sayEdge = sayer<typeof dependencyWords>();
