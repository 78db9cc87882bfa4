// What lies between servers: a line for every pair that can talk, a cross where a link was cut, a hatched wall where the
// network is split.

import type {RingView} from "../frame.ts";
import {shapes} from "../theme/glyphs.ts";
import type {Look} from "./look.ts";
import type {Mark} from "./mark.ts";
import {crossing, edgeOf, round} from "./ringPlaces.ts";
import type {Body, RingPlaces, Wall} from "./ringPlaces.ts";

/** A line for every pair that can talk; a broken one with a cross where it was cut. */
export function links(view: RingView, places: RingPlaces, body: Body, look: Look): readonly Mark[] {
  const marks: Mark[] = [];
  const {words, unit} = look;
  view.members.forEach((a, i) => {
    for (const b of view.members.slice(i + 1)) {
      const pa = places.members.get(a.name);
      const pb = places.members.get(b.name);
      if (pa === undefined || pb === undefined) continue;
      const from = edgeOf(pa, pb, body);
      const to = edgeOf(pb, pa, body);
      if (places.walls.some((wall) => crossing(from, to, wall) !== undefined)) continue;
      const ref = `link:${a.name}-${b.name}`;
      const there = view.cuts.some((one) => one.from === a.name && one.to === b.name);
      const back = view.cuts.some((one) => one.from === b.name && one.to === a.name);
      const ends = {x: round(from.x), y: round(from.y), x2: round(to.x), y2: round(to.y)};
      const isCut = there || back;
      marks.push({shape: "line", name: ref, class: isCut ? "link cut" : "link", ref, ...ends});
      if (isCut) {
        const middle = {x: round((from.x + to.x) / 2), y: round((from.y + to.y) / 2)};
        marks.push({
          shape: "path",
          name: `${ref}/x`,
          class: "stroke-3",
          ...middle,
          d: shapes.cross(6 * unit),
        });
      }
      const id = !isCut ? "link.open" : there && back ? "link.cut" : "link.cutOneWay";
      const [one, other] = there || !back ? [a.name, b.name] : [b.name, a.name];
      marks.push({
        shape: "line",
        name: `${ref}/target`,
        class: "target link-target",
        ref,
        label: words.t(id, {a: one, b: other}),
        ...ends,
      });
    }
  });
  return marks;
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
