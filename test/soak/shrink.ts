// A failing schedule made smaller: leaves out chunks of its events as long as it still fails with the same claim.

import type {RaftRules} from "../../core/raft/rules.ts";
import {Counters, features} from "./features.ts";
import {playSchedule, scheduleLength} from "./schedule.ts";
import {failureOf} from "./soak.ts";

export interface Shrunk {
  readonly seed: number;
  readonly keep: readonly number[];
  readonly said: string;
  /** How many schedules were played to find it. */
  readonly tries: number;
}

export interface ShrinkOptions {
  readonly rules?: Partial<RaftRules>;
  /** The events that it begins with; all, if it is not told. */
  readonly keep?: readonly number[];
  readonly triesMax?: number;
}

export function shrink(seed: number, options: ShrinkOptions = {}): Shrunk | undefined {
  const {rules = {}, triesMax = 3000} = options;
  let tries = 0;
  let reached = 0;
  const play = (keep: readonly number[]): string | undefined => {
    tries++;
    reached = 0;
    const counters = new Counters(features);
    return failureOf(() => playSchedule({seed, keep, rules, features: counters, onEvent: () => reached++}));
  };
  let keep = options.keep ?? Array.from({length: scheduleLength}, (_, event) => event);
  let said = play(keep);
  if (said === undefined) return undefined;
  const claim = claimOf(said);
  keep = keep.slice(0, reached);
  for (let size = keep.length >> 1, before = keep.length; size >= 1 && tries < triesMax;) {
    for (let at = keep.length - size; at >= 0 && tries < triesMax; at -= size) {
      const fewer = [...keep.slice(0, at), ...keep.slice(at + size)];
      const found = play(fewer);
      if (found === undefined || claimOf(found) !== claim) continue;
      keep = fewer.slice(0, reached);
      said = found;
    }
    // One by one goes on as long as that helps: what was needed may not be, any more.
    if (size > 1) size >>= 1;
    else if (keep.length === before) break;
    before = keep.length;
  }
  return {seed, keep, said, tries};
}

function claimOf(said: string): string {
  return said.replaceAll(/\d+/g, "#").split(":")[0] ?? "";
}

/** One line to paste. */
export function replayLine({seed, keep}: Pick<Shrunk, "seed" | "keep">): string {
  return `npm run soak -- raft --replay ${seed} --keep ${rangesOf(keep)}`;
}

/** `0-4,7,9-12`. */
export function rangesOf(keep: readonly number[]): string {
  const ranges: string[] = [];
  for (let i = 0; i < keep.length; i++) {
    const from = keep[i] ?? 0;
    let to = from;
    while (keep[i + 1] === to + 1) to = keep[++i] ?? to;
    ranges.push(from === to ? `${from}` : `${from}-${to}`);
  }
  return ranges.join(",");
}

/** The inverse of {@link rangesOf}; undefined for something else. */
export function keepOf(ranges: string): readonly number[] | undefined {
  const keep: number[] = [];
  for (const range of ranges.split(",")) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(range);
    if (match === null) return undefined;
    const from = Number(match[1]);
    for (let event = from; event <= Number(match[2] ?? from); event++) keep.push(event);
  }
  return keep;
}
