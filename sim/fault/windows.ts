// Windows of time in which something is wrong, one after another.
//
//   from                                                                              until
//    ├─ pause ─┤─ window 1 ─├─ pause ─┤─ window 2 ─├─ pause ─┤─ window 3 ─├─ … ──────────┤
//                   cut                   crash
//                                           └─ one that lasts longer takes the windows it reaches into
//
// Where the windows lie is drawn before anything is said of what happens in them; in each, every kind draws a ticket of
// its own, and the smallest ticket for its weight wins. So a kind more takes windows from others, and moves nothing else.

import type {Micros} from "../../core/base/quantity.ts";
import type {Action} from "../action.ts";
import type {Config} from "../run.ts";
import {longer} from "./kinds.ts";
import type {Luck} from "./luck.ts";
import type {Weights} from "./swarm.ts";

export interface Planned {
  readonly at: Micros;
  readonly do: Action;
}

export interface Times {
  readonly from: Micros;
  readonly until: Micros;
  readonly electionTimeout: Micros;
  /** How many times as long pauses are as windows. */
  readonly calm: number;
}

/** What faults are drawn with: whose luck, for which cluster, of which kinds and how often each, and when. */
export interface Drawing<K extends string = string> {
  readonly luck: Luck;
  readonly config: Config;
  readonly weights: Weights<K>;
  readonly times: Times;
}

export interface Window {
  readonly at: Micros;
  readonly end: Micros;
  /** Of this kind in this window. */
  readonly luck: Luck;
}

/** Windows and pauses twice as long. */
export function doubled(times: Times): Times {
  return {...times, electionTimeout: 2 * times.electionTimeout};
}

/** Faults of those `among` the weighted kinds, one after another: windows from half to five election timeouts long, pauses `calm` times as long. */
export function windows<K extends string>(
  luck: Luck,
  weights: Weights<string>,
  among: readonly K[],
  {from, until, electionTimeout, calm}: Times,
  make: (kind: K, window: Window) => readonly Planned[],
): readonly Planned[] {
  const kinds = among.filter((kind) => weights.has(kind));
  const planned: Planned[] = [];
  if (kinds.length === 0) return planned;
  const longerBy: Readonly<Record<string, number>> = longer;
  let taken = from;
  for (let n = 1, time = from; ; n++) {
    const at = time + calm * span(luck, electionTimeout);
    time = at + span(luck, electionTimeout);
    if (time >= until) return planned;
    const kind = winner(luck, kinds, weights);
    if (at < taken) continue;
    const end = time + (longerBy[kind] ?? 0) * electionTimeout;
    if (end >= until) continue;
    planned.push(...make(kind, {at, end, luck: luck.alone(`${n}/${kind}`)}));
    taken = end;
  }
}

/** Something at a window's beginning, and its undoing at the end. */
export function during(
  {at, end}: Window,
  begin: readonly Action[],
  undo: readonly Action[],
): readonly Planned[] {
  return [...begin.map((one) => ({at, do: one})), ...undo.map((one) => ({at: end, do: one}))];
}

/** So far into a window: `part` of `of` parts. */
export function into({at, end}: Window, part: number, of: number): Micros {
  return at + Math.floor(((end - at) * part) / of);
}

/** Every kind draws once per window, whoever wins. */
function winner<K extends string>(luck: Luck, kinds: readonly K[], weights: Weights<string>): K {
  const tickets = kinds.map((kind) => ({
    kind,
    ticket: luck.below(`ticket/${kind}`, 1_000_000),
    weight: weights.get(kind) ?? 1,
  }));
  const best = tickets.reduce((a, b) => (b.ticket * a.weight < a.ticket * b.weight ? b : a));
  return best.kind;
}

function span(luck: Luck, electionTimeout: Micros): Micros {
  return Math.floor(electionTimeout / 2) + luck.below("times", Math.floor((electionTimeout * 9) / 2));
}
