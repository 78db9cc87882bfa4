// What a server says when it refuses to go on (law 11).

import type {Catalogue} from "../base/said.ts";
import {sayer} from "../base/said.ts";

export const serverWords = {
  /** A record of the log was whole once and is not any more. */
  "storage/walCorrupt": {
    en: "{member} stops: {file} is damaged at byte {offset}, and what stood there may have been promised.",
    zh: "{member} 停止运行：{file} 在第 {offset} 字节处损坏，那里的内容可能已作出承诺。",
  },
  "storage/walForeign": {
    en: "{member} stops: {file} is the log of {owner}.",
    zh: "{member} 停止运行：{file} 是 {owner} 的日志。",
  },
  /** `error`: "io" or "full". */
  "server/diskFailed": {
    en: "{member} stops: its disk reports “{error}”, so what is durable cannot be known.",
    zh: "{member} 停止运行：磁盘报告 “{error}”，无法得知哪些内容已持久化。",
  },
  "server/snapshotDamaged": {
    en: "{member} stops: the state in the snapshot at index {index} is damaged.",
    zh: "{member} 停止运行：索引 {index} 处快照中的状态已损坏。",
  },
} as const satisfies Catalogue;

/** A `Said` of this room. */
export const say = sayer<typeof serverWords>();
