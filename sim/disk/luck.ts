// What a crash leaves, drawn. Often a crash keeps all that was written, or nothing; else each operation has its own fate.
// Streams of their own: one for each file (its name), one for the names (""), one for how the crash is ("/").

import type {DiskFault} from "./fault.ts";
import {partsOf} from "./survival.ts";
import type {Kept, Survival, Unsynced} from "./survival.ts";

/** Which draws a crash makes: an integer in [0, bound) of the stream for one file, or for the names (""), or "/". */
export type CrashDraw = (stream: string, bound: number) => number;

/** Draws a crash with the faults that wait for it. Draws once for the crash, then only where there is a choice. */
export function drawnSurvival(draw: CrashDraw, faults: readonly DiskFault[]): Survival {
  const waits = (kind: DiskFault["kind"]): boolean => faults.some((fault) => fault.kind === kind);
  if (waits("loseUnsynced")) return {of: () => "none", names: () => 0};
  const torn = waits("tearUnsynced");
  const style = torn ? 2 : draw("/", 4);
  const names = (count: number): number => {
    if (waits("loseNames")) return 0;
    if (style < 2) return style * count;
    return draw("", count + 1);
  };
  const of = (file: string, one: Unsynced): Kept => {
    if (style < 2) return style === 0 ? "none" : "all";
    return drawnFate(draw, file, one, torn);
  };
  return {of, names};
}

/** So many parts share a draw. */
const partsPerDraw = 30;

/** One draw for whether it is lost, kept or torn, and for what is torn one for every few parts. */
function drawnFate(draw: CrashDraw, file: string, one: Unsynced, torn: boolean): Kept {
  const parts = partsOf(one);
  const whole = parts < 2;
  const fate = torn && !whole ? 2 : draw(file, whole ? 2 : 3);
  if (fate < 2) return fate === 0 ? "none" : "all";
  const kept: boolean[] = [];
  while (kept.length < parts) {
    const count = Math.min(partsPerDraw, parts - kept.length);
    const bits = draw(file, 1 << count);
    for (let part = 0; part < count; part++) kept.push(((bits >> part) & 1) === 1);
  }
  // Torn is neither whole nor gone.
  if (new Set(kept).size === 1) kept[0] = kept[0] !== true;
  return kept;
}
