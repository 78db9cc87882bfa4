// The tape: the scrubber painted with what was seen of the run. Each lane holds at most `tapeMarks` marks: neighbours
// are merged where they would lie closer than that, so that a long run costs no more than a short one.

import type {Micros} from "../../core/base/quantity.ts";
import {describeRequest} from "../../core/server/describe.ts";
import type {Operation} from "../../sim/history/operation.ts";
import type {TapeOperation, TapeView, Windows} from "../frame.ts";
import {say} from "../words/engine.ts";
import {faultLabel} from "./line.ts";
import {nameOfMember} from "./member.ts";
import type {Moment} from "./moment.ts";
import type {Span} from "./recording.ts";

/** Most marks on a lane, however many would fit: what is closer is not told apart anyway, and a frame stays small. */
const marksMax = 32;

export function buildTape(moment: Moment, windows: Windows): TapeView {
  const {seen, recording} = moment;
  const to = Math.max(moment.extent, seen.at);
  const base = {from: 0, to, branches: branchesOf(moment)};
  // A question that veils the tape must not be answered by it: nothing but the axis is left.
  if (moment.told?.veil.includes("tape") === true) {
    return {...base, seenTo: moment.at, terms: [], faults: [], operations: [], checks: []};
  }
  const room = Math.max(1, Math.min(windows.tapeMarks, marksMax));
  const gap = Math.ceil(to / room);
  const terms = clipped(recording.leads, moment).map(({what, from, to: end}) => ({
    term: what.term,
    leader: nameOfMember(what.member),
    from,
    to: end,
  }));
  const faults = clipped(recording.faults, moment).map(({what, from, to: end}) => ({
    from,
    to: end,
    said: faultLabel(what.action),
    ref: `event:${what.event}`,
  }));
  const checks = recording.violations
    .filter(({violation}) => violation.step <= seen.step)
    .map(({violation, at}) => ({at, name: violation.check, ref: `event:${violation.evidence.at(-1) ?? ""}`}));
  return {
    ...base,
    seenTo: seen.at,
    terms: merged(terms, gap, (first, last) => ({...last, from: first.from})),
    faults: merged(faults, gap, (first, last, count) => ({
      ...last,
      from: first.from,
      said: say("fault.many", {count}),
    })),
    operations: operationsOf(moment, gap),
    checks: thinned(checks, gap),
  };
}

function branchesOf(moment: Moment): TapeView["branches"] {
  return moment.branches
    .filter(({parent}) => parent === moment.cursor.branch)
    .map(({id, forkAt}) => ({id, at: forkAt}));
}

interface Clipped<T> {
  readonly what: T;
  readonly from: Micros;
  readonly to: Micros;
}

/** Those that began within what was seen, cut where that ends. */
function clipped<T>(spans: readonly Span<T>[], {seen}: Moment): readonly Clipped<T>[] {
  const shown: Clipped<T>[] = [];
  for (const {what, from, to} of spans) {
    if (from.step > seen.step) break;
    shown.push({what, from: from.at, to: to !== undefined && to.step <= seen.step ? to.at : seen.at});
  }
  return shown;
}

function operationsOf(moment: Moment, gap: Micros): readonly TapeOperation[] {
  // One lane per client: neighbours merge within their lane only.
  const lanes = new Map<string, TapeOperation[]>();
  for (const operation of moment.operations) {
    if (operation.invoked.step > moment.seen.step) break;
    const mark = operationOf(operation, moment);
    const lane = lanes.get(operation.client);
    if (lane === undefined) lanes.set(operation.client, [mark]);
    else lane.push(mark);
  }
  // The lanes share the room that there is, so that more clients do not mean more marks.
  return [...lanes.values()].flatMap((lane) => mergedOperations(lane, gap * lanes.size));
}

function operationOf(operation: Operation, {seen}: Moment): TapeOperation {
  const {client, call, as, request, invoked, returned, outcome} = operation;
  const over = returned !== undefined && returned.step <= seen.step;
  return {
    ref: as === undefined ? `op:${client}#${call}` : `op:#${as}`,
    client,
    line: describeRequest(request),
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

/** Spans that begin in one gap become one. */
function merged<T extends {readonly from: Micros; readonly to: Micros}>(
  spans: readonly T[],
  gap: Micros,
  join: (first: T, last: T, count: number) => T,
): readonly T[] {
  const shown: T[] = [];
  let count = 1;
  for (const span of spans) {
    const before = shown.at(-1);
    if (before === undefined || Math.floor(before.from / gap) !== Math.floor(span.from / gap)) {
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
