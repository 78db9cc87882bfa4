// A message on its way: shape is kind, fill is the term it speaks for, hollow is an answer with + or −. Its place is
// linear in time between sent and arrives: easing would lie about latency. A lost one ends in a cross where it died.

import type {FlightMark} from "../frame.ts";
import {glyphs, scaled, shapes} from "../theme/glyphs.ts";
import type {Look} from "./look.ts";
import type {Mark, Size} from "./mark.ts";
import {crossing, edgeOf, exitOf, round} from "./ringPlaces.ts";
import type {Body, Point, RingPlaces} from "./ringPlaces.ts";
import {textWidth} from "./text.ts";

/** From where to where it is drawn: beside the link, so that opposite directions do not meet. */
interface Track {
  readonly from: Point;
  readonly to: Point;
  /** A corner on the way: what clients say goes round the servers in between. */
  readonly via?: Point;
}

/** From the line that joins two places: enough that opposite directions pass, so little that the line is still touched. */
const laneOffset = 5;

/** Ways found, by the places they lead through: a way costs more to find than to draw. */
const ways = new WeakMap<RingPlaces, Map<string, Track | undefined>>();

type Ends = Pick<FlightMark, "from" | "to">;

function keptTrack(flight: Ends, places: RingPlaces, body: Body, look: Look): Track | undefined {
  const known = ways.get(places) ?? new Map<string, Track | undefined>();
  ways.set(places, known);
  const key = `${flight.from} ${flight.to}`;
  if (!known.has(key)) known.set(key, trackOf(flight, places, body, look));
  return known.get(key);
}

export function flightMarks(flight: FlightMark, places: RingPlaces, body: Body, look: Look): readonly Mark[] {
  const track = keptTrack(flight, places, body, look);
  if (track === undefined) return [];
  const {time, unit, words} = look;
  const lost = flight.dies !== undefined;
  const end = lost ? deathPlace(flight, track, places, unit) : 1;
  const fraction = fractionAt(flight, time, end);
  const {x, y} = along(track, fraction);
  const ref = `msg:${flight.event}`;
  const name = `flight/${flight.event}`;
  const marks: Mark[] = [];
  if (flight.dies !== undefined && time >= flight.dies) {
    marks.push({shape: "path", name: `${name}/lost`, class: "lost", ref, x, y, d: shapes.cross(7 * unit)});
  } else {
    marks.push(...glyphMarks(flight, name, ref, {x, y}, look));
    if (!flight.held) marks.push(...arrowhead(flight, name, track, {x, y}, look));
  }
  const state = lost ? "flight.lost" : flight.held ? "flight.held" : "flight.label";
  const label = words.t(state, {from: flight.from, to: flight.to, line: flight.line});
  marks.push({
    shape: "circle",
    name: `${name}/target`,
    class: "target moving",
    ref,
    label,
    x,
    y,
    r: 12 * unit,
  });
  return marks;
}

function wayPoints({from, to, via}: Track): readonly Point[] {
  return via === undefined ? [from, to] : [from, via, to];
}

/** The way from a client to a member, as a line of points from edge to edge. */
export function wayOf(ends: Ends, places: RingPlaces, body: Body, look: Look): readonly Point[] {
  const track = keptTrack(ends, places, body, look);
  const from = places.clients.get(ends.from);
  const to = places.members.get(ends.to);
  if (track === undefined || from === undefined || to === undefined) return [];
  const via = track.via === undefined ? [] : [track.via];
  return [
    edgeOf(from, track.via ?? to, {radius: 22 * look.unit}),
    ...via,
    edgeOf(to, track.via ?? from, body),
  ].map(({x, y}) => ({x: round(x), y: round(y)}));
}

function trackOf(flight: Ends, places: RingPlaces, body: Body, look: Look): Track | undefined {
  const {unit, size} = look;
  const a = places.members.get(flight.from) ?? places.clients.get(flight.from);
  const b = places.members.get(flight.to) ?? places.clients.get(flight.to);
  if (a === undefined || b === undefined) return undefined;
  const small = {...body, radius: 26 * unit, labelHalf: 0};
  const from = exitOf(a, b, places.members.has(flight.from) ? body : small);
  const to = exitOf(b, a, places.members.has(flight.to) ? body : small);
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = Math.sqrt(dx * dx + dy * dy) || 1;
  const ux = dx / length;
  const uy = dy / length;
  const ox = -uy * laneOffset * unit;
  const oy = ux * laneOffset * unit;
  // Half a glyph is kept from both ends, so that it covers no name.
  const inset = Math.min(16 * unit, length / 4);
  const track = {
    from: {x: from.x + ox + ux * inset, y: from.y + oy + uy * inset},
    to: {x: to.x + ox - ux * inset, y: to.y + oy - uy * inset},
  };
  const betweenServers = places.members.has(flight.from) && places.members.has(flight.to);
  return betweenServers ? track : roundOthers(track, flight, places, body, unit, size);
}

/** Straight if that is clear of every other server, else the shortest way round a single corner that is. */
function roundOthers(
  track: Track,
  flight: Ends,
  places: RingPlaces,
  body: Body,
  unit: number,
  size: Size,
): Track {
  const others = [...places.members]
    .filter(([name]) => name !== flight.from && name !== flight.to)
    .map(([, at]) => at);
  const margin = 12 * unit;
  const parted = (way: Track): boolean =>
    wayPoints(way).some((point, i, all) => {
      const next = all[i + 1];
      return next !== undefined && places.walls.some((wall) => crossing(point, next, wall) !== undefined);
    });
  // What is on one side of a wall stays there.
  const mayCross = parted(track);
  const clear = (way: Track): boolean =>
    (mayCross || !parted(way)) &&
    Array.from({length: 23}, (_, i) => along(way, (i + 1) / 24)).every((point) =>
      others.every((at) => isClear(point, at, body, margin)),
    );
  if (clear(track)) return track;
  let best: Track | undefined;
  let shortest = Infinity;
  for (let column = 0; column <= 12; column++) {
    for (let row = 0; row <= 10; row++) {
      const via = {
        x: margin + (column / 12) * (size.width - 2 * margin),
        y: 4 + (row / 10) * (size.height - 8),
      };
      const way = {...track, via};
      const length = lengthOf(track.from, via) + lengthOf(via, track.to);
      if (length < shortest && clear(way)) {
        best = way;
        shortest = length;
      }
    }
  }
  return best ?? track;
}

function isClear(point: Point, at: Point, body: Body, margin: number): boolean {
  const dx = Math.abs(point.x - at.x);
  const dy = point.y - at.y;
  const inLabel =
    dx < body.labelHalf + margin && dy > body.labelTop - margin && dy < body.labelBottom + margin / 2;
  return !inLabel && dx * dx + dy * dy > (body.radius + margin) ** 2;
}

function lengthOf(a: Point, b: Point): number {
  return Math.sqrt((b.x - a.x) ** 2 + (b.y - a.y) ** 2);
}

/** A point of the track, by the length of the way. */
function along(track: Track, fraction: number): Point {
  const {from, to, via} = track;
  if (via === undefined) return between(from, to, fraction);
  const first = lengthOf(from, via);
  const whole = first + lengthOf(via, to) || 1;
  const gone = fraction * whole;
  return gone <= first
    ? between(from, via, gone / (first || 1))
    : between(via, to, (gone - first) / (whole - first || 1));
}

function between(from: Point, to: Point, fraction: number): Point {
  return {x: round(from.x + (to.x - from.x) * fraction), y: round(from.y + (to.y - from.y) * fraction)};
}

/** How much of the way, 0 to `end`. */
function fractionAt(flight: FlightMark, time: number, end: number): number {
  const last = flight.dies ?? flight.arrives;
  if (last === undefined) return 0.5;
  const whole = Math.max(1, last - flight.sent);
  return end * Math.max(0, Math.min(1, (time - flight.sent) / whole));
}

/** Just before the wall when there is one; by its time when that is known; else half-way. */
function deathPlace(flight: FlightMark, track: Track, places: RingPlaces, unit: number): number {
  const length = Math.sqrt((track.to.x - track.from.x) ** 2 + (track.to.y - track.from.y) ** 2) || 1;
  for (const wall of places.walls) {
    const at = crossing(track.from, track.to, wall);
    if (at !== undefined) return Math.max(0.05, at - (18 * unit) / length);
  }
  if (flight.arrives !== undefined && flight.dies !== undefined) {
    return Math.max(0, Math.min(1, (flight.dies - flight.sent) / Math.max(1, flight.arrives - flight.sent)));
  }
  return 0.5;
}

/** Which way it flies: a head that touches the glyph. */
function arrowhead(flight: FlightMark, name: string, track: Track, at: Point, look: Look): readonly Mark[] {
  const {unit} = look;
  const towards =
    track.via !== undefined && lengthOf(track.from, at) < lengthOf(track.from, track.via)
      ? track.via
      : track.to;
  const length = lengthOf(at, towards);
  if (length < 1) return [];
  const u = {x: (towards.x - at.x) / length, y: (towards.y - at.y) / length};
  const tall = (shapeOf(flight) === "dot" ? 6 : 8) * unit;
  const half = tall * 0.6;
  const base = reachOf(flight, u, look);
  const tip = {x: at.x + u.x * (base + tall), y: at.y + u.y * (base + tall)};
  const left = {x: tip.x - u.x * tall - u.y * half, y: tip.y - u.y * tall + u.x * half};
  const right = {x: tip.x - u.x * tall + u.y * half, y: tip.y - u.y * tall - u.x * half};
  const point = (one: Point): string => `${round(one.x)},${round(one.y)}`;
  return [
    {
      shape: "path",
      name: `${name}/arrow`,
      class: "solid",
      d: `M${point(tip)} L${point(left)} L${point(right)} Z`,
    },
  ];
}

/** From a glyph's middle to its edge, along a direction. */
function reachOf(flight: FlightMark, u: Point, look: Look): number {
  const {unit, text} = look;
  const shape = shapeOf(flight);
  if (shape === "dot") return 5 * unit;
  if (shape === "triangle" || shape === "diamond" || shape === "bolt") return 12 * unit;
  if (shape === "sheets") return 4 * unit + sheetWidth(flight, look) / 2;
  const [width, height] =
    shape === "pill" ? [pillWidth(flight, look), text.small * 1.5] : [boxWidth(flight, unit), 16 * unit];
  return Math.min(width / 2 / Math.max(Math.abs(u.x), 0.01), height / 2 / Math.max(Math.abs(u.y), 0.01));
}

type Shape = "dot" | "triangle" | "box" | "diamond" | "sheets" | "bolt" | "pill";

function shapeOf(flight: FlightMark): Shape {
  switch (flight.kind) {
    case "Heartbeat":
    case "HeartbeatResponse":
      return "dot";
    case "RequestVote":
    case "RequestVoteResponse":
    case "PreVote":
    case "PreVoteResponse":
      return "triangle";
    case "InstallSnapshot":
      return "sheets";
    case "TimeoutNow":
    case "TransferLeader":
      return "bolt";
    case "ReadIndex":
    case "ReadIndexResponse":
      return "diamond";
    case "AppendEntries":
      // Without entries it is little more than a heartbeat: news of the commit index.
      return flight.entries.length === 0 ? "dot" : "box";
    case "AppendEntriesResponse":
    case "Propose":
      return "box";
    default:
      return "pill";
  }
}

/** `ref`: undefined in the key. */
export function glyphMarks(
  flight: FlightMark,
  name: string,
  ref: string | undefined,
  at: Point,
  look: Look,
): readonly Mark[] {
  const {unit} = look;
  const shape = shapeOf(flight);
  const base = {
    name,
    ...(ref === undefined ? {} : {ref}),
    class: `flight${flight.response ? " response" : ""}${flight.kind.startsWith("PreVote") ? " asks" : ""}`,
    ...(flight.term > 0 ? {term: flight.term} : {}),
  };
  const marks: Mark[] = [];
  if (shape === "dot") {
    marks.push({...base, shape: "circle", ...at, r: 4 * unit});
  } else if (shape === "triangle") {
    marks.push({...base, shape: "path", ...at, d: shapes.triangle(24 * unit, 20 * unit)});
  } else if (shape === "diamond") {
    marks.push({...base, shape: "path", ...at, d: shapes.diamond(20 * unit, 20 * unit)});
  } else if (shape === "bolt") {
    marks.push({...base, shape: "path", ...at, d: scaled(glyphs.bolt.d, 1.4 * unit)});
  } else if (shape === "sheets") {
    marks.push(...sheetMarks(flight, base, at, look));
  } else if (shape === "box") {
    marks.push(...boxMarks(flight, base, at, unit));
  } else {
    marks.push(...pillMarks(flight, base, at, look));
  }
  if (flight.positive !== undefined && shape !== "pill") {
    const y = at.y + (shape === "triangle" ? 3 * unit : 0);
    const d = flight.positive ? shapes.plus(4 * unit) : shapes.minus(4 * unit);
    marks.push({shape: "path", name: `${name}/sign`, class: "stroke-2", x: at.x, y, d});
  }
  if (flight.held) {
    const lock = {x: at.x, y: at.y - 20 * unit};
    marks.push({shape: "path", name: `${name}/lock`, class: "stroke-2", ...lock, d: glyphs.lock.d});
  }
  return marks;
}

type Base = Pick<Mark, "name" | "class" | "ref" | "term">;

/** A box with a bead for every entry it carries, each in the entry's own term. */
function boxMarks(flight: FlightMark, base: Base, at: Point, unit: number): readonly Mark[] {
  const beads = flight.entries.length;
  const width = boxWidth(flight, unit);
  const height = 16 * unit;
  const box: Mark = {
    ...base,
    shape: "rect",
    x: round(at.x - width / 2),
    y: round(at.y - height / 2),
    width,
    height,
    radius: 3 * unit,
  };
  const dots = flight.entries.map((term, i): Mark => ({
    shape: "circle",
    name: `${base.name}/bead/${i}`,
    class: "bead",
    term,
    x: round(at.x + (i - (beads - 1) / 2) * 9 * unit),
    y: at.y,
    r: 3.5 * unit,
  }));
  return [box, ...dots];
}

/** A stack of sheets with the index up to which the snapshot goes. */
function sheetMarks(flight: FlightMark, base: Base, at: Point, look: Look): readonly Mark[] {
  const {unit, text} = look;
  const size = {width: sheetWidth(flight, look), height: 24 * unit, radius: 2 * unit};
  const sheet = (i: number): Mark => ({
    ...base,
    name: i === 0 ? base.name : `${base.name}/sheet/${i}`,
    shape: "rect",
    x: round(at.x - size.width / 2 + (i - 1) * -3.5 * unit),
    y: round(at.y - size.height / 2 + (i - 1) * 3.5 * unit),
    ...size,
  });
  const front = {x: round(at.x - 3.5 * unit), y: round(at.y + 3.5 * unit + text.small * 0.36)};
  const {snapshot, term} = flight;
  if (snapshot === undefined) return [sheet(0), sheet(1), sheet(2)];
  return [
    sheet(0),
    sheet(1),
    sheet(2),
    {
      shape: "text",
      name: `${base.name}/index`,
      class: "number in-flight",
      term,
      ...front,
      text: String(snapshot),
      anchor: "middle",
      size: text.small,
    },
  ];
}

function sheetWidth({snapshot}: FlightMark, {unit, text}: Look): number {
  const number = snapshot === undefined ? 0 : textWidth(String(snapshot), text.small) + 6 * unit;
  return round(Math.max(30 * unit, number));
}

function boxWidth(flight: FlightMark, unit: number): number {
  return (26 + Math.max(0, flight.entries.length - 2) * 9) * unit;
}

function pillWord({kind, line}: FlightMark): string {
  if (kind === "members") return "member";
  if (kind === "error") return "error";
  return (line.split(/[ :-]/)[0] ?? "").slice(0, 6);
}

function pillWidth(flight: FlightMark, {text, unit}: Look): number {
  return textWidth(pillWord(flight), text.small, "mono") + 12 * unit;
}

/** What clients say: a pill with its first word. */
function pillMarks(flight: FlightMark, base: Base, at: Point, look: Look): readonly Mark[] {
  const {text} = look;
  const word = pillWord(flight);
  const width = pillWidth(flight, look);
  const height = text.small * 1.5;
  return [
    {
      ...base,
      shape: "rect",
      x: round(at.x - width / 2),
      y: round(at.y - height / 2),
      width: round(width),
      height,
      radius: height / 2,
    },
    {
      shape: "text",
      name: `${base.name}/word`,
      class: "mono in-flight",
      x: at.x,
      y: round(at.y + text.small * 0.36),
      text: word,
      anchor: "middle",
      size: text.small,
    },
  ];
}
