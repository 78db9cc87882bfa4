// A run told event by event, as `run --log` prints it: what was taken, in etcd's words, and what the members' raft logged
// meanwhile, to the letter of etcd's logger. Times are simulated.
//
//       150.000 ms  clock/n3#15
//                     INFO 3 is starting a new election at term 0
//       161.204 ms  n3→n1#1         3->1 MsgVote Term:1 Log:0/0

import type {MemberId} from "../core/base/quantity.ts";
import {formatCommand} from "../core/client/command.ts";
import type {Index} from "../core/raft/entry.ts";
import {loggerLines} from "../core/raft/logger/loggerLines.ts";
import type {LoggerLine} from "../core/raft/logger/loggerLine.ts";
import type {NotesOutlet, RaftNote} from "../core/raft/notes.ts";
import {describePeerMessage} from "../core/server/peer.ts";
import {dbFile} from "../core/storage/files.ts";
import {stopText} from "../scenarios/stops.ts";
import type {Action} from "../sim/action.ts";
import {actionText} from "../sim/actionText.ts";
import type {EventRecord, Payload} from "../sim/event.ts";
import type {WorldView} from "../sim/view.ts";
import {memberName} from "../sim/world/lanes.ts";

const wordMax = 24;
const longWord = new RegExp(`[^\\s"']{${wordMax + 1},}`, "g");
const timeWidth = 16;
const nameWidth = 16;
const indent = " ".repeat(timeWidth + nameWidth + 4);

export class RunLog implements NotesOutlet {
  private readonly out: (text: string) => void;
  private noted: LoggerLine[] = [];
  /** By member: up to which entry its backend file is. */
  private readonly inFile = new Map<MemberId, Index>();

  constructor(out: (text: string) => void) {
    this.out = out;
  }

  note(note: RaftNote): void {
    this.noted.push(...loggerLines(note));
  }

  /** `view`: the world after it, for what only that tells. Tells one event, and what was noted since the last: during it, that is, or before the first. */
  tell(record: EventRecord, view?: WorldView): void {
    // What was noted before the first event is of the boots.
    if (record.step === 1) this.flush();
    const lines = [eventText(record), this.committed(record, view)].filter((line) => line !== undefined);
    const what = lines.length === 0 ? undefined : lines.join("\n");
    const {noted} = this;
    // A tick that only ticks, a disk that is only done: most events, and nothing to read.
    if (what === undefined && noted.length === 0) return;
    const time = `${(record.at / 1000).toFixed(3)} ms`.padStart(timeWidth);
    const [first = "", ...more] = (what ?? "").split("\n");
    this.out(`${`${time}  ${record.id.padEnd(nameWidth)}  ${first}`.trimEnd()}\n`);
    for (const line of more) this.out(`${indent}${line}\n`);
    this.flush();
  }

  /** A sync of the backend file that brought it further in the log: a commit is done. */
  private committed({payload}: EventRecord, view: WorldView | undefined): string | undefined {
    if (payload.kind !== "diskDone" || payload.file !== dbFile || payload.what !== "sync") return undefined;
    const {member} = payload;
    const index = view?.members[member - 1]?.server?.committedToBackend ?? 0;
    const isFurther = index > (this.inFile.get(member) ?? 0);
    this.inFile.set(member, index);
    return isFurther
      ? `backend file of ${memberName(member)}: a commit is durable, up to entry ${index}`
      : undefined;
  }

  private flush(): void {
    for (const {level, text} of this.noted) this.out(`${indent}${level.toUpperCase()} ${text}\n`);
    this.noted = [];
  }
}

/** What came, in etcd's words, if it says something by itself; a line more for whoever stopped. */
export function eventText({payload, changes, id}: EventRecord): string | undefined {
  const text = textOf(payload);
  const lost = changes.find((change) => change.kind === "lost" && change.event === id);
  const head = lost?.kind === "lost" ? `${text ?? payload.kind} (lost: ${lost.why})` : text;
  const stops = changes.flatMap((change) => (change.kind === "died" ? [stopText(change)] : []));
  const lines = [...(head === undefined ? [] : [head]), ...stops];
  return lines.length === 0 ? undefined : lines.join("\n");
}

function textOf(payload: Payload): string | undefined {
  switch (payload.kind) {
    case "message":
      return describePeerMessage(payload.message);
    case "request":
      return shortened(formatCommand(payload.request));
    case "response":
      return payload.response.result.kind === "error"
        ? payload.response.result.error.message
        : `answers ${payload.response.result.kind}`;
    case "report":
      return `transport: snapshot to ${payload.to} ${payload.what === "snapshotDone" ? "arrived" : "failed"}`;
    case "script":
      return scriptText(payload);
    default:
      return undefined;
  }
}

/** The step that fired, what it bound, what it did: `step "cut" (@old = n3): split n1 n2 | n3`. */
function scriptText({action, step, let: bound = {}}: Extract<Payload, {readonly kind: "script"}>): string {
  const names = Object.entries(bound).map(([name, who]) => `@${name} = ${who}`);
  const head = [
    ...(step === undefined ? [] : [`step ${JSON.stringify(step)}`]),
    ...(names.length === 0 ? [] : [`(${names.join(", ")})`]),
  ].join(" ");
  const deed = deedOf(action);
  return [head, deed].filter((part) => part !== "").join(": ");
}

function deedOf(action: Action): string {
  if (action.kind === "mark") return "";
  return actionText(action.kind === "client" ? {...action, op: shortened(action.op)} : action);
}

/** A line of etcdctl with long words cut, as values in messages are. */
function shortened(line: string): string {
  return line.replace(longWord, (word) => `${word.slice(0, wordMax - 1)}…`);
}
