// The tape: the scrubber painted with what was seen of the run. A lane of up to `marksMax` marks is painted as it is;
// only a longer one has neighbours merged that could not be told apart anyway, so that a long run costs no more than a
// short one. What is merged says so: several terms are never one, and a fault in force is always on its own.

import type {Micros} from "../../core/base/quantity.ts";
import type {Operation} from "../../sim/history/operation.ts";
import type {TapeOperation, TapeView, Windows} from "../frame.ts";
import {say} from "../words/engine.ts";
import {faultLabel} from "./line.ts";
import {requestText} from "./holds.ts";
import {nameOfMember} from "./member.ts";
import {shownTo, verdictVeiled, type Moment} from "./moment.ts";
import type {Span} from "./recording.ts";

/** Most marks on a lane before neighbours are merged. */
const marksMax = 32;

/** Ends of the tape of a branch that runs on for long, µs: few, so that the scale seldom changes while it plays. */
const ends: readonly Micros[] = [1, 2, 5, 10, 20, 50, 100, 200, 500].map((seconds) => seconds * 1_000_000);

type Seen = Moment["seen"];
type TermBar = TapeView["terms"][number];

export function buildTape(moment: Moment, windows: Windows): TapeView {
  const {recording} = moment;
  const seen = shownTo(moment);
  const to = endOf(moment);
  const room = Math.max(1, Math.min(windows.tapeMarks, marksMax));
  const gap = Math.ceil(to / room);
  const terms = clipped(recording.leads, seen).map(({what, from, to: end}): TermBar => ({
    term: what.term,
    leader: nameOfMember(what.member),
    from,
    to: end ?? seen.at,
  }));
  const faults = clipped(recording.faults, seen).map(({what, from, to: end}) => ({
    from,
    to: end ?? seen.at,
    running: end === undefined,
    said: faultLabel(what.action),
    ref: `event:${what.event}`,
  }));
  const checks = recording.violations
    .filter(({violation}) => !verdictVeiled(moment) && violation.step <= seen.step)
    .map(({violation, at}) => ({at, name: violation.check, ref: `event:${violation.evidence.at(-1) ?? ""}`}));
  return {
    from: 0,
    to,
    branches: branchesOf(moment),
    seenTo: seen.at,
    terms: merged(terms, gap, (first, last) => ({
      ...last,
      leader: "",
      from: first.from,
      firstTerm: first.firstTerm ?? first.term,
    })),
    faults: merged(faults, gap, (first, last, count) => ({
      ...last,
      from: first.from,
      to: Math.max(first.to, last.to),
      said: say("fault.many", {count}),
    })).map(({from, to: end, said, ref}) => ({from, to: end, said, ref})),
    operations: operationsOf(moment, seen, gap),
    checks: thinned(checks, gap),
  };
}

/** The scenario's own run is painted on its whole length; a person's branch, which may run on for long, on what was seen. */
function endOf({seen, extent, branches, cursor}: Moment): Micros {
  const whole = Math.max(extent, seen.at);
  const here = branches.find(({id}) => id === cursor.branch);
  if (here === undefined || here.parent === undefined) return whole;
  const fits = ends.find((end) => end >= seen.at) ?? whole;
  return whole > 2 * fits ? fits : whole;
}

function branchesOf(moment: Moment): TapeView["branches"] {
  return moment.branches
    .filter(({parent}) => parent === moment.cursor.branch)
    .map(({id, forkAt}) => ({id, at: forkAt}));
}

interface Clipped<T> {
  readonly what: T;
  readonly from: Micros;
  /** Undefined while it lasts. */
  readonly to: Micros | undefined;
}

/** Those that began within what was seen; they end where that was seen too. */
function clipped<T>(spans: readonly Span<T>[], seen: Seen): readonly Clipped<T>[] {
  const shown: Clipped<T>[] = [];
  for (const {what, from, to} of spans) {
    if (from.step > seen.step) break;
    shown.push({what, from: from.at, to: to !== undefined && to.step <= seen.step ? to.at : undefined});
  }
  return shown;
}

function operationsOf(moment: Moment, seen: Seen, gap: Micros): readonly TapeOperation[] {
  // One lane per client: neighbours merge within their lane only.
  const lanes = new Map<string, TapeOperation[]>();
  for (const operation of moment.operations) {
    if (operation.invoked.step > seen.step) break;
    const mark = operationOf(operation, seen);
    const lane = lanes.get(operation.client);
    if (lane === undefined) lanes.set(operation.client, [mark]);
    else lane.push(mark);
  }
  const all = [...lanes.values()];
  if (all.reduce((sum, lane) => sum + lane.length, 0) <= marksMax) return all.flat();
  // The lanes share the room that there is, so that more clients do not mean more marks.
  return all.flatMap((lane) => mergedOperations(lane, gap * lanes.size));
}

function operationOf(operation: Operation, seen: Seen): TapeOperation {
  const {client, call, as, request, invoked, returned, outcome} = operation;
  const over = returned !== undefined && returned.step <= seen.step;
  return {
    ref: as === undefined ? `op:${client}#${call}` : `op:#${as}`,
    client,
    line: requestText(request),
    from: invoked.at,
    to: over ? returned.at : undefined,
    outcome: over ? (outcome?.kind ?? "unknown") : "waiting",
  };
}

/** Ended operations that begin in one gap become one mark, which counts them and has the worst of their outcomes. */
function mergedOperations(lane: readonly TapeOperation[], gap: Micros): readonly TapeOperation[] {
  const marks: TapeOperation[] = [];
  let count = 1;
  for (const mark of lane) {
    const before = marks.at(-1);
    const together = before !== undefined && Math.floor(before.from / gap) === Math.floor(mark.from / gap);
    if (!together || before.to === undefined || mark.to === undefined) {
      marks.push(mark);
      count = 1;
      continue;
    }
    const worst = worse[before.outcome] > worse[mark.outcome] ? before : mark;
    const to = Math.max(mark.to, before.to);
    marks[marks.length - 1] = {...worst, from: before.from, to, line: `${++count} ×`};
  }
  return marks;
}

/** Of merged operations the one that a reader would look for is shown. */
const worse: Readonly<Record<TapeOperation["outcome"], number>> = {ok: 0, failed: 1, unknown: 2, waiting: 3};

/** Of a lane with too many spans, those that begin in one gap become one, except what lasts. */
function merged<T extends {readonly from: Micros; readonly to: Micros; readonly running?: boolean}>(
  spans: readonly T[],
  gap: Micros,
  join: (first: T, last: T, count: number) => T,
): readonly T[] {
  if (spans.length <= marksMax) return spans;
  const shown: T[] = [];
  let count = 1;
  for (const span of spans) {
    const before = shown.at(-1);
    const together = before !== undefined && Math.floor(before.from / gap) === Math.floor(span.from / gap);
    if (!together || before.running === true || span.running === true) {
      shown.push(span);
      count = 1;
    } else {
      shown[shown.length - 1] = join(before, span, ++count);
    }
  }
  return shown;
}

function thinned<T extends {readonly at: Micros}>(marks: readonly T[], gap: Micros): readonly T[] {
  const shown: T[] = [];
  for (const mark of marks)
    if (shown.length === 0 || mark.at - (shown.at(-1)?.at ?? 0) >= gap) shown.push(mark);
  return shown;
}
