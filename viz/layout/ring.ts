// The ring: servers, clients and what is on its way between them. Role is outline, hue is term, kind is shape
// (flight.ts). Everything is placed from the frame and the moment alone.

import type {MemberMark, RingView} from "../frame.ts";
import {shapes, glyphs} from "../theme/glyphs.ts";
import {flightMarks} from "./flight.ts";
import type {Look} from "./look.ts";
import type {Mark, Table} from "./mark.ts";
import {crossing, exitOf, ringPlaces, round} from "./ringPlaces.ts";
import type {Body, Point, RingPlaces, Wall} from "./ringPlaces.ts";
import {cut, textWidth} from "./text.ts";

export function ringLayout(view: RingView, given: Look): readonly Mark[] {
  const {body, places, clientWidth, look: sized} = remembered(view, given);
  const look = {...given, unit: sized.unit};
  const {unit} = look;
  return [
    ...places.walls.map((wall, i) => wallMark(wall, i, Math.max(3, Math.min(6 * unit, places.gap / 2 - 2)))),
    ...links(view, places, body, look),
    ...view.members.flatMap((member) => memberMarks(member, places.members.get(member.name), body, look)),
    ...view.clients.flatMap((client) => clientMarks(client, places.clients.get(client.name), clientWidth, look)),
    ...view.flights.flatMap((flight) => flightMarks(flight, places, body, look)),
  ];
}

/** The places do not change while only time does: kept with the view for the many frames drawn of it. */
const kept = new WeakMap<RingView, {readonly key: string; readonly fitted: Fitted}>();

function remembered(view: RingView, given: Look): Fitted {
  const key = `${given.size.width} ${given.size.height} ${given.unit} ${given.words.t("role.follower")} ${given.text.small}`;
  const known = kept.get(view);
  if (known?.key === key) return known.fitted;
  const made = fitted(view, given);
  kept.set(view, {key, fitted: made});
  return made;
}

interface Fitted {
  readonly look: Look;
  readonly body: Body;
  readonly places: RingPlaces;
  readonly clientWidth: number;
}

/** The largest discs with which no two servers touch, names included. */
function fitted(view: RingView, given: Look): Fitted {
  const clientWidth = view.clients.length === 0 ? 8 : 94 * given.unit;
  const at = ([scale, slide]: readonly [number, number]): Fitted => {
    const look = {...given, unit: given.unit * scale};
    const body = bodyOf(view, look);
    return {look, body, places: ringPlaces(view, look.size, body, {slide: slide * look.unit, clientWidth}), clientWidth};
  };
  const tries = [1, 0.9, 0.8, 0.7, 0.6].flatMap((scale) => [20, 32, 44].map((slide) => [scale, slide] as const));
  let best: Fitted | undefined;
  for (const one of tries) {
    const made = at(one);
    if (!apart(made.places, made.body)) continue;
    if (made.places.gap > 14 * made.look.unit) return made;
    // Servers apart come before a thick wall.
    if (best === undefined || made.places.gap > best.places.gap) best = made;
  }
  return best ?? at([0.6, 20]);
}

function apart(places: RingPlaces, body: Body): boolean {
  const all = [...places.members.values()];
  const half = Math.max(body.radius, body.labelHalf);
  return all.every((a, i) =>
    all.slice(i + 1).every((b) => Math.abs(a.x - b.x) > 2 * half || Math.abs(a.y - b.y) > body.radius + body.labelBottom),
  );
}

/** The room that every member needs: the same for all, so that the ring stays regular. */
function bodyOf(view: RingView, look: Look): Body {
  const {unit, text} = look;
  const radius = 27 * unit;
  const widest = Math.max(
    ...view.members.map((member) => {
      const role = roleOf(member, look);
      return textWidth(member.name, text.body, "bold") + 6 + textWidth(role, text.small);
    }),
    0,
  );
  const labelTop = radius + 8 * unit;
  return {
    radius: radius + 9 * unit,
    labelTop,
    labelBottom: labelTop + text.body * 1.25,
    labelHalf: widest / 2,
    top: radius + 22 * unit,
  };
}

/** What the name is followed by: the state first, since a crashed server plays no role. */
export function roleOf(member: Pick<MemberMark, "status" | "role" | "majority">, look: Pick<Look, "words">): string {
  if (member.status === "crashed") return look.words.t("role.crashed");
  if (member.status === "paused") return look.words.t("role.paused");
  if (member.role === "leader" && member.majority === false) return look.words.t("role.leaderAlone");
  return look.words.t(`role.${member.role}`);
}

function memberMarks(member: MemberMark, at: Point | undefined, body: Body, look: Look): readonly Mark[] {
  if (at === undefined) return [];
  const {unit, text, words} = look;
  const {x, y} = at;
  const ref = member.name;
  const name = `member/${member.name}`;
  const role = roleOf(member, look);
  const crashed = member.status === "crashed";
  const radius = 27 * unit;
  const label = words.t("member.label", {name: member.name, role, term: member.term, commit: member.commitIndex});
  const marks: Mark[] = [];
  if (member.role === "leader" && !crashed) {
    marks.push({shape: "circle", name: `${name}/ring`, class: "disc-ring", ref, x, y, r: radius + 5.5 * unit});
    marks.push({
      shape: "path",
      name: `${name}/crown`,
      class: "solid",
      x,
      y: y - radius - 14 * unit,
      d: scaled(glyphs.crown.d, unit),
    });
  }
  const state = crashed ? "crashed" : member.role;
  marks.push({
    shape: "circle",
    name: `${name}/disc`,
    class: `disc ${state}`,
    ref,
    x,
    y,
    r: radius,
    ...(crashed || member.term === 0 ? {} : {term: member.term}),
  });
  marks.push(...timerArc(member, at, radius + 6 * unit), ...votes(member, at, look));
  if (crashed) {
    marks.push({shape: "path", name: `${name}/x`, class: "stroke-3", x, y, d: shapes.cross(10 * unit)});
  } else {
    marks.push({
      shape: "text",
      name: `${name}/term`,
      class: "strong number",
      term: member.term,
      x,
      y: y + text.large * 0.36,
      text: String(member.term),
      anchor: "middle",
      size: text.large,
    });
  }
  if (member.status === "paused") {
    const badge = {x: x + radius * 0.8, y: y - radius * 0.8};
    marks.push({shape: "circle", name: `${name}/badge`, class: "badge", ...badge, r: 11 * unit});
    marks.push({shape: "path", name: `${name}/paused`, class: "stroke-3", ...badge, d: shapes.pause(5 * unit)});
  }
  const nameWidth = textWidth(member.name, text.body, "bold");
  const roleWidth = textWidth(role, text.small);
  const seam = round(x + (nameWidth - roleWidth) / 2);
  const base = round(y + body.labelTop + text.body * 0.95);
  marks.push(
    {shape: "text", name: `${name}/name`, class: "strong", x: seam - 3, y: base, text: member.name, anchor: "end", size: text.body},
    {shape: "text", name: `${name}/role`, class: "ink2", x: seam + 3, y: base, text: role, anchor: "start", size: text.small},
    {shape: "circle", name: `${name}/target`, class: "target member", ref, label, x, y, r: radius + 8 * unit},
  );
  return marks;
}

/** How much of a follower's patience with its leader is used up: a full arc starts an election. */
function timerArc(member: MemberMark, at: Point, radius: number): readonly Mark[] {
  const {elapsed, timeout} = member.timer;
  if (member.status !== "up" || member.role === "leader" || timeout <= 0) return [];
  const used = Math.max(0, Math.min(0.999, elapsed / timeout));
  if (used === 0) return [];
  const angle = used * 2 * Math.PI;
  const x = round(Math.sin(angle) * radius);
  const y = round(-Math.cos(angle) * radius);
  const d = `M0,${round(-radius)} A${round(radius)},${round(radius)} 0 ${used > 0.5 ? 1 : 0} 1 ${x},${y}`;
  return [{shape: "path", name: `member/${member.name}/timer`, class: "timer", x: at.x, y: at.y, d}];
}

/** A dot for every vote that a candidate heard of: filled for it, barred against it. */
function votes(member: MemberMark, at: Point, look: Look): readonly Mark[] {
  if (member.role !== "candidate" || member.status !== "up") return [];
  const {unit} = look;
  const gap = 13 * unit;
  const y = at.y - 27 * unit - 15 * unit;
  return member.votes.flatMap((vote, i) => {
    const x = round(at.x + (i - (member.votes.length - 1) / 2) * gap);
    const name = `member/${member.name}/vote/${vote.from}`;
    const label = look.words.t(vote.granted ? "vote.granted" : "vote.refused", {from: vote.from, to: member.name});
    const dot: Mark = {shape: "circle", name, class: vote.granted ? "vote granted" : "vote", label, x, y, r: 5 * unit};
    if (vote.granted) return [dot];
    return [dot, {shape: "path", name: `${name}/minus`, class: "stroke-2", x, y, d: shapes.minus(3 * unit)}];
  });
}

function clientMarks(
  client: RingView["clients"][number],
  at: Point | undefined,
  width: number,
  look: Look,
): readonly Mark[] {
  if (at === undefined) return [];
  const {unit, text} = look;
  const {x, y} = at;
  const name = `client/${client.name}`;
  const waits = client.waiting.join(" · ");
  const label = look.words.t(waits === "" ? "client.idle" : "client.waits", {name: client.name, waiting: waits});
  const w = 44 * unit;
  const h = 26 * unit;
  const marks: Mark[] = [
    {shape: "rect", name: `${name}/pill`, class: "pill", ref: client.name, x: x - w / 2, y: y - h / 2, width: w, height: h, radius: h / 2},
    {shape: "text", name: `${name}/name`, class: "strong", x, y: y + text.small * 0.36, text: client.name, anchor: "middle", size: text.small},
    {shape: "rect", name: `${name}/target`, class: "target", ref: client.name, label, x: x - w / 2, y: y - h / 2, width: w, height: h},
  ];
  client.waiting.slice(0, 2).forEach((line, i) => {
    marks.push({
      shape: "text",
      name: `${name}/waits/${i}`,
      class: "mono ink2",
      x,
      y: y + h / 2 + (i + 1) * text.small * 1.3,
      text: cut(line, width - 6, text.small, "mono"),
      anchor: "middle",
      size: text.small,
    });
  });
  return marks;
}

/** A line for every pair that can talk; a broken one with a cross where it was cut. */
function links(view: RingView, places: RingPlaces, body: Body, look: Look): readonly Mark[] {
  const marks: Mark[] = [];
  const {words, unit} = look;
  view.members.forEach((a, i) => {
    for (const b of view.members.slice(i + 1)) {
      const pa = places.members.get(a.name);
      const pb = places.members.get(b.name);
      if (pa === undefined || pb === undefined) continue;
      const from = exitOf(pa, pb, body);
      const to = exitOf(pb, pa, body);
      if (places.walls.some((wall) => crossing(from, to, wall) !== undefined)) continue;
      const ref = `link:${a.name}-${b.name}`;
      const there = view.cuts.some((one) => one.from === a.name && one.to === b.name);
      const back = view.cuts.some((one) => one.from === b.name && one.to === a.name);
      const ends = {x: round(from.x), y: round(from.y), x2: round(to.x), y2: round(to.y)};
      const isCut = there || back;
      marks.push({shape: "line", name: ref, class: isCut ? "link cut" : "link", ref, ...ends});
      if (isCut) {
        const middle = {x: round((from.x + to.x) / 2), y: round((from.y + to.y) / 2)};
        marks.push({shape: "path", name: `${ref}/x`, class: "stroke-3", ...middle, d: shapes.cross(6 * unit)});
      }
      const id = !isCut ? "link.open" : there && back ? "link.cut" : "link.cutOneWay";
      const [one, other] = there || !back ? [a.name, b.name] : [b.name, a.name];
      marks.push({shape: "line", name: `${ref}/target`, class: "target link-target", ref, label: words.t(id, {a: one, b: other}), ...ends});
    }
  });
  return marks;
}

/** Hatching across a line: no message passes here. */
function wallMark(wall: Wall, i: number, half: number): Mark {
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

/** The glyphs are drawn for unit 1. */
function scaled(d: string, unit: number): string {
  return unit === 1 ? d : d.replace(/-?\d+(\.\d+)?/g, (number) => String(round(Number(number) * unit)));
}

export function ringTable(view: RingView, look: Pick<Look, "words">): Table {
  const {t} = look.words;
  return {
    columns: [t("column.server"), t("column.role"), t("column.term"), t("column.follows"), t("column.votedFor"), t("column.commit"), t("column.applied"), t("column.last")],
    rows: view.members.map((member) => ({
      ref: member.name,
      cells: [
        member.name,
        roleOf(member, look),
        String(member.term),
        member.leader || "–",
        member.votedFor || "–",
        String(member.commitIndex),
        String(member.lastApplied),
        String(member.lastIndex),
      ],
    })),
  };
}

export function flightTable(view: RingView, look: Pick<Look, "words">): Table {
  const {t} = look.words;
  return {
    columns: [t("column.from"), t("column.to"), t("column.message")],
    rows: view.flights.map((flight) => ({
      ref: `msg:${flight.event}`,
      cells: [flight.from, flight.to, flight.held ? t("flight.held", {line: flight.line}) : flight.line],
    })),
  };
}
