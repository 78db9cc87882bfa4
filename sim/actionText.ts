// What is done to a world, in a few words, for whoever lists what was done: the run's log, a page's branches.

import type {Action} from "./action.ts";
import {trueRate} from "./clock.ts";
import type {DiskFault} from "./disk/fault.ts";

/** `crash n2`, `split n1 n2 | n3`. */
export function actionText(action: Action): string {
  switch (action.kind) {
    case "mark":
      return "mark";
    case "client":
      return `${action.client} asks${action.to === undefined ? "" : ` ${action.to}`}: ${action.op}`;
    case "split":
      return `split ${action.groups.map((group) => group.join(" ")).join(" | ")}`;
    case "cut":
      return `cut ${action.from}${action.oneWay === true ? "→" : "–"}${action.to}`;
    case "heal":
      return `heal ${action.link === undefined ? "all" : action.link.join("–")}`;
    case "message":
      return `${action.do} ${action.event}`;
    case "loss":
      return `lose ${action.perMillion} messages in a million`;
    case "disk":
      return `disk of ${action.member}: ${faultText(action.fault)}`;
    case "pin":
      return `pin ${action.stream}#${action.n} to ${action.value}`;
    case "pauseClient":
    case "resumeClient":
      return `${action.kind === "pauseClient" ? "pause" : "resume"} ${action.client}`;
    case "clock":
      return `clock of ${action.who} at ${action.rate / (trueRate / 100)} %`;
    case "jump":
      return `clock of ${action.who} jumps ahead by ${action.by} us`;
    default:
      return `${action.kind} ${action.member}`;
  }
}

/** `rot *.wal sector 3 bit 5`: the kind, then what is said of it. */
export function faultText({kind, ...more}: DiskFault): string {
  const said = Object.entries(more).map(([key, value]) =>
    key === "file" ? ` ${value}` : key === "for" ? ` for ${value} us` : ` ${key} ${value}`,
  );
  return `${kind}${said.join("")}`;
}
