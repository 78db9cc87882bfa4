// What a server says when it refuses to go on: the ids and their arguments, checked by the compiler wherever one is
// said or worded. The texts, in English and 中文, stand beside each other (law 11).

import type {MemberId} from "../base/quantity.ts";
import type {Said} from "../base/said.ts";

/** Arguments by id. */
export interface ServerWords {
  /** A record of the log was whole once and is not any more. */
  readonly "storage/walCorrupt": {readonly member: MemberId; readonly file: string; readonly offset: number};
  /** The log on the disk belongs to another member. */
  readonly "storage/walForeign": {readonly member: MemberId; readonly file: string; readonly owner: MemberId};
  /** A disk operation failed: "io", or "full". */
  readonly "server/diskFailed": {readonly member: MemberId; readonly error: string};
}

/** One text per language, `{…}` filled from the arguments: the same in both. */
export interface Worded {
  readonly en: string;
  readonly zh: string;
}

export const serverWords: Readonly<Record<keyof ServerWords, Worded>> = {
  "storage/walCorrupt": {
    en: "n{member} stops: {file} is damaged at byte {offset}, and what stood there may have been promised",
    zh: "n{member} 停止运行：{file} 在第 {offset} 字节处损坏，那里的内容可能已作出承诺",
  },
  "storage/walForeign": {
    en: "n{member} stops: {file} is the log of n{owner}",
    zh: "n{member} 停止运行：{file} 是 n{owner} 的日志",
  },
  "server/diskFailed": {
    en: "n{member} stops: its disk reports “{error}”, so what is durable cannot be known",
    zh: "n{member} 停止运行：磁盘报告 “{error}”，无法得知哪些内容已持久化",
  },
};

/** Makes a `Said` of this room. */
export function said<Id extends keyof ServerWords>(id: Id, args: ServerWords[Id]): Said {
  return {id, args: {...args}, refs: [`n${args.member}`]};
}
