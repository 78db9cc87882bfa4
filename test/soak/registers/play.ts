// Small histories of a register, each judged by the search and by trying every order.

import {search} from "../../../sim/check/search.ts";
import type {Found} from "../../../sim/check/search.ts";
import type {Call} from "../../../sim/record/call.ts";
import {registerOf} from "../../../sim/record/register.ts";
import type {RegisterOp} from "../../../sim/record/register.ts";
import {arrangementOf, arrangementsOf, isFirst} from "./arrangements.ts";
import type {Arrangement} from "./arrangements.ts";
import {EveryOrder} from "./everyOrder.ts";
import type {Intervals} from "./intervals.ts";
import {intervalsOf} from "./intervals.ts";
import type {Label, Labelling} from "./labels.ts";
import {forEachLabelling} from "./labels.ts";

/** Which histories of so many operations are looked at. */
export interface Size extends Labelling {
  readonly operations: number;
  /** Every order of events; else one of each, another from one history to the next. */
  readonly arranged: "every" | "one";
}

const clients = 3;

/** Those that tests play, and all. */
export const smallSizes: readonly Size[] = [
  ...[1, 2, 3, 4].map((operations): Size => ({operations, lost: true, which: "all", arranged: "every"})),
  {operations: 5, lost: true, which: "all", arranged: "one"},
];

export const sizes: readonly Size[] = [
  ...smallSizes,
  {operations: 5, lost: true, which: "written", arranged: "every"},
  {operations: 6, lost: true, which: "written", arranged: "every"},
  {operations: 7, lost: true, which: "written", arranged: "one"},
  {operations: 8, lost: false, which: "needed", arranged: "one"},
];

/** A size, by its place in {@link sizes}, with one way of beginning and ending. */
export interface Part {
  readonly size: number;
  readonly intervals: Intervals;
}

export function partsOf(size: number): readonly Part[] {
  return [...intervalsOf(sizes[size]?.operations ?? 0, clients)].map((intervals) => ({size, intervals}));
}

/** All, by number. */
export function allParts(): readonly Part[] {
  return sizes.flatMap((_, size) => partsOf(size));
}

export interface Counts {
  readonly parts: number;
  readonly histories: number;
  /** Of them, those that have an order. */
  readonly held: number;
}

export interface Disagreement {
  readonly held: boolean;
  readonly found: string;
  /** A line each, as {@link described} has them. */
  readonly history: readonly string[];
}

export interface RegistersPlayed {
  /** By size. */
  readonly counts: readonly Counts[];
  readonly disagreements: readonly Disagreement[];
}

const noCounts: Counts = {parts: 0, histories: 0, held: 0};
export const noRegistersPlayed: RegistersPlayed = {counts: sizes.map(() => noCounts), disagreements: []};

/** Disagreements that are kept. */
const keptMax = 20;

export function registersTogether(a: RegistersPlayed, b: RegistersPlayed): RegistersPlayed {
  const counts = a.counts.map(({parts, histories, held}, i): Counts => {
    const more = b.counts[i] ?? noCounts;
    return {parts: parts + more.parts, histories: histories + more.histories, held: held + more.held};
  });
  return {counts, disagreements: [...a.disagreements, ...b.disagreements].slice(0, keptMax)};
}

/** Steps that no history of eight operations needs. */
const budget = 1_000_000;

/** `judge`: the search, unless it is to be seen that this finds what is wrong. */
export function playPart({size: place, intervals}: Part, judge = judgedBySearch): RegistersPlayed {
  const size = sizes[place] as Size;
  let [histories, held, turn] = [0, 0, 0];
  const disagreements: Disagreement[] = [];
  const every = new EveryOrder(intervals);
  const take = (labels: readonly Label[], arrangement: Arrangement, isRight: boolean): void => {
    const found = judge(opsOf(labels, arrangement));
    histories++;
    held += Number(isRight);
    if ((found === "held") !== isRight || found === "unknown")
      disagreements.push({held: isRight, found, history: described(labels, arrangement)});
  };
  forEachLabelling(intervals, size, (labels) => {
    const isRight = every.isRight(labels);
    if (size.arranged === "one") take(labels, arrangementOf(intervals, turn++), isRight);
    else
      for (const arrangement of arrangementsOf(intervals))
        if (isFirst(intervals, labels, arrangement)) take(labels, arrangement, isRight);
  });
  const counts = sizes.map((_, i) => (i === place ? {parts: 1, histories, held} : noCounts));
  return {counts, disagreements};
}

// ---- as the search takes them

function judgedBySearch(ops: readonly RegisterOp[]): Found<RegisterOp>["kind"] {
  return search(model, ops, budget).kind;
}

const callKinds = {read: "read", write: "write", lost: "write"} as const;

export function callOf({kind, value}: Label): Call {
  const outcome = kind === "lost" ? "unknown" : "done";
  const times = {invoked: 1, returned: kind === "lost" ? undefined : 2};
  return {process: "", key: "", kind: callKinds[kind], value: value === 0 ? null : value, outcome, ...times};
}

/** By label: the operation that the record's register makes of it, but for its times. */
const made = new Map<string, RegisterOp>();
const allLabels = Array.from({length: 9}, (_, value) =>
  (["read", "write", "lost"] as const).map((kind): Label => ({kind, value})),
).flat();
const {model, ops: templates} = registerOf(allLabels.map(callOf));
for (const [i, {kind, value}] of allLabels.entries())
  made.set(`${kind} ${value}`, templates[i] as RegisterOp);

function opsOf(labels: readonly Label[], {invoked, returned}: Arrangement): readonly RegisterOp[] {
  const ops = labels.map(({kind, value}, i): RegisterOp => {
    const op = made.get(`${kind} ${value}`) as RegisterOp;
    return {...op, invoked: invoked[i] ?? 0, returned: kind === "lost" ? undefined : (returned[i] ?? 0)};
  });
  return ops.sort((a, b) => a.invoked - b.invoked);
}

/** `read 1: 3–6`, by lines. */
export function described(labels: readonly Label[], {invoked, returned}: Arrangement): readonly string[] {
  return labels.map(
    ({kind, value}, i) => `${kind} ${value}: ${invoked[i]}–${kind === "lost" ? "" : returned[i]}`,
  );
}
