// Why an action did not apply, in both languages, for whoever tells what was not done: a claim, a program's error.

import type {Action} from "./action.ts";
import type {Inapplicable} from "./world/actions.ts";

interface Reason {
  readonly en: string;
  readonly zh: string;
}

/** Of an action of which no more is known. */
export const notNow: Reason = {
  en: "it did not apply in the state of that moment",
  zh: "它在当时的状态下不适用",
};

/** A clause: `n1 was down already`. */
export function whyNot(action: Action, why: Inapplicable): Reason {
  switch (why) {
    case "notNow":
      return stateOf(action);
    case "unknownFile":
      return {en: "the disk held no such file, or nothing in it", zh: "磁盘上没有这个文件，或文件为空"};
    case "unknownName":
      if ("from" in action && action.from === action.to)
        return {en: "its two ends are one", zh: "它的两端是同一个"};
      return {en: "nobody has that name", zh: "没有这个名称"};
    case "badCommand":
      return {en: "its line is none of etcdctl", zh: "它的命令不是 etcdctl 命令"};
    case "unknownMessage":
      return {en: "that message was not on its way", zh: "该消息不在途中"};
    case "notIdempotent":
      return {en: "a forwarded proposal would be applied twice", zh: "转发的提案会被应用两次"};
    case "badNumber":
      return {en: "a number is out of range", zh: "数值超出范围"};
    case "ofStream":
      return {en: "a client's connection loses and swaps nothing", zh: "客户端的连接不会丢失或乱序"};
    case "noPausePoint":
      return {en: "the run lists no such pause point", zh: "运行没有列出这个暂停点"};
    case "alreadyDrawn":
      return {en: "that draw had been made already", zh: "该抽取已经发生"};
  }
}

function stateOf(action: Action): Reason {
  switch (action.kind) {
    case "crash":
      return {en: `${action.member} was down already`, zh: `${action.member} 已经停机`};
    case "restart":
      return {en: `${action.member} was not down`, zh: `${action.member} 并未停机`};
    case "pause":
      return {en: `${action.member} was paused or down already`, zh: `${action.member} 已经暂停或停机`};
    case "resume":
      return {en: `${action.member} was not paused`, zh: `${action.member} 并未暂停`};
    case "pauseClient":
      return {en: `${action.client} was paused already`, zh: `${action.client} 已经暂停`};
    case "resumeClient":
      return {en: `${action.client} was not paused`, zh: `${action.client} 并未暂停`};
    default:
      return notNow;
  }
}
