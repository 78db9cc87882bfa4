// What lies between servers: a line for every pair that can talk, a zigzag along one that treats messages badly, a cross
// where a link was cut, a hatched wall where the network is split.

import type {BadLink, RingView} from "../frame.ts";
import {shapes} from "../theme/glyphs.ts";
import type {Look} from "./look.ts";
import type {Mark} from "./mark.ts";
import {crossing, edgeOf, exitOf, round} from "./ringPlaces.ts";
import type {Body, Point, RingPlaces, Wall} from "./ringPlaces.ts";
import {zigzag} from "./zigzag.ts";

/** A line for every pair that can talk. */
export function links(view: RingView, places: RingPlaces, body: Body, look: Look): readonly Mark[] {
  const marks: Mark[] = [];
  view.members.forEach((a, i) => {
    for (const b of view.members.slice(i + 1)) {
      const pa = places.members.get(a.name);
      const pb = places.members.get(b.name);
      if (pa === undefined || pb === undefined) continue;
      const from = edgeOf(pa, pb, body);
      const to = edgeOf(pb, pa, body);
      if (places.walls.some((wall) => crossing(from, to, wall) !== undefined)) continue;
      // A straight line runs on behind a name; a zigzag there would be half a scribble.
      const clear = [exitOf(pa, pb, body), exitOf(pb, pa, body)] as const;
      marks.push(...linkMarks([a.name, b.name], [from, to], clear, view, look));
    }
  });
  return marks;
}

function linkMarks(
  [a, b]: readonly [string, string],
  [from, to]: readonly [Point, Point],
  [clearFrom, clearTo]: readonly [Point, Point],
  view: RingView,
  {words, unit}: Look,
): readonly Mark[] {
  const ref = `link:${a}-${b}`;
  const there = view.cuts.some((one) => one.from === a && one.to === b);
  const back = view.cuts.some((one) => one.from === b && one.to === a);
  const ends = {x: round(from.x), y: round(from.y), x2: round(to.x), y2: round(to.y)};
  const isCut = there || back;
  const middle = {x: round((from.x + to.x) / 2), y: round((from.y + to.y) / 2)};
  const [one, other] = there || !back ? [a, b] : [b, a];
  const cut = words.t(there && back ? "link.cut" : "link.cutOneWay", {a: one, b: other});
  const bad = badOf([a, b], view);
  const label = [
    ...(isCut ? [cut] : []),
    ...badWords([a, b], bad, words),
    ...(isCut || bad.length > 0 ? [] : [words.t("link.open", {a, b})]),
  ].join("; ");
  return [
    {shape: "line", name: ref, class: isCut ? "link cut" : "link", ref, ...ends},
    ...(bad.length === 0
      ? []
      : [
          {
            shape: "path",
            name: `${ref}/bad`,
            class: "link bad",
            ref,
            d: zigzag(badWay([a, b], bad, [clearFrom, middle, clearTo]), 4 * unit, 6 * unit),
          } as const,
        ]),
    ...(isCut
      ? [
          {
            shape: "path",
            name: `${ref}/x`,
            class: "stroke-3",
            ...middle,
            d: shapes.cross(6 * unit),
          } as const,
        ]
      : []),
    {shape: "line", name: `${ref}/target`, class: "target link-target", ref, label, ...ends},
  ];
}

/** What is bad between two, in either direction. */
export function badOf([a, b]: readonly [string, string], {bad}: Pick<RingView, "bad">): readonly BadLink[] {
  return bad.filter(({from, to}) => (from === a && to === b) || (from === b && to === a));
}

/** A sentence for both directions, or for each. */
export function badWords(
  [a, b]: readonly [string, string],
  bad: readonly BadLink[],
  words: Look["words"],
): readonly string[] {
  const said = bad.map(({from, to, how}) => ({from, to, how: words.say(how)}));
  const [first, second] = said;
  if (first !== undefined && first.how === second?.how) return [words.t("link.bad", {a, b, how: first.how})];
  return said.map(({from, to, how}) => words.t("link.badOneWay", {a: from, b: to, how}));
}

/** All of the way; where one direction is bad, the half at its end. */
export function badWay(
  [a]: readonly [string, string],
  bad: readonly BadLink[],
  [from, middle, to]: readonly [Point, Point, Point],
): readonly Point[] {
  if (bad.length > 1) return [from, to];
  return bad[0]?.from === a ? [middle, to] : [from, middle];
}

/** Hatching across a line: no message passes here. */
export function wallMark(wall: Wall, i: number, half: number): Mark {
  const dx = wall.to.x - wall.from.x;
  const dy = wall.to.y - wall.from.y;
  const length = Math.sqrt(dx * dx + dy * dy) || 1;
  const along = {x: dx / length, y: dy / length};
  const parts: string[] = [];
  for (let at = half; at < length - half; at += half * 1.2) {
    const x = wall.from.x + along.x * at;
    const y = wall.from.y + along.y * at;
    // Slanted against the wall, so that it reads as hatching whatever its angle.
    const sx = -along.y * half + along.x * half * 0.7;
    const sy = along.x * half + along.y * half * 0.7;
    parts.push(`M${round(x - sx)},${round(y - sy)} L${round(x + sx)},${round(y + sy)}`);
  }
  return {shape: "path", name: `wall/${i}`, class: "wall", d: parts.join(" ")};
}
