// Lines with a dot: what acts on the world, and what tells of it, wherever a console stands.

import type {Micros} from "../../core/base/quantity.ts";
import type {Action} from "../action.ts";
import {trueRate} from "../clock.ts";
import type {WorldView} from "../view.ts";
import {memberName} from "../world/lanes.ts";
import type {Session} from "./session.ts";

/** How each is written, and what it does. */
export const dotForms = {
  ".run": ".run <time>            lets time pass: .run 500ms, .run 5s",
  ".members": ".members               one line per member",
  ".jobs": ".jobs                  what is open: client, its call's number, command",
  ".crash": ".crash <member>        its process is gone; what was not synced may be lost",
  ".restart": ".restart <member>      it boots from its disk",
  ".pause": ".pause <member or client>  the operating system stops it; what arrives waits",
  ".resume": ".resume <member or client>  it goes on",
  ".clock": ".clock <member or client> <percent>  its clock runs at so much of true time: .clock c1 50",
  ".cut": ".cut <a> <b>           nothing passes between two of members and clients",
  ".reset": ".reset <client> <member>  their connections end, and both are told",
  ".refuse": ".refuse <client> <member>  the member ends what the client asks of it, until .accept",
  ".accept": ".accept <client> <member>  ends that: the client is answered again",
  ".heal": ".heal [a b]            undoes all cuts, or that one",
  ".help": ".help                  this",
} as const;

const introduction = `etcdctl's commands go to client c1; @c2 before one gives it to c2, --endpoints n2 pins a member.
Watches, locks and keep-alives stay open, and print as time passes; Ctrl-C ends the last one.
Besides etcdctl's commands there are etcd's recipes (core/client/README.md has them all):
  session · lock m --ttl 2 · unlock <call> · elect e v · resign <call> · stm get x ; add n 1 · enqueue q v · dequeue q
  register web a 10.0.0.1 · discover web · barrier hold b · critical m n --ttl 1 --hold 500ms [--fenced]
`;

/** How it is written, without what it does. */
export function dotUsage(form: string): string {
  return form.replace(/ {2,}.*$/, "");
}

/** What a line wants. */
export type Dot =
  | {readonly kind: "problem"; readonly text: string}
  | {readonly kind: "help" | "members" | "jobs"}
  | {readonly kind: "run"; readonly time: Micros}
  | {readonly kind: "act"; readonly name: string; readonly action: Action}
  /** Of a form that is none of these: only this console knows it. */
  | {readonly kind: "own"; readonly name: string; readonly words: readonly string[]};

/** Reads a line that begins with a dot. `forms`: those of this console, by name. */
export function readDot(
  line: string,
  forms: Readonly<Record<string, string>>,
  parseTime: (text: string) => Micros | undefined,
): Dot {
  const [name = "", ...words] = line.trim().split(/\s+/);
  const form = Object.hasOwn(forms, name) ? forms[name] : undefined;
  if (form === undefined)
    return {
      kind: "problem",
      text: `unknown command ${name}, expected one of ${Object.keys(forms).join(", ")}`,
    };
  switch (name) {
    case ".help":
      return {kind: "help"};
    case ".members":
      return {kind: "members"};
    case ".jobs":
      return {kind: "jobs"};
    case ".run": {
      const time = words.length === 1 ? parseTime(words[0] ?? "") : undefined;
      return time === undefined
        ? {kind: "problem", text: `expected ${dotUsage(form)}, as in .run 500ms`}
        : {kind: "run", time};
    }
    default: {
      if (!Object.hasOwn(dotForms, name)) return {kind: "own", name, words};
      const action = actionOf(name, words);
      return action === undefined
        ? {kind: "problem", text: `expected ${dotUsage(form)}`}
        : {kind: "act", name, action};
    }
  }
}

/** The action that a line spells; undefined: it spells none. */
function actionOf(name: string, words: readonly string[]): Action | undefined {
  const [a, b, c] = words;
  if (c !== undefined) return undefined;
  if (name === ".heal" && a === undefined) return {kind: "heal"};
  if (a === undefined) return undefined;
  if (name === ".heal") return b === undefined ? undefined : {kind: "heal", link: [a, b]};
  if (name === ".cut") return b === undefined ? undefined : {kind: "cut", from: a, to: b};
  if (name === ".reset" || name === ".refuse" || name === ".accept")
    return b === undefined
      ? undefined
      : {kind: "connection", client: a, member: b, do: name.slice(1) as "reset" | "refuse" | "accept"};
  if (name === ".clock") {
    const percent = Number(b);
    return b === undefined || !Number.isInteger(percent)
      ? undefined
      : {kind: "clock", who: a, rate: (trueRate / 100) * percent};
  }
  if (b !== undefined) return undefined;
  if (a.startsWith("c") && name === ".pause") return {kind: "pauseClient", client: a};
  if (a.startsWith("c") && name === ".resume") return {kind: "resumeClient", client: a};
  const kind = name.slice(1) as "crash" | "restart" | "pause" | "resume";
  return {kind, member: a};
}

export function helpText(forms: Readonly<Record<string, string>>): string {
  return `${introduction}${Object.values(forms).join("\n")}\n`;
}

export function membersText(view: WorldView): string {
  const lines = view.members.map(({id, status, server}) => {
    if (server === undefined) return `${memberName(id)} ${status}\n`;
    const {raft, store} = server;
    const paused = status === "paused" ? " (paused)" : "";
    return `${memberName(id)} ${raft.role}${paused} term ${raft.term} revision ${store.currentRevision}\n`;
  });
  return lines.join("");
}

export function jobsText({jobs}: Pick<Session, "jobs">): string {
  const lines = jobs.map(
    ({client, recipeCall, line}) => `${client}${recipeCall === undefined ? "" : `#${recipeCall}`} ${line}\n`,
  );
  return lines.join("");
}
