// A server: a disc in its term's hue, its role as outline (double ring and crown, dashes, plain line), its patience as an
// arc, its votes as dots, its name and role below.

import type {MemberMark} from "../frame.ts";
import {glyphs, shapes} from "../theme/glyphs.ts";
import type {Look} from "./look.ts";
import type {Mark} from "./mark.ts";
import {round} from "./ringPlaces.ts";
import type {Body, Point} from "./ringPlaces.ts";
import {textWidth} from "./text.ts";

export function memberMarks(
  member: MemberMark,
  at: Point | undefined,
  body: Body,
  look: Look,
): readonly Mark[] {
  if (at === undefined) return [];
  const {unit, words} = look;
  const radius = 27 * unit;
  const role = roleOf(member, look);
  const spoken = {name: member.name, role, term: member.term, commit: member.commitIndex};
  const target: Mark = {
    shape: "circle",
    name: `member/${member.name}/target`,
    class: "target member",
    ref: member.name,
    label: words.t("member.label", spoken),
    ...at,
    r: radius + 8 * unit,
  };
  return [
    ...insignia(member, at, radius, unit),
    ...disc(member, at, radius, look),
    ...timerArc(member, at, radius + 6 * unit),
    ...votes(member, at, look),
    ...badge(member, at, radius, unit),
    ...nameAndRole(`member/${member.name}`, member.name, role, at, body.labelTop, look),
    target,
  ];
}

/** Double ring and crown. */
function insignia(member: MemberMark, {x, y}: Point, radius: number, unit: number): readonly Mark[] {
  if (member.role !== "leader" || member.status === "crashed") return [];
  const name = `member/${member.name}`;
  const r = radius + 5.5 * unit;
  const d = scaled(glyphs.crown.d, unit);
  return [
    {shape: "circle", name: `${name}/ring`, class: "disc-ring", ref: member.name, x, y, r},
    {shape: "path", name: `${name}/crown`, class: "solid", x, y: y - radius - 14 * unit, d},
  ];
}

/** Filled with the term's hue, its number printed; hollow with a cross when crashed. */
function disc(member: MemberMark, {x, y}: Point, radius: number, look: Look): readonly Mark[] {
  const {text, unit} = look;
  const name = `member/${member.name}`;
  const crashed = member.status === "crashed";
  const hue = crashed || member.term === 0 ? {} : {term: member.term};
  const state = `disc ${crashed ? "crashed" : member.role}`;
  const filled: Mark = {
    shape: "circle",
    name: `${name}/disc`,
    class: state,
    ref: member.name,
    x,
    y,
    r: radius,
    ...hue,
  };
  if (crashed) {
    return [filled, {shape: "path", name: `${name}/x`, class: "stroke-3", x, y, d: shapes.cross(10 * unit)}];
  }
  const number: Mark = {
    shape: "text",
    name: `${name}/term`,
    class: "strong number",
    term: member.term,
    x,
    y: y + text.large * 0.36,
    text: String(member.term),
    anchor: "middle",
    size: text.large,
  };
  return [filled, number];
}

function badge(member: MemberMark, at: Point, radius: number, unit: number): readonly Mark[] {
  if (member.status !== "paused") return [];
  const name = `member/${member.name}`;
  const place = {x: at.x + radius * 0.8, y: at.y - radius * 0.8};
  const d = shapes.pause(5 * unit);
  return [
    {shape: "circle", name: `${name}/badge`, class: "badge", ...place, r: 11 * unit},
    {shape: "path", name: `${name}/paused`, class: "stroke-3", ...place, d},
  ];
}

/** Name and role `top` below a place, either side of a seam, so that they never meet whatever the font. */
export function nameAndRole(
  name: string,
  own: string,
  role: string,
  {x, y}: Point,
  top: number,
  look: Look,
): readonly Mark[] {
  const {text} = look;
  const seam = round(x + (textWidth(own, text.body, "bold") - textWidth(role, text.small)) / 2);
  const base = round(y + top + text.body * 0.95);
  return [
    {
      shape: "text",
      name: `${name}/name`,
      class: "strong haloed",
      x: seam - 3,
      y: base,
      text: own,
      anchor: "end",
      size: text.body,
    },
    {
      shape: "text",
      name: `${name}/role`,
      class: "ink2 haloed",
      x: seam + 3,
      y: base,
      text: role,
      anchor: "start",
      size: text.small,
    },
  ];
}

/** What the name is followed by: the state first, since a crashed server plays no role. */
export function roleOf(
  member: Pick<MemberMark, "status" | "role" | "majority">,
  look: Pick<Look, "words">,
): string {
  if (member.status === "crashed") return look.words.t("role.crashed");
  if (member.status === "paused") return look.words.t("role.paused");
  if (member.role === "leader" && member.majority === false) return look.words.t("role.leaderAlone");
  return look.words.t(`role.${member.role}`);
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
    const label = look.words.t(vote.granted ? "vote.granted" : "vote.refused", {
      from: vote.from,
      to: member.name,
    });
    const dot: Mark = {
      shape: "circle",
      name,
      class: vote.granted ? "vote granted" : "vote",
      label,
      x,
      y,
      r: 5 * unit,
    };
    if (vote.granted) return [dot];
    return [dot, {shape: "path", name: `${name}/minus`, class: "stroke-2", x, y, d: shapes.minus(3 * unit)}];
  });
}

/** The glyphs are drawn for unit 1. */
function scaled(d: string, unit: number): string {
  return unit === 1 ? d : d.replace(/-?\d+(\.\d+)?/g, (number) => String(round(Number(number) * unit)));
}
