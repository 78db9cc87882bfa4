// `etcdscope diff`: where two traces part. What their headers say differently, the first event that differs, found by
// halving, what state differed first, found by running both again, and what followed, side by side.

import {versionOf} from "../sim/bug/museum.ts";
import {agreesUpTo, firstDifference, headerDifferences, Pair} from "../sim/trace/diff.ts";
import type {EventDifference, HeaderDifference, StateDifference} from "../sim/trace/diff.ts";
import type {TraceLine} from "../sim/trace/lines.ts";
import type {TraceFile} from "../sim/trace/trace.ts";
import type {MemberView, WorldView} from "../sim/view.ts";
import type {TakenEvent} from "../sim/world/record.ts";
import {columns, cut, milliseconds} from "./columns.ts";
import type {Exit, Io} from "./io.ts";
import {noteCut, readOrRefuse} from "./replay.ts";
import {eventText} from "./runLog.ts";
import {contentOf} from "./source.ts";

/** Events shown from the first that differs on, and one before it. */
const followed = 12;
/** Characters of a cell that says what happened, and of a value. */
const cellMax = 44;
const valueMax = 60;
/** Differences of headers that are shown; the others are counted. */
const headersMax = 20;

export interface DiffOptions {
  readonly json?: true;
}

/** Exit 0: they are the same run; 1: they differ. */
export async function diffTraces(
  paths: readonly [string, string],
  options: DiffOptions,
  io: Io,
): Promise<Exit> {
  const [a, b] = await Promise.all(paths.map((path) => read(path, io)));
  if (a === undefined || b === undefined) return 2;
  const headers = headerDifferences(a.header, b.header);
  const event = firstDifference(a.lines, b.lines);
  const pair = event.step === undefined ? undefined : Pair.upTo(event.step + followed - 1, [a, b], versionOf);
  const state = event.step === undefined ? undefined : stateOf(pair, event.step, [a, b]);
  if (options.json === true) {
    const lineAt = ({lines}: TraceFile): TraceLine | undefined => lines.at((event.step ?? 0) - 1);
    io.out(`${JSON.stringify({headers, event: {...event, a: lineAt(a), b: lineAt(b)}, state})}\n`);
  } else {
    printTraces(paths, [a, b], io);
    printHeaders(headers, io);
    printEvent(event, [a, b], io);
    if (pair !== undefined && event.step !== undefined) {
      printState(state, pair, event.step, io);
      printFollowing(pair, event.step, io);
    }
  }
  return headers.length === 0 && event.step === undefined ? 0 : 1;
}

async function read(path: string, io: Io): Promise<TraceFile> {
  const trace = readOrRefuse(await contentOf(path, "a trace"), path);
  noteCut(trace, path, io);
  return trace;
}

/** Why state is not compared, or where it differs. */
type State = StateDifference | {readonly unknown: string};

function stateOf(pair: Pair | undefined, step: number, [a, b]: readonly [TraceFile, TraceFile]): State {
  if (pair === undefined) return {unknown: "nothing differs"};
  for (const [name, timeline, trace] of [["a", pair.a, a] as const, ["b", pair.b, b] as const]) {
    if (!agreesUpTo(timeline, trace, step))
      return {
        unknown: `${name} does not run again as it says: another build made it (etcdscope replay tells more)`,
      };
  }
  return pair.stateDifference(step) ?? {unknown: "one of them is over by then"};
}

function printTraces(paths: readonly string[], traces: readonly TraceFile[], io: Io): void {
  const rows = traces.map(({header: {scenario, seed, end}}, i) => [
    i === 0 ? "a" : "b",
    paths[i] ?? "",
    scenario ?? "",
    `seed ${seed}`,
    `${end.events} events`,
    `${milliseconds(end.at)} ms`,
    `hash ${end.hash}`,
  ]);
  for (const line of columns(rows, [4, 5])) io.out(`${line}\n`);
}

function printHeaders(headers: readonly HeaderDifference[], io: Io): void {
  io.out(headers.length === 0 ? "\nthe headers say the same\n" : "\nthe headers differ\n");
  const rows = headers
    .slice(0, headersMax)
    .map(({path, a, b}) => [`  ${path}`, `a ${cut(a ?? "–", valueMax)}`, `b ${cut(b ?? "–", valueMax)}`]);
  for (const line of columns(rows)) io.out(`${line}\n`);
  if (headers.length > headersMax) io.out(`  and ${headers.length - headersMax} more (--json has all)\n`);
}

function printEvent({step, comparisons}: EventDifference, traces: readonly TraceFile[], io: Io): void {
  const count = Math.min(...traces.map(({lines}) => lines.length));
  const found = `(the chain was compared ${comparisons} times, of ${count} events)`;
  if (step === undefined) {
    io.out(`\nno event differs ${found}\n`);
    return;
  }
  io.out(`\nthe first event that differs is ${step} ${found}\n`);
  const rows = traces.map(({lines}, i) => {
    const line = lines.at(step - 1);
    const said =
      line === undefined ? ["none: the run was over"] : [line.id, `${milliseconds(line.at)} ms`, line.hash];
    return [i === 0 ? "  a" : "  b", ...said];
  });
  for (const line of columns(rows, [2])) io.out(`${line}\n`);
}

function printState(state: State | undefined, pair: Pair, step: number, io: Io): void {
  if (state === undefined) return;
  if ("unknown" in state) {
    io.out(`\nstate is not compared: ${state.unknown}\n`);
    return;
  }
  const {since, parts, comparisons} = state;
  const compared = `(compared ${comparisons} times)`;
  if (parts.length === 0) {
    io.out(
      `\nstate is the same, before it and after it: only the order or the time of events differs ${compared}\n`,
    );
    return;
  }
  const when =
    since === 0 ? "at the beginning" : since === step ? "after it" : `after event ${since}, before it`;
  io.out(`\nstate differs first ${when} ${compared}; eight digits are those of a digest\n`);
  const [a, b] = [pair.a.seek(since).view, pair.b.seek(since).view];
  const rows = parts.map(({where, part, a: digestA, b: digestB}) => {
    const [inA, inB] = [valueOf(a, where, part, digestA), valueOf(b, where, part, digestB)];
    const beside = inA === inB ? [digestA, digestB].map((digest = "") => ` ${digest.slice(0, 8)}`) : [];
    return [`  ${where}`, part, `a ${inA}${beside[0] ?? ""}`, `b ${inB}${beside[1] ?? ""}`];
  });
  for (const line of columns(rows)) io.out(`${line}\n`);
}

/** What a part says in words, where it does in few; else its digest. Words may be the same of parts that are not. */
function valueOf(view: WorldView, where: string, part: string, digest: string | undefined): string {
  if (digest === undefined) return "–";
  const member = view.members.find(({id}) => `n${id}` === where);
  return (member === undefined ? undefined : memberText(member, part)) ?? digest.slice(0, 8);
}

function memberText({status, incarnation, server, disk}: MemberView, part: string): string | undefined {
  if (part === "process") return `${status}, boot ${incarnation}`;
  if (part === "disk") return `${disk.bytes} bytes, ${disk.durableBytes} durable, ${disk.queue} on their way`;
  if (server === undefined) return undefined;
  const {raft} = server;
  switch (part) {
    case "raft":
      return `${raft.role}, term ${raft.term}, log to ${raft.lastIndex}, commit ${raft.commitIndex}`;
    case "append":
      return `${server.appendQueue} waiting, durable to ${server.durableIndex}`;
    case "apply":
      return `${server.applyQueue} waiting`;
    case "applier":
      return `applied ${server.appliedIndex}, revision ${server.store.currentRevision}`;
    default:
      return undefined;
  }
}

/** From one event before the first that differs. */
function printFollowing(pair: Pair, step: number, io: Io): void {
  const from = Math.max(1, step - 1);
  io.out("\nwhat followed (events of one name beside each other)\n");
  const half = (record: TakenEvent | undefined): readonly string[] =>
    record === undefined
      ? ["", "", "", ""]
      : [
          `${record.step}`,
          milliseconds(record.at),
          record.id,
          cut((eventText(record) ?? "").split("\n")[0] ?? "", cellMax),
        ];
  const head = ["  a: step", "ms", "event", "what", "b: step", "ms", "event", "what"];
  const rows = pair.aligned(from, followed + step - from).map(([a, b]) => [...half(a), ...half(b)]);
  for (const line of columns([head, ...rows], [0, 1, 4, 5])) io.out(`${line}\n`);
}
