// A client: a small screen at the edge of the ring, its name, what it asked for and whether that was answered, and a
// thin line to the servers it speaks with.

import type {ClientMark, RingView} from "../frame.ts";
import {shapes} from "../theme/glyphs.ts";
import {wayOf} from "./flight.ts";
import type {Look} from "./look.ts";
import {badOf, badWords} from "./links.ts";
import type {Mark} from "./mark.ts";
import {beetle, nameAndRole} from "./member.ts";
import {edgeOf, exitOf, round} from "./ringPlaces.ts";
import type {Body, ClientPlace, Point, RingPlaces} from "./ringPlaces.ts";
import {cut} from "./text.ts";
import {zigzag} from "./zigzag.ts";

/** `width`: of the clients' column. */
export function clientMarks(
  client: ClientMark,
  at: ClientPlace | undefined,
  width: number,
  look: Look,
): readonly Mark[] {
  if (at === undefined) return [];
  const {unit, text, words} = look;
  const {x, y} = at;
  const name = `client/${client.name}`;
  const waits = [...client.waiting, ...client.watching].join(" · ");
  const state = words.t(waits === "" ? "client.idle" : "client.waits", {name: client.name, waiting: waits});
  const stands = client.paused === true ? `${state} (${words.t("client.paused")})` : state;
  const label =
    client.bugs === undefined ? stands : words.t("client.bug", {client: stands, bugs: client.bugs.join(" ")});
  const half = {width: 17 * unit, height: 12 * unit};
  const lineHeight = text.small * 1.3;
  const top = half.height + 8 * unit;
  const firstLine = top + text.body * 1.3;
  const fits = Math.max(0, Math.floor((at.below - firstLine - 2) / lineHeight));
  const box = {x: x - half.width, y: y - half.height, width: 2 * half.width, height: 2 * half.height};
  return [
    {shape: "rect", name: `${name}/screen`, class: "client", ref: client.name, ...box, radius: 2},
    {
      shape: "path",
      name: `${name}/prompt`,
      class: "stroke-2",
      x,
      y,
      d: client.paused === true ? pauseSign(unit) : promptSign(unit),
    },
    ...beetle(name, client, {x: x - half.width, y: y + half.height}, unit),
    ...(at.below > firstLine
      ? nameAndRole(
          name,
          client.name,
          words.t(client.paused === true ? "client.paused" : "role.client"),
          at,
          top,
          look,
        )
      : []),
    ...linesOf(client, look)
      .slice(0, fits)
      .map((line, i): Mark => ({
        shape: "text",
        name: `${name}/line/${i}`,
        class: line.mono ? "mono haloed" : "ink2 haloed",
        x,
        y: y + firstLine + i * lineHeight + text.small * 0.9,
        text: cut(line.text, width - 6, text.small, line.mono ? "mono" : "sans"),
        anchor: "middle",
        size: text.small,
      })),
    {shape: "rect", name: `${name}/target`, class: "target", ref: client.name, label, ...box},
  ];
}

function promptSign(unit: number): string {
  return `M${-9 * unit},${-4 * unit} l${4 * unit},${4 * unit} l${-4 * unit},${4 * unit} M${-1 * unit},${5 * unit} h${8 * unit}`;
}

function pauseSign(unit: number): string {
  return `M${-3 * unit},${-5 * unit} v${10 * unit} M${3 * unit},${-5 * unit} v${10 * unit}`;
}

/** What stands under its name: commands as etcdctl has them, and whether they were answered. */
function linesOf(
  client: ClientMark,
  {words}: Look,
): readonly {readonly text: string; readonly mono: boolean}[] {
  const held =
    client.holds === undefined ? [] : [{text: words.t("client.holds", {name: client.holds}), mono: false}];
  return [...held, ...askedOf(client, words)];
}

function askedOf(
  {waiting, watching, last}: ClientMark,
  words: Look["words"],
): readonly {readonly text: string; readonly mono: boolean}[] {
  const command = (text: string) => ({text, mono: true});
  if (waiting.length > 0) {
    const asked = waiting.slice(0, 2).map(command);
    return [...asked, {text: words.t("client.noAnswer"), mono: false}, ...watching.map(command)];
  }
  if (last === undefined || watching.length > 0) return watching.slice(0, 2).map(command);
  return [command(last.line), {text: words.t(`client.${last.outcome}`), mono: false}];
}

/** From a client to whom it speaks with, the way its messages go; and to whom it would go badly, or in vain. */
export function clientLinks(
  client: ClientMark,
  view: Pick<RingView, "bad" | "refusals">,
  places: RingPlaces,
  body: Body,
  look: Look,
): readonly Mark[] {
  const {name} = client;
  const bad = view.bad.flatMap(({from, to}) => (from === name ? [to] : to === name ? [from] : []));
  const refusing = view.refusals.flatMap((one) => (one.client === name ? [one.member] : []));
  const servers = new Set([...client.servers, ...bad, ...refusing]);
  return [...servers].flatMap((server) => {
    const way = wayOf({from: name, to: server}, places, body, look);
    const at = places.members.get(server);
    return way.length === 0 || at === undefined ? [] : linkMarks([name, server], way, {at, body}, view, look);
  });
}

function linkMarks(
  [client, server]: readonly [string, string],
  way: readonly Point[],
  {at, body}: {readonly at: Point; readonly body: Body},
  view: Pick<RingView, "bad" | "refusals">,
  {unit, words}: Look,
): readonly Mark[] {
  const name = `client/${client}/to/${server}`;
  const bad = badOf([client, server], view);
  const line: Mark =
    bad.length === 0
      ? {shape: "path", name, class: "client-link", d: `M${way.map(({x, y}) => `${x},${y}`).join(" L")}`}
      : {
          shape: "path",
          name,
          class: "client-link bad",
          label: badWords([client, server], bad, words).join("; "),
          d: zigzag([...way.slice(0, -1), exitOf(at, way.at(-2) ?? at, body)], 3 * unit, 6 * unit),
        };
  const refuses = view.refusals.some((one) => one.client === client && one.member === server);
  if (!refuses) return [line];
  const place = crossPlace(way, {at, body}, 5 * unit, 14 * unit);
  const label = words.t("link.refused", {client, member: server});
  return [
    line,
    {
      shape: "path",
      name: `${name}/refused`,
      class: "stroke-3",
      label,
      x: round(place.x),
      y: round(place.y),
      d: shapes.cross(5 * unit),
    },
  ];
}

/** On the way, `least` before its end, or as far back as crown, votes and name reach. */
function crossPlace(
  way: readonly Point[],
  {at, body}: {readonly at: Point; readonly body: Body},
  arm: number,
  least: number,
): Point {
  const meets = ({x, y}: Point): boolean =>
    (Math.abs(x - at.x) < body.radius / 2 + arm && y > at.y - body.top - arm && y < at.y) ||
    (Math.abs(x - at.x) < body.labelHalf + arm &&
      y > at.y + body.labelTop - arm &&
      y < at.y + body.labelBottom + arm);
  const places = Array.from({length: 60}, (_, i) => before(way, least + 2 * i));
  return places.find((place) => !meets(place)) ?? before(way, least);
}

/** The place so far before a way's end, at most at its beginning. */
function before(way: readonly Point[], distance: number): Point {
  let left = distance;
  let end = way.at(-1) ?? {x: 0, y: 0};
  for (const from of way.slice(0, -1).reverse()) {
    const length = Math.hypot(from.x - end.x, from.y - end.y);
    if (length >= left) return edgeOf(end, from, {radius: left});
    left -= length;
    end = from;
  }
  return end;
}
