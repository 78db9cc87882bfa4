// A history that somebody else recorded: what was asked of which object, when, and what came of it. Formats tell it as events,
// an invocation and a completion for each call; time is the place of an event in the file.

import {failed, ok} from "../../core/base/result.ts";
import type {Result} from "../../core/base/result.ts";
import type {Edn} from "../trace/export/edn.ts";
import {ednText} from "../trace/export/edn.ts";

/** Porcupine's `get` and `put` are `read` and `write`. */
export type Kind = "read" | "write" | "cas" | "append";

/** What is asked of one object. */
export interface Asked {
  readonly process: string;
  /** Which object, as EDN; "" where there is but one. */
  readonly key: string;
  readonly kind: Kind;
  /** What is written, appended, or put by a compare-and-set; of a read what was answered. null: nothing is there. */
  readonly value: Edn;
  /** What a compare-and-set is to find. */
  readonly expected?: Edn;
  /** The version after it, where an answer tells it. */
  readonly version?: number;
}

/** A call as a whole. Left out are those that say nothing: what was definitely not done, and reads whose answer nobody saw. */
export interface Call extends Asked {
  /** `refused`: a compare-and-set found something else; `unknown`: nobody knows whether it was done. */
  readonly outcome: "done" | "refused" | "unknown";
  /** Lines of its events, from 1. */
  readonly invoked: number;
  readonly returned: number | undefined;
}

export type EventType = "invoke" | "ok" | "fail" | "info";

export interface HistoryEvent extends Asked {
  /** Its line, from 1; where several stand on one they are counted on. */
  readonly at: number;
  readonly type: EventType;
  /** Of a failure: it says nothing about what is there (a refused connection, a lost leader). */
  readonly tellsNothing?: boolean;
}

/** An event as a format has it, before anybody knows of which call. */
export interface RawEvent {
  readonly at: number;
  readonly process: string;
  readonly type: EventType;
  readonly kind: Kind;
  /** What it says besides. `begun`: the invocation that it completes. */
  readonly read: (begun: HistoryEvent | undefined) => Result<Partial<HistoryEvent>, string>;
}

/** Joins invocations and completions. */
export function callsOf(events: readonly RawEvent[]): Result<readonly Call[], string> {
  const open = new Map<string, HistoryEvent>();
  const calls: Call[] = [];
  const join = (begun: HistoryEvent, ended?: HistoryEvent): void => {
    const call = joined(begun, ended);
    if (call !== undefined) calls.push(call);
  };
  for (const raw of events) {
    const {process, type, kind, at, read} = raw;
    const begun = open.get(process);
    const wrong = problemOf(raw, begun);
    if (wrong !== undefined) return failed(`line ${at}: ${wrong}`);
    const said = read(begun);
    if (!said.ok) return failed(`line ${at}: ${said.error}`);
    const event = {key: "", value: null, ...begun, at, process, type, kind, ...said.value};
    if (begun === undefined) open.set(process, event);
    else {
      if (event.key !== begun.key)
        return failed(
          `line ${at}: found the key ${event.key}, expected that of line ${begun.at}, ${begun.key}`,
        );
      open.delete(process);
      join(begun, event);
    }
  }
  for (const begun of open.values()) join(begun);
  return ok(calls.sort((a, b) => a.invoked - b.invoked));
}

/** Processes do one thing at a time. */
function problemOf({process, type, kind}: RawEvent, begun: HistoryEvent | undefined): string | undefined {
  if (type === "invoke")
    return (
      begun &&
      `found :invoke of process ${process}, expected the completion of its ${begun.kind} of line ${begun.at} before it`
    );
  if (begun === undefined) return `found :${type} of process ${process}, expected its :invoke before it`;
  if (begun.kind === kind) return undefined;
  return `found :${type} of a ${kind}, expected that of the ${begun.kind} of line ${begun.at}`;
}

function joined(begun: HistoryEvent, ended: HistoryEvent | undefined): Call | undefined {
  const {process, key, kind, value, expected, at: invoked} = begun;
  const call = {process, key, kind, value, invoked, ...(expected === undefined ? {} : {expected})};
  if (ended === undefined || ended.type === "info")
    return kind === "read" ? undefined : {...call, outcome: "unknown", returned: undefined};
  const returned = ended.at;
  if (ended.type === "fail")
    return kind === "cas" && ended.tellsNothing !== true
      ? {...call, outcome: "refused", returned}
      : undefined;
  const answer = kind === "read" ? {value: ended.value} : {};
  const version = ended.version === undefined ? {} : {version: ended.version};
  return {...call, ...answer, ...version, outcome: "done", returned};
}

/** The events of calls, in order: what {@link callsOf} joins again. */
export function eventsOf(calls: readonly Call[]): readonly HistoryEvent[] {
  const events = calls.flatMap((call): readonly HistoryEvent[] => {
    const {outcome, invoked, returned, version, ...asked} = call;
    const type = outcome === "done" ? "ok" : outcome === "refused" ? "fail" : "info";
    const value = asked.kind === "read" ? null : asked.value;
    return [
      {...asked, value, at: invoked, type: "invoke"},
      // Nobody knows when it ended: behind all others.
      {...asked, at: returned ?? Infinity, type, ...(version === undefined ? {} : {version})},
    ];
  });
  return events.sort((a, b) => (a.at === b.at ? 0 : a.at - b.at));
}

/** What was asked and answered, in few words. */
export function callText({kind, value, expected, version, outcome}: Call): string {
  const came = outcome === "done" ? "" : outcome === "refused" ? ", refused" : ", outcome unknown";
  const to = version === undefined ? "" : ` (version ${version})`;
  if (kind === "read") return `read ${ednText(value)}${to}`;
  if (kind === "cas") return `cas ${ednText(expected ?? null)} to ${ednText(value)}${to}${came}`;
  return `${kind} ${ednText(value)}${to}${came}`;
}
