// What is done to a world, in a few words, for whoever lists what was done: the run's log, a page's branches.

import type {Action, RestartWith} from "./action.ts";
import {trueRate} from "./clock.ts";
import type {DiskFault} from "./disk/fault.ts";
import type {LinkQuality} from "./network/quality.ts";

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
    case "link": {
      const ends = `link ${action.from}${action.oneWay === true ? "→" : "–"}${action.to}`;
      return "reset" in action ? `${ends} as configured` : `${ends}: ${linkText(action.set)}`;
    }
    case "connection":
      return `${action.do} ${action.client}–${action.member}`;
    case "crashAt":
      return `crash ${action.member} at ${action.point}#${action.nth}`;
    case "crashAtDisk":
      return `crash ${action.member} ${action.when} disk ${action.what ?? "operation"} #${action.nth}`;
    case "slow":
      return `${action.actor} of ${action.member} takes ${action.factor} times as long`;
    case "restart":
      return `restart ${action.member}${action.with === undefined ? "" : ` with ${restartText(action.with)}`}`;
    default:
      return `${action.kind} ${action.member}`;
  }
}

/** `latency 40..60 ms, lossPerMillion 10000`: names and values, which no language changes. */
export function linkText(set: Partial<LinkQuality>): string {
  const {latency, ...numbers} = set;
  const time = latency === undefined ? [] : [`latency ${latency.least / 1000}..${latency.most / 1000} ms`];
  return [...time, ...pairs(numbers)].join(", ");
}

/** `preVote true, versions vote-twice`; a sound version is `versions none`. */
export function restartText({versions, raft = {}, store = {}}: RestartWith): string {
  const names =
    versions === undefined ? [] : [`versions ${versions.length === 0 ? "none" : versions.join(" ")}`];
  return [...pairs(raft), ...pairs(store), ...names].join(", ");
}

function pairs(settings: object): readonly string[] {
  return Object.entries(settings).map(([key, value]) => `${key} ${String(value)}`);
}

/** `rot *.wal sector 3 bit 5`: the kind, then what is said of it. */
export function faultText({kind, ...more}: DiskFault): string {
  const said = Object.entries(more).map(([key, value]) =>
    key === "file" ? ` ${value}` : key === "for" ? ` for ${value} us` : ` ${key} ${value}`,
  );
  return `${kind}${said.join("")}`;
}
