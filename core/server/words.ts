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
    en: "{member} stops: the log on its disk is that of {owner}.",
    zh: "{member} 停止运行：磁盘上的日志属于 {owner}。",
  },
  /** Of a snapshot file that is not whole, and behind no older one the log goes on. */
  "storage/snapshotDamaged": {
    en: "{member} stops: {file} is damaged at byte {offset}, and without it its log has no beginning.",
    zh: "{member} 停止运行：{file} 在第 {offset} 字节处损坏，缺了它，日志便没有起点。",
  },
  /** No part of the log says what happened between the snapshot and its oldest entry. */
  "storage/logGap": {
    en: "{member} stops: its log, which begins with {file}, does not go on from entry {index}, up to which it has a snapshot.",
    zh: "{member} 停止运行：快照到条目 {index} 为止，而以 {file} 开头的日志没有从那里接续。",
  },
  /** What is committed, as the log or the backend file says, is not in the log. */
  "storage/logBehind": {
    en: "{member} stops: its log ends at entry {last} (byte {offset} of {file}), though {committed} was committed on this disk. Something durable was lost.",
    zh: "{member} 停止运行：日志止于条目 {last}（{file} 的第 {offset} 字节），而这块磁盘上曾提交到 {committed}。已持久化的内容丢失了。",
  },
  /** A page of the backend file was whole once and is not any more, or the file is missing. */
  "storage/backendDamaged": {
    en: "{member} stops: {file} is damaged at byte {offset}.",
    zh: "{member} 停止运行：{file} 在第 {offset} 字节处损坏。",
  },
  "storage/unreadable": {
    en: "{member} stops: sector {sector} of {file} cannot be read.",
    zh: "{member} 停止运行：{file} 的第 {sector} 个扇区无法读取。",
  },
  /** Its own log says so. */
  "server/removed": {
    en: "{member} stops: it was removed from the cluster, for ever.",
    zh: "{member} 停止运行：它已被永久移出集群。",
  },
  /** At the same revision, with the same compaction behind it. */
  "server/storesDiffer": {
    en: "{member} stops: its store is not like that of {other}, at revision {revision}.",
    zh: "{member} 停止运行：在修订号 {revision} 处，它的存储与 {other} 的不同。",
  },
  /** `error`: "io" or "full". */
  "server/diskFailed": {
    en: "{member} stops: its disk reports “{error}”, so what is durable cannot be known.",
    zh: "{member} 停止运行：磁盘报告 “{error}”，无法得知哪些内容已持久化。",
  },
} as const satisfies Catalogue;

/** A `Said` of this room. */
export const say = sayer<typeof serverWords>();
