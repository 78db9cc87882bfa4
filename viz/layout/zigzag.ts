// A line that goes to and fro: a link that does not treat messages as it should. Not dashed, which is said of entries, and
// no hue, which is the term's.

import {round} from "./ringPlaces.ts";
import type {Point} from "./ringPlaces.ts";

/** Along a way of at least two places; `half` as far to either side, a peak for every `pitch`. */
export function zigzag(way: readonly Point[], half: number, pitch: number): string {
  const places = way.flatMap((to, i): readonly Point[] => {
    const from = way[i - 1];
    return from === undefined ? [to] : [...peaks(from, to, half, pitch), to];
  });
  return `M${places.map(({x, y}) => `${round(x)},${round(y)}`).join(" L")}`;
}

function peaks(from: Point, to: Point, half: number, pitch: number): readonly Point[] {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.sqrt(dx * dx + dy * dy);
  const count = Math.floor(length / pitch);
  if (count === 0) return [];
  const [ux, uy] = [dx / length, dy / length];
  return Array.from({length: count}, (_, i) => {
    const along = ((i + 0.5) * length) / count;
    const aside = i % 2 === 0 ? half : -half;
    return {x: from.x + ux * along - uy * aside, y: from.y + uy * along + ux * aside};
  });
}
