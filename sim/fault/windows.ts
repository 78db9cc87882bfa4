// Windows of time in which something is wrong.

import type {Micros} from "../../core/base/quantity.ts";
import type {Action} from "../action.ts";
import type {Luck} from "./luck.ts";

export interface Planned {
  readonly at: Micros;
  readonly do: Action;
}

export interface Times {
  readonly from: Micros;
  readonly until: Micros;
  readonly electionTimeout: Micros;
}

/** What is done at a window's beginning and at its end. */
export interface Window {
  readonly do: readonly Action[];
  readonly undo: readonly Action[];
  /** In election timeouts; absent: none. */
  readonly longer?: number;
}

/** Windows and pauses twice as long. */
export function doubled(times: Times): Times {
  return {...times, electionTimeout: 2 * times.electionTimeout};
}

/** Faults one after another with pauses between them, each from half to five election timeouts long. */
export function windows<K>(
  luck: Luck,
  name: string,
  kinds: readonly K[],
  {from, until, electionTimeout}: Times,
  make: (kind: K) => Window,
): readonly Planned[] {
  const planned: Planned[] = [];
  if (kinds.length === 0) return planned;
  let at = from;
  for (;;) {
    at += span(luck, name, electionTimeout);
    const kind = kinds[luck.below(name, kinds.length)];
    let end = at + span(luck, name, electionTimeout);
    if (end >= until || kind === undefined) return planned;
    const window = make(kind);
    end += (window.longer ?? 0) * electionTimeout;
    if (end >= until) return planned;
    for (const action of window.do) planned.push({at, do: action});
    for (const action of window.undo) planned.push({at: end, do: action});
    at = end;
  }
}

function span(luck: Luck, stream: string, electionTimeout: Micros): Micros {
  return Math.floor(electionTimeout / 2) + luck.below(stream, Math.floor((electionTimeout * 9) / 2));
}
