// Leadership on its way from one server to another: a broad open arrow between them, and at its end the crown that is not
// worn yet. The words stand at the two servers: "hands over", "takes over".

import type {RingView} from "../frame.ts";
import {glyphs, scaled} from "../theme/glyphs.ts";
import type {Look} from "./look.ts";
import type {Mark} from "./mark.ts";
import {edgeOf, round} from "./ringPlaces.ts";
import type {Body, Point, RingPlaces} from "./ringPlaces.ts";

export function transferMarks(
  {from, to}: RingView["transfers"][number],
  places: RingPlaces,
  body: Body,
  look: Look,
): readonly Mark[] {
  const start = places.members.get(from);
  const end = places.members.get(to);
  if (start === undefined || end === undefined) return [];
  const {unit, words} = look;
  const name = `transfer/${from}`;
  const a = edgeOf(start, end, {radius: body.radius + 2 * unit});
  const b = edgeOf(end, start, {radius: body.radius + 4 * unit});
  const crown = {x: end.x, y: end.y - body.radius - 5 * unit, d: scaled(glyphs.crown.d, unit)};
  return [
    {
      shape: "path",
      name,
      class: "transfer",
      label: words.t("transfer.label", {from, to}),
      d: openArrow(a, b, unit),
    },
    {shape: "path", name: `${name}/crown`, class: "crown-open", ...crown},
  ];
}

/** The outline of an arrow, so broad that no message on its way hides it. */
function openArrow(a: Point, b: Point, unit: number): string {
  const length = Math.sqrt((b.x - a.x) ** 2 + (b.y - a.y) ** 2) || 1;
  const u = {x: (b.x - a.x) / length, y: (b.y - a.y) / length};
  const head = Math.min(16 * unit, length / 2);
  const at = (along: number, aside: number): string =>
    `${round(a.x + u.x * along - u.y * aside)},${round(a.y + u.y * along + u.x * aside)}`;
  const half = 8 * unit;
  const neck = length - head;
  const points = [
    at(0, half),
    at(neck, half),
    at(neck, 1.8 * half),
    at(length, 0),
    at(neck, -1.8 * half),
    at(neck, -half),
    at(0, -half),
  ];
  return `M${points.join(" L")}`;
}
