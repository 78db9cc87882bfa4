// A server: a disc in its term's hue, its role as outline (double ring and crown, dashes, plain line), its patience as an
// arc, its votes as dots, its name and role below. A learner is smaller and dotted; who is no member is hollow and faint.
// While two majorities decide, a tag says in which of them it votes: the old one, the new one, or both.

import type {MemberMark} from "../frame.ts";
import {glyphs, scaled, shapes} from "../theme/glyphs.ts";
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
  const own = discRadius(member, unit);
  const spoken = {name: member.name, role, term: member.term, commit: member.commitIndex};
  const target: Mark = {
    shape: "circle",
    name: `member/${member.name}/target`,
    class: "target member",
    ref: member.name,
    label:
      member.bugs === undefined
        ? words.t("member.label", spoken)
        : words.t("member.bugLabel", {...spoken, bugs: member.bugs.join(" ")}),
    ...at,
    r: radius + 8 * unit,
  };
  return [
    ...insignia(member, at, radius, unit),
    ...disc(member, at, own, look),
    ...timerArc(member, at, radius + 6 * unit),
    ...votes(member, at, look),
    ...halfTag(member, at, body, look),
    ...badge(member, at, radius, unit),
    ...beetle(`member/${member.name}`, member, {x: at.x - own * 0.8, y: at.y + own * 0.8}, unit),
    ...(body.lines === 1
      ? nameAndRole(`member/${member.name}`, member.name, role, at, body.labelTop, look)
      : nameOverRole(
          `member/${member.name}`,
          member.name,
          body.lines === 0 ? "" : role,
          at,
          body.labelTop,
          look,
        )),
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

function discRadius({standing, role}: MemberMark, unit: number): number {
  return (standing === "learner" && role === "follower" ? 20 : 27) * unit;
}

/** It has no place in the cluster, and does not believe that it has. */
function isFaint({standing, role}: Pick<MemberMark, "standing" | "role">): boolean {
  return standing === "outside" && role === "follower";
}

/** Filled with the term's hue, its number printed; hollow for who is no member, with a cross when crashed. */
function disc(member: MemberMark, {x, y}: Point, radius: number, look: Look): readonly Mark[] {
  const {text, unit} = look;
  const name = `member/${member.name}`;
  const crashed = member.status === "crashed";
  const faint = isFaint(member);
  const hue = crashed || faint || member.term === 0 ? {} : {term: member.term};
  const standing = faint ? " outside" : member.standing === "learner" ? " learner" : "";
  const state = `disc ${crashed ? "crashed" : member.role}${standing}`;
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
  // What was never started has no term, and has not crashed.
  if (crashed && !member.started) return [filled];
  if (crashed) {
    return [filled, {shape: "path", name: `${name}/x`, class: "stroke-3", x, y, d: shapes.cross(10 * unit)}];
  }
  // In a smaller disc a smaller number.
  const size = standing === " learner" ? text.strong : text.large;
  const number: Mark = {
    shape: "text",
    name: `${name}/term`,
    class: faint ? "strong number ink3" : "strong number",
    ...(faint ? {} : {term: member.term}),
    x,
    y: y + size * 0.36,
    text: String(member.term),
    anchor: "middle",
    size,
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

/** On who runs a version with a bug. */
export function beetle(
  name: string,
  {bugs}: {readonly bugs?: readonly string[]},
  {x, y}: Point,
  unit: number,
): readonly Mark[] {
  if (bugs === undefined) return [];
  const place = {x: round(x), y: round(y)};
  const d = scaled(glyphs.beetle.d, 0.85 * unit);
  return [
    {shape: "circle", name: `${name}/version`, class: "badge", ...place, r: 11 * unit},
    {shape: "path", name: `${name}/beetle`, class: "beetle", ...place, d},
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

/** The same on two lines, or the name alone. */
function nameOverRole(
  name: string,
  own: string,
  role: string,
  {x, y}: Point,
  top: number,
  {text}: Look,
): readonly Mark[] {
  const base = round(y + top + text.body * 0.95);
  const under = round(base + text.small * 1.15);
  const below: Mark = {
    shape: "text",
    name: `${name}/role`,
    class: "ink2 haloed",
    x,
    y: under,
    text: role,
    anchor: "middle",
    size: text.small,
  };
  return [
    {
      shape: "text",
      name: `${name}/name`,
      class: "strong haloed",
      x,
      y: base,
      text: own,
      anchor: "middle",
      size: text.body,
    },
    ...(role === "" ? [] : [below]),
  ];
}

/** What the name is followed by: the state first, since a crashed server plays no role; then whether it has a vote. */
export function roleOf(
  member: Pick<MemberMark, "status" | "role" | "standing" | "majority"> &
    Partial<Pick<MemberMark, "started" | "hands">>,
  {words: {t}}: Pick<Look, "words">,
): string {
  const {status, role, standing, hands} = member;
  if (member.started === false) return t(standing === "outside" ? "role.spare" : "role.notStarted");
  // That it is down is drawn; that nobody waits for it is not.
  if (status === "crashed" && standing === "outside") return t("role.outside");
  if (status !== "up") return t(`role.${status}`);
  if (hands !== undefined) return t(hands === "over" ? "role.handsOver" : "role.takesOver");
  if (role === "follower" && standing !== "voter") return t(`role.${standing}`);
  return t(role === "leader" && member.majority === false ? "role.leaderAlone" : `role.${role}`);
}

/** How much of a follower's patience with its leader is used up: a full arc starts an election. */
function timerArc(member: MemberMark, at: Point, radius: number): readonly Mark[] {
  const {elapsed, timeout} = member.timer;
  // Who has no vote waits for nothing.
  if (member.status !== "up" || member.role === "leader" || timeout <= 0) return [];
  if (member.standing !== "voter" && member.role === "follower") return [];
  const used = Math.max(0, Math.min(0.999, elapsed / timeout));
  if (used === 0) return [];
  const angle = used * 2 * Math.PI;
  const x = round(Math.sin(angle) * radius);
  const y = round(-Math.cos(angle) * radius);
  const d = `M0,${round(-radius)} A${round(radius)},${round(radius)} 0 ${used > 0.5 ? 1 : 0} 1 ${x},${y}`;
  return [{shape: "path", name: `member/${member.name}/timer`, class: "timer", x: at.x, y: at.y, d}];
}

/** A dot for every vote that a candidate heard of: filled for it, barred against it. Of two halves the old one's stand left of a line. */
function votes(member: MemberMark, at: Point, look: Look): readonly Mark[] {
  const campaigns = member.role === "candidate" || member.role === "preCandidate";
  if (!campaigns || member.status !== "up") return [];
  const {unit} = look;
  const gap = 13 * unit;
  const y = at.y - 27 * unit - 15 * unit;
  const halves = [undefined, "old", "new"] as const;
  const groups = halves.map((half) => member.votes.filter((vote) => vote.half === half));
  const ordered = groups.flat();
  const joint = groups[1]?.length !== 0 || groups[2]?.length !== 0;
  const olds = groups[1]?.length ?? 0;
  const placeOf = (i: number): number =>
    round(at.x + (i - (ordered.length - 1) / 2) * gap + (joint ? (i < olds ? -0.5 : 0.5) * gap : 0));
  const dots = ordered.flatMap((vote, i) => voteMarks(member, vote, {x: placeOf(i), y}, look));
  if (!joint) return dots;
  const x = round(at.x + (olds - ordered.length / 2) * gap);
  const line: Mark = {
    shape: "line",
    name: `member/${member.name}/halves`,
    class: "stroke-2",
    x,
    y: round(y - 8 * unit),
    x2: x,
    y2: round(y + 8 * unit),
  };
  return [...dots, line];
}

function voteMarks(
  member: MemberMark,
  vote: MemberMark["votes"][number],
  {x, y}: Point,
  {unit, words}: Look,
): readonly Mark[] {
  const name = `member/${member.name}/vote/${vote.half === undefined ? "" : `${vote.half}/`}${vote.from}`;
  const [yes, no] =
    member.role === "preCandidate"
      ? (["vote.wouldGrant", "vote.wouldRefuse"] as const)
      : (["vote.granted", "vote.refused"] as const);
  const label = words.t(vote.granted ? yes : no, {from: vote.from, to: member.name});
  const state = vote.granted ? "vote granted" : "vote";
  const dot: Mark = {shape: "circle", name, class: state, label, x, y, r: 5 * unit};
  if (vote.granted) return [dot];
  return [dot, {shape: "path", name: `${name}/minus`, class: "stroke-2", x, y, d: shapes.minus(3 * unit)}];
}

/** Where it votes while two majorities decide: in the old one, the new one, or in both. */
function tagOf({halves}: MemberMark, {bothTags}: Pick<Body, "bothTags">): "old" | "new" | "both" | undefined {
  if (halves.length === 2) return bothTags ? "both" : undefined;
  return halves[0];
}

/** How far its tag reaches to the right of its middle, and how high it is; nothing without one. */
export function tagRoom(
  member: MemberMark,
  body: Pick<Body, "bothTags">,
  {text, unit, words}: Look,
): {readonly reach: number; readonly height: number} {
  const tag = tagOf(member, body);
  if (tag === undefined) return {reach: 0, height: 0};
  const width = Math.ceil(textWidth(words.t(`half.${tag}`), text.small) + (tag === "both" ? 14 : 6));
  return {reach: 24 * unit + width, height: Math.ceil(text.small * 1.4)};
}

/** The old half's tag is a frame, the new one's is solid, that of both begins solid. */
function halfTag(member: MemberMark, {x, y}: Point, body: Body, look: Look): readonly Mark[] {
  const tag = tagOf(member, body);
  if (tag === undefined) return [];
  const {text, unit, words} = look;
  const {reach, height} = tagRoom(member, body, look);
  const name = `member/${member.name}/half`;
  const left = round(x + 24 * unit);
  const box = {x: left, y: round(y - height / 2), width: round(reach - 24 * unit), height};
  const inset = tag === "both" ? 11 : 3;
  return [
    {shape: "rect", name, class: tag === "new" ? "half new" : "half", ...box, radius: 3},
    ...(tag === "both"
      ? [{shape: "rect", name: `${name}/new`, class: "half new", ...box, width: 8, radius: 3} as const]
      : []),
    {
      shape: "text",
      name: `${name}/word`,
      class: tag === "new" ? "on-ink" : "ink",
      x: round(left + inset),
      y: round(y + text.small * 0.36),
      text: words.t(`half.${tag}`),
      anchor: "start",
      size: text.small,
    },
  ];
}
