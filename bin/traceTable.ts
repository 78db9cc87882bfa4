// `etcdscope trace`: a run on record as a table, a line per event, after the run was run again. The columns are those of a
// simulator's log: when, what came, how every member stands, and of the one that it was handed to, its state.
//
//   step       ms  event     n1…  who  t/c/a  what
//    812  412.300  n1→n3#17  L.#  n3   2/5/4  1->3 MsgApp Term:2 …

import {messageNames} from "../core/raft/etcdNames.ts";
import type {PeerMessage} from "../core/server/peer.ts";
import type {EventRecord, Payload} from "../sim/event.ts";
import {parseTime} from "../scenarios/time.ts";
import {versionOf} from "../sim/bug/museum.ts";
import {execute} from "../sim/execute.ts";
import {runOf} from "../sim/trace/replay.ts";
import type {TraceFile} from "../sim/trace/trace.ts";
import type {MemberView, WorldView} from "../sim/view.ts";
import {memberName, parseEventId} from "../sim/world/lanes.ts";
import type {TakenEvent} from "../sim/world/record.ts";
import {clientOf, targetOf} from "../sim/world/payload.ts";
import {milliseconds} from "./columns.ts";
import {eventLines} from "./eventLines.ts";
import {didYouMean} from "./didYouMean.ts";
import type {Exit, Io} from "./io.ts";
import {UsageError} from "./io.ts";
import {refusal} from "./refuse.ts";
import {noteCut, readOrRefuse} from "./replay.ts";
import {eventText} from "./runLog.ts";
import {contentOf} from "./source.ts";

export interface TableOptions {
  /** Only what was handed to this member or client, was sent by it, or was done to it. */
  readonly member?: string;
  /** Only events of this kind, or messages of this kind: in our words or in those of the table, which are etcd's. */
  readonly kind?: string;
  /** Only lanes whose names begin so. */
  readonly lane?: string;
  /** An event's name, a step's number or a time; both included. */
  readonly from?: string;
  readonly to?: string;
  /** Also what says and changes nothing: ticks, turns, disks that are done. */
  readonly all?: true;
}

/** All kinds, for the compiler to miss a new one. */
const isKind: Readonly<Record<Payload["kind"], true>> = {
  tick: true,
  wake: true,
  turn: true,
  message: true,
  request: true,
  response: true,
  credit: true,
  close: true,
  diskDone: true,
  report: true,
  clientWake: true,
  script: true,
};
const kinds = Object.keys(isKind);

/** What a message is called in the table. */
const etcdNames: Readonly<Record<PeerMessage["kind"], string>> = {
  ...messageNames,
  Forward: "Forward",
  Forwarded: "Forwarded",
};
const messageKinds = [...new Set(Object.entries(etcdNames).flat())];

const legend = `step    counts all events of the run from 1        ms   simulated time
event   its name: lane#number in that lane
n1…     a mark for every member: L leader  . follower  ? candidate  ' asks before it campaigns (pre-vote)
        = paused  # down   - in no configuration yet
who     the member or client that it was handed to
t/c/a   that member's term, commit index and applied index after it
what    in etcd's words; then what it changed: term, role, log, commit, applied, revision, …
`;

export async function printTable(path: string, options: TableOptions, io: Io): Promise<Exit> {
  const trace = readOrRefuse(await contentOf(path, "a trace"), path);
  noteCut(trace, path, io);
  const {wanted, isOver} = filterOf(trace, options);
  const table = new Table(trace, io);
  let differs: TakenEvent | undefined;
  execute(runOf(trace.header), {
    versions: versionOf,
    onEvent: (record, view) => {
      if (!trace.lines.agrees(record.step - 1, record)) differs = record;
      else if (wanted(record)) table.row(record, view);
      return differs !== undefined || isOver(record);
    },
  });
  if (!table.begun) io.err(`no event of ${path} is what was asked for\n`);
  if (differs === undefined) return 0;
  io.err(
    `${path}: event ${differs.step} of the run, ${differs.id}, is not what the trace says; the table ends there (etcdscope replay tells more)\n`,
  );
  return 1;
}

interface Filter {
  readonly wanted: (record: EventRecord) => boolean;
  /** Nothing that comes after it is wanted. */
  readonly isOver: (record: EventRecord) => boolean;
}

function filterOf(trace: TraceFile, options: TableOptions): Filter {
  const {member, kind, lane, all} = options;
  checkNames(trace, options);
  const [from, to] = [boundOf(trace, options.from, "--from"), boundOf(trace, options.to, "--to")];
  const wanted = (record: EventRecord): boolean =>
    (from === undefined || !from.isBefore(record)) &&
    (to === undefined || !to.isAfter(record)) &&
    (kind === undefined || kindsOf(record).includes(kind)) &&
    (lane === undefined || record.id.startsWith(lane)) &&
    (member === undefined || concerns(record, member)) &&
    (all === true || kind !== undefined || record.changes.length > 0 || eventText(record) !== undefined);
  return {wanted, isOver: (record) => to?.isAfter(record) === true};
}

function checkNames({header: {config}, lines}: TraceFile, {member, kind, lane}: TableOptions): void {
  const servers = config.members + config.learners + config.spares;
  const names = [
    ...Array.from({length: servers}, (_, i) => `n${i + 1}`),
    ...Array.from({length: config.clients}, (_, i) => `c${i + 1}`),
  ];
  if (member !== undefined && !names.includes(member))
    throw new UsageError(refusal("--member", member, `one of ${names.join(", ")}`));
  if (kind !== undefined && ![...kinds, ...messageKinds].includes(kind))
    throw new UsageError(
      refusal("--kind", kind, `one of ${kinds.join(", ")}, or a message's such as AppendEntries or MsgApp`) +
        didYouMean(kind, [...kinds, ...messageKinds]),
    );
  if (lane !== undefined && !lines.lanes.some((one) => `${one}#`.startsWith(lane)))
    throw new UsageError(refusal("--lane", lane, `the beginning of a lane of the trace: ${lanesOf(lines)}`));
}

/** One of each sort: `n3→n4 n1→c2 …`. */
function lanesOf({lanes}: TraceFile["lines"]): string {
  const sorts = new Map(lanes.toSorted().map((lane) => [lane.replaceAll(/\d+/g, "1"), lane]));
  return [...sorts.values()].join(" ");
}

interface Bound {
  readonly isBefore: (record: EventRecord) => boolean;
  readonly isAfter: (record: EventRecord) => boolean;
}

function boundOf({lines}: TraceFile, text: string | undefined, option: string): Bound | undefined {
  if (text === undefined) return undefined;
  const time = parseTime(text);
  if (time !== undefined) return {isBefore: ({at}) => at < time, isAfter: ({at}) => at > time};
  const named = parseEventId(text) === undefined ? undefined : lines.placeOf(text);
  const step = /^[1-9]\d*$/.test(text) ? Number(text) : named === undefined ? undefined : named + 1;
  if (step === undefined)
    throw new UsageError(
      refusal(
        option,
        text,
        "an event of the trace such as n1→n3#17, a step's number, or a time such as 500ms",
      ),
    );
  return {isBefore: (record) => record.step < step, isAfter: (record) => record.step > step};
}

/** Its kind, and of a message the message's, by both names. */
function kindsOf({payload}: EventRecord): readonly string[] {
  if (payload.kind !== "message") return [payload.kind];
  const {kind} = payload.message;
  return [payload.kind, kind, etcdNames[kind]];
}

/** Whether an event was handed to somebody, came from them, or was done to them. */
function concerns({id, payload, changes}: EventRecord, who: string): boolean {
  const target = targetOf(payload);
  if (memberName(target) === who || clientOf(payload) === who) return true;
  if (id.startsWith(`${who}→`)) return true;
  const done = payload.kind === "script" ? Object.values(payload.action).flat(2) : [];
  return (
    done.includes(who) ||
    changes.some((change) => "member" in change && memberName(change.member as number) === who)
  );
}

class Table {
  private readonly io: Io;
  private readonly widths: {
    readonly step: number;
    readonly time: number;
    readonly event: number;
    readonly marks: number;
  };
  /** Whether it has a row. */
  begun = false;

  constructor({lines, header: {config, end}}: TraceFile, io: Io) {
    this.io = io;
    const servers = config.members + config.learners + config.spares;
    this.widths = {
      step: Math.max(4, `${lines.length}`.length),
      time: Math.max(2, milliseconds(end.at).length),
      event: Math.max(5, ...lines.lanes.map((lane) => `${lane}#`.length)) + 5,
      marks: Math.max(3, servers),
    };
  }

  row(record: EventRecord, view: WorldView): void {
    if (!this.begun) {
      this.io.out(`${legend}\n`);
      this.line(["step", "ms", "event", "n1…", "who", "t/c/a", "what"]);
    }
    this.begun = true;
    const {payload} = record;
    const member = view.members[targetOf(payload) - 1];
    const who = member === undefined ? (clientOf(payload) ?? "") : memberName(member.id);
    const [first = "", ...more] = eventLines(record);
    this.line([
      `${record.step}`,
      milliseconds(record.at),
      record.id,
      view.members.map(markOf).join(""),
      who,
      stateOf(member),
      first,
    ]);
    for (const text of more) this.line(["", "", "", "", "", "", text]);
  }

  private line(cells: readonly [string, string, string, string, string, string, string]): void {
    const {step, time, event, marks} = this.widths;
    const [number, at, id, shown, who, state, what] = cells;
    const line = [
      number.padStart(step),
      at.padStart(time),
      id.padEnd(event),
      shown.padEnd(marks),
      who.padEnd(3),
      state.padEnd(stateWidth),
      what,
    ].join("  ");
    this.io.out(`${line.trimEnd()}\n`);
  }
}

/** `12/345/345` */
const stateWidth = 9;

/** How a member stands, in one character. */
export function markOf({status, incarnation, server}: MemberView): string {
  if (incarnation === 0) return "-";
  if (status === "crashed" || server === undefined) return "#";
  if (status === "paused") return "=";
  return {leader: "L", follower: ".", candidate: "?", preCandidate: "'"}[server.raft.role];
}

function stateOf(member: MemberView | undefined): string {
  const server = member?.server;
  if (server === undefined) return "";
  return `${server.raft.term}/${server.raft.commitIndex}/${server.appliedIndex}`;
}
