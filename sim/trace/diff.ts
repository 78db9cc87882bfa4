// Where two traces part. The chain after an event is the hash of all up to it, so two traces with the same chain at a
// place agree on everything before: the first difference is found by halving, not by reading.
//
//      same same same │ other other other        is it the same in the middle? then look right of it, else left
//                     └ the first that differs
//
// What they differ in is asked of two worlds that are run again up to there.

import type {EventId} from "../run.ts";
import {Timeline} from "../timeline/timeline.ts";
import type {Company} from "../timeline/life.ts";
import {scriptEvent} from "../world/lanes.ts";
import type {TakenEvent} from "../world/record.ts";
import {differingParts} from "../world/stateParts.ts";
import type {PartDifference} from "../world/stateParts.ts";
import {runOf} from "./replay.ts";
import type {TraceLines} from "./lines.ts";
import type {TraceFile, TraceHeader} from "./trace.ts";

/** Of two headers: where, and what stands there as JSON; undefined: nothing. */
export interface HeaderDifference {
  readonly path: string;
  readonly a: string | undefined;
  readonly b: string | undefined;
}

export interface EventDifference {
  /** From 1: the first event that differs, or that only one of them has. Undefined: there is none. */
  readonly step: number | undefined;
  /** How often the chain was compared to find it. */
  readonly comparisons: number;
}

export interface StateDifference {
  /** The event after which state differed first, the first one that differs in the chain at the latest; 0: at the beginning. */
  readonly since: number;
  readonly parts: readonly PartDifference[];
  /** How often state was compared to find it. */
  readonly comparisons: number;
}

/** The first event at which two chains part. */
export function firstDifference(a: TraceLines, b: TraceLines): EventDifference {
  let comparisons = 0;
  const common = Math.min(a.length, b.length);
  const step = firstTrue(common, (place) => {
    comparisons++;
    return !a.sameChain(place - 1, b);
  });
  if (step === undefined && a.length === b.length) return {step, comparisons};
  return {step: step ?? common + 1, comparisons};
}

/** The least place in [1, most] at which `holds`, which never ceases to hold from there on. */
function firstTrue(most: number, holds: (place: number) => boolean): number | undefined {
  let low = 1;
  let high = most + 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low > most ? undefined : low;
}

/** What two headers say of their runs that is not the same: build, scenario, seed, configuration, versions, script, choices, limits. */
export function headerDifferences(a: TraceHeader, b: TraceHeader): readonly HeaderDifference[] {
  // What a run came to is no argument of it.
  const told = ({script, ...rest}: TraceHeader): unknown => ({
    ...rest,
    end: undefined,
    script: Object.fromEntries(script.map((item) => [scriptEvent(item), item])),
  });
  return differences("", told(a), told(b));
}

/** Of plain data, leaf by leaf; a script's item is one leaf. */
function differences(path: string, a: unknown, b: unknown): readonly HeaderDifference[] {
  const [textA, textB] = [a, b].map((value) => (value === undefined ? undefined : JSON.stringify(value)));
  if (textA === textB) return [];
  if (!isRecord(a) || !isRecord(b) || path.startsWith("script.")) return [{path, a: textA, b: textB}];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].flatMap((key) => differences(path === "" ? key : `${path}.${key}`, a[key], b[key]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Two runs side by side, up to some events behind the first that differs. */
export class Pair {
  readonly a: Timeline;
  readonly b: Timeline;

  private constructor(a: Timeline, b: Timeline) {
    this.a = a;
    this.b = b;
  }

  /** Runs both again up to event `step`. */
  static upTo(step: number, [a, b]: readonly [TraceFile, TraceFile], versions: Company["versions"]): Pair {
    const [ofA, ofB] = [a, b].map(({header}) => {
      const timeline = Timeline.open(runOf(header), {versions});
      timeline.runTo({step});
      return timeline;
    });
    if (ofA === undefined || ofB === undefined) throw new Error("two traces make two timelines");
    return new Pair(ofA, ofB);
  }

  /**
   * Where their states differ first, up to event `step`, after which they do. By halving: what differs stays so, or is
   * made to differ again. Undefined where one of them ends before.
   */
  stateDifference(step: number): StateDifference | undefined {
    if (this.a.length < step || this.b.length < step) return undefined;
    let comparisons = 0;
    const differing = (at: number): readonly PartDifference[] => {
      comparisons++;
      return differingParts(this.a.stateAt(at), this.b.stateAt(at));
    };
    const since = (firstTrue(step + 1, (place) => differing(place - 1).length > 0) ?? step + 1) - 1;
    return {since, parts: differing(since), comparisons};
  }

  /** The events from `step` on, those of one name beside each other. */
  aligned(
    step: number,
    count: number,
  ): readonly (readonly [TakenEvent | undefined, TakenEvent | undefined])[] {
    const [ofA, ofB] = [this.a, this.b].map(({records}) => records.slice(step - 1, step - 1 + count));
    return alignByName(ofA ?? [], ofB ?? []);
  }
}

interface Named {
  readonly id: EventId;
}

/** Two lists side by side: the longest order of names that both have keeps its rows, all else stands alone. */
export function alignByName<T extends Named>(
  a: readonly T[],
  b: readonly T[],
): readonly (readonly [T | undefined, T | undefined])[] {
  // lengths[i][j]: how many names a from i on and b from j on have in common, in order.
  const lengths = Array.from({length: a.length + 1}, () => Array.from({length: b.length + 1}, () => 0));
  const length = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = lengths[i];
      if (row === undefined) continue;
      row[j] =
        a[i]?.id === b[j]?.id ? length(i + 1, j + 1) + 1 : Math.max(length(i + 1, j), length(i, j + 1));
    }
  }
  const rows: (readonly [T | undefined, T | undefined])[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i]?.id === b[j]?.id) rows.push([a[i++], b[j++]]);
    else if (j >= b.length || (i < a.length && length(i + 1, j) >= length(i, j + 1)))
      rows.push([a[i++], undefined]);
    else rows.push([undefined, b[j++]]);
  }
  return rows;
}

/** Whether a run went as its trace says, up to an event. */
export function agreesUpTo(timeline: Timeline, {lines}: TraceFile, step: number): boolean {
  const place = Math.min(step, timeline.length, lines.length) - 1;
  const record = timeline.record(place + 1);
  return place < 0 || (record !== undefined && lines.agrees(place, record));
}
