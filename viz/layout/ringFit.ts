// How large the discs may be, and how the names stand, so that no two servers touch: the first of many ways that fits.

import type {MemberMark, RingView} from "../frame.ts";
import type {Look} from "./look.ts";
import {roleOf, tagRoom} from "./member.ts";
import {ringPlaces} from "./ringPlaces.ts";
import type {Body, Point, RingPlaces} from "./ringPlaces.ts";
import {textWidth} from "./text.ts";

export interface Fitted {
  readonly look: Look;
  readonly body: Body;
  readonly places: RingPlaces;
  readonly clientWidth: number;
}

/** One way to place everything. */
interface Way {
  readonly lines: Body["lines"];
  readonly bothTags: boolean;
  readonly stacked: boolean;
  /** Between names. */
  readonly margin: number;
  /** Servers are kept apart part by part, not as whole boxes: for when there are many. */
  readonly close: boolean;
  readonly rows: boolean;
}

/** The places do not change while only time does: kept with the view for the many frames drawn of it. */
const kept = new WeakMap<RingView, {readonly key: string; readonly fitted: Fitted}>();

export function placed(view: RingView, given: Look): Fitted {
  const key = `${given.size.width} ${given.size.height} ${given.unit} ${given.words.t("role.follower")} ${given.text.small}`;
  const known = kept.get(view);
  if (known?.key === key) return known.fitted;
  const made = fitted(view, given);
  kept.set(view, {key, fitted: made});
  return made;
}

/** The largest discs with which no two servers touch, names included. */
function fitted(view: RingView, given: Look): Fitted {
  // A tall panel has room for larger discs.
  const larger = view.members.length <= 5 && given.size.height > 620 * given.unit ? [1.3, 1.15] : [];
  const tries = [...larger, 1, 0.9, 0.8, 0.7, 0.6].flatMap((scale) =>
    [20, 32, 44].map((slide) => [scale, slide] as const),
  );
  for (const way of waysFor(view)) {
    let best: Fitted | undefined;
    for (const [scale, slide] of tries) {
      const made = placedBy(way, scale, slide, view, given);
      const fits = way.close ? partsApart : boxesApart;
      if (!fits(made, way.margin, view) || !tagsInside(made, view)) continue;
      if (made.places.gap > 14 * made.look.unit) return made;
      // Servers apart come before a thick wall.
      if (best === undefined || made.places.gap > best.places.gap) best = made;
    }
    if (best !== undefined) return best;
  }
  // Split, it stays a ring.
  return placedBy({...last, rows: view.groups.length === 0}, 0.6, 20, view, given);
}

const last: Way = {lines: 0, bothTags: false, stacked: false, margin: 0, close: true, rows: true};

/** One group above the other where that fits, names well apart where that fits, on one line where that fits. */
function waysFor({groups}: RingView): readonly Way[] {
  const stackings = groups.length === 2 ? [true, false] : [false];
  const open = stackings.flatMap((stacked) =>
    [8, 0].map((margin): Way => ({lines: 1, bothTags: true, stacked, margin, close: false, rows: false})),
  );
  const close = [true, false].flatMap((bothTags) =>
    ([1, 2] as const).flatMap((lines) =>
      stackings.flatMap((stacked) =>
        [4, 0].map((margin): Way => ({lines, bothTags, stacked, margin, close: true, rows: false})),
      ),
    ),
  );
  if (groups.length > 0) return [...open, ...close];
  const rows = [true, false].flatMap((bothTags) =>
    ([1, 2] as const).map((lines): Way => ({...last, lines, bothTags})),
  );
  return [...open, ...close, ...rows, last];
}

function placedBy(way: Way, scale: number, slide: number, view: RingView, given: Look): Fitted {
  const clientWidth = view.clients.length === 0 ? 8 : 94 * given.unit;
  const look = {...given, unit: given.unit * scale};
  const body = bodyOf(view, look, way);
  const options = {
    slide: slide * look.unit,
    clientWidth,
    unit: given.unit,
    stacked: way.stacked,
    breadth: way.rows ? 9 : way.close ? 1.9 : 1.3,
    rows: way.rows,
  };
  return {look, body, places: ringPlaces(view, look.size, body, options), clientWidth};
}

/** Whether no two servers meet, as boxes of one size, `margin` between their names. */
function boxesApart({places, body, look}: Fitted, margin: number, {members}: RingView): boolean {
  const half = Math.max(body.half, ...members.map((member) => tagRoom(member, body, look).reach));
  return everyPair(
    [...places.members.values()],
    (a, b) => Math.abs(a.x - b.x) > 2 * half + margin || Math.abs(a.y - b.y) > body.radius + body.labelBottom,
  );
}

/** Whether the tags, which reach to one side only, stay in the view. */
function tagsInside({places, body, look}: Fitted, {members}: RingView): boolean {
  return members.every(
    (member) =>
      (places.members.get(member.name)?.x ?? 0) + tagRoom(member, body, look).reach <= look.size.width - 2,
  );
}

interface Part {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Whether no part of one server meets a part of another: disc, crown or votes, tags, name. */
function partsApart({places, body, look}: Fitted, margin: number, view: RingView): boolean {
  const all = view.members.map((member) =>
    partsOf(member, places.members.get(member.name) ?? {x: 0, y: 0}, body, look),
  );
  const clear = (a: Part, b: Part): boolean =>
    a.right + margin <= b.left ||
    b.right + margin <= a.left ||
    a.bottom + margin / 2 <= b.top ||
    b.bottom + margin / 2 <= a.top;
  return everyPair(all, (mine, yours) => mine.every((a) => yours.every((b) => clear(a, b))));
}

function partsOf(member: MemberMark, {x, y}: Point, body: Body, look: Look): readonly Part[] {
  const {radius, top, labelTop, labelBottom} = body;
  const label = labelHalfOf(member, body.lines, look);
  const tag = tagRoom(member, body, look);
  return [
    {left: x - radius, right: x + radius, top: y - radius, bottom: y + radius},
    {left: x - radius / 2, right: x + radius / 2, top: y - top, bottom: y},
    {left: x, right: x + tag.reach, top: y - tag.height / 2, bottom: y + tag.height / 2},
    {left: x - label, right: x + label, top: y + labelTop, bottom: y + labelBottom},
  ];
}

function everyPair<T>(all: readonly T[], holds: (a: T, b: T) => boolean): boolean {
  return all.every((a, i) => all.slice(i + 1).every((b) => holds(a, b)));
}

/** Half the width of name and role. */
function labelHalfOf(member: MemberMark, lines: Body["lines"], look: Look): number {
  const {text} = look;
  const name = textWidth(member.name, text.body, "bold");
  if (lines === 0) return name / 2;
  const role = textWidth(roleOf(member, look), text.small);
  return (lines === 1 ? name + 6 + role : Math.max(name, role)) / 2;
}

/** The room that every member needs: the same for all, so that the ring stays regular. */
function bodyOf(view: RingView, look: Look, way: Way): Body {
  const {lines, bothTags} = way;
  const {unit, text} = look;
  const widest = Math.max(...view.members.map((member) => labelHalfOf(member, lines, look)), 0);
  const radius = 27 * unit;
  const labelTop = radius + 8 * unit;
  const second = lines < 2 ? 0 : text.small * 1.15;
  return {
    radius: radius + 9 * unit,
    labelTop,
    labelBottom: labelTop + text.body * 1.25 + second,
    labelHalf: widest,
    // In rows the view's edge is seldom next to a tag; elsewhere there must be room for one.
    half: Math.max(
      radius + 9 * unit,
      widest,
      ...(way.rows ? [] : view.members.map((member) => tagRoom(member, way, look).reach)),
    ),
    lines,
    bothTags,
    top: radius + 22 * unit,
  };
}
