// What the log tells of operations whose outcome nobody knows, and of what nobody asked for (sim/history/appliedLog.ts).

import {keyOfBytes} from "../../core/base/key.ts";
import {decodeCommand, encodeRequest} from "../../core/server/command.ts";
import type {AppliedEntry} from "../history/appliedLog.ts";
import type {WorldView} from "../view.ts";
import {isUpkeep} from "./judged.ts";
import type {Judged, Span} from "./judged.ts";
import type {Logged} from "./kvModel.ts";
import type {Told} from "./line.ts";
import {revisionOf} from "./table.ts";

export type Log = NonNullable<WorldView["appliedLog"]>;

/** The operations as far as the log leaves them open, and what it holds besides. */
export function withLog(ops: readonly Judged[], log: Log, told: Told): readonly Judged[] {
  const places = new Places(log);
  const open = ops.flatMap((op): readonly Judged[] => {
    const {request, answer} = op;
    if (answer !== undefined || request.kind === "logged") return [op];
    // Of these the log tells all.
    if (isUpkeep(request)) return [];
    const spans = places.of(request);
    // Nobody has applied it: it did nothing so far.
    return spans === undefined ? [] : [{...op, spans}];
  });
  return [...open, ...untold(log, told).map(asJudged)];
}

function asJudged(request: Logged): Judged {
  return {operation: undefined, request, answer: undefined, invoked: 0, returned: undefined};
}

/** Where in the log a request stands. All of it is read, once an answer is missing. */
class Places {
  private readonly log: Log;
  /** By a request's bytes. */
  private spans: ReadonlyMap<string, readonly Span[]> | undefined;

  constructor(log: Log) {
    this.log = log;
  }

  /** As often as it stands there; undefined: nobody has applied it. */
  of(request: Exclude<Judged["request"], Logged>): readonly Span[] | undefined {
    this.spans ??= spansOf(this.log);
    return this.spans.get(keyOfBytes(encodeRequest(request)));
  }
}

function spansOf(log: Log): ReadonlyMap<string, readonly Span[]> {
  const spans = new Map<string, Span[]>();
  for (const {entry, least, most} of log) {
    const command = entry.type === "normal" ? decodeCommand(entry.data) : undefined;
    if (command === undefined) continue;
    const key = keyOfBytes(encodeRequest(command.request));
    const found = spans.get(key) ?? [];
    found.push({least, most});
    spans.set(key, found);
  }
  return spans;
}

/** Which entries of upkeep are operations that somebody was answered: by their numbers. */
export function toldIn(ops: readonly Judged[], log: Log): Told {
  const told = new Map<AppliedEntry, number>();
  const waiting = new Map<string, number[]>();
  for (const [i, {request, answer}] of ops.entries()) {
    if (answer?.kind !== "ok" || !isUpkeep(request)) continue;
    const others = waiting.get(nameOf(request));
    if (others === undefined) waiting.set(nameOf(request), [i]);
    else others.push(i);
  }
  for (const entry of log) {
    const of = entry.upkeep && waiting.get(nameOf(entry.upkeep.request));
    const index = of && soonest(of, ops, entry);
    if (index === undefined) continue;
    told.set(entry, index);
    of?.splice(of.indexOf(index), 1);
  }
  return told;
}

/** The same may be asked again and again: it was applied while the client waited, for the one that was answered first. */
function soonest(
  waiting: readonly number[],
  ops: readonly Judged[],
  entry: AppliedEntry,
): number | undefined {
  const {moment, least, most} = entry;
  let found: number | undefined;
  for (const index of waiting) {
    const {invoked, returned = Infinity, answer} = ops[index] as Judged;
    if (moment.step <= invoked || moment.step > returned) continue;
    // A compaction is answered later than it is applied.
    const revision = revisionOf(answer) ?? most;
    if (revision < least || revision > most) continue;
    if (found === undefined || returned < (ops[found]?.returned ?? Infinity)) found = index;
  }
  return found;
}

/** One of the same name does the same. */
function nameOf(request: {
  readonly kind: string;
  readonly lease?: string;
  readonly revision?: number;
}): string {
  return `${request.kind} ${request.kind === "compact" ? request.revision : request.lease}`;
}

/**
 * What the log did without anyone being told: leases that ran out, compactions by the cluster itself, and those of clients whose
 * answers were lost. Nothing need be guessed of them.
 */
export function untold(log: Log, told: Told): readonly Logged[] {
  const left = log.filter((entry) => entry.upkeep !== undefined && !told.has(entry));
  return left.flatMap(({upkeep, least, most}, place): readonly Logged[] => {
    const request = upkeep?.request;
    return request !== undefined && isUpkeep(request) ? [{kind: "logged", request, least, most, place}] : [];
  });
}
