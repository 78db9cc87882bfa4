// Where members, clients and walls stand. Members keep their names, not their places: when a split is in force the
// groups become neighbours on the ring, the first one above, slide apart, and a wall stands in the gap between them,
// clear of every disc and label. It runs through the clients' column too, so that a client stands on its own side.
//
//     c1    (n1) (n5)
//     ///////////////////
//     c2   (n2)    (n4)
//             (n3)

import type {RingView} from "../frame.ts";
import type {Size} from "./mark.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What a member occupies around its centre. */
export interface Body {
  readonly radius: number;
  /** Of the text under the disc, from the centre. */
  readonly labelTop: number;
  readonly labelBottom: number;
  readonly labelHalf: number;
  /** Of the widest part. */
  readonly half: number;
  /**
   * Name and role stand beside each other on one line, or, where that is too wide, one below the other on two. 0: the
   * name alone, when not even that fits; the roles are in the log's rows.
   */
  readonly lines: 0 | 1 | 2;
  /** Whether who votes in both halves has a tag too; where there is no room, only who votes in one. */
  readonly bothTags: boolean;
  /** Crown or votes, above the centre. */
  readonly top: number;
}

export interface ClientPlace extends Point {
  /** Room under its middle, down to the next one's or the edge. */
  readonly below: number;
}

interface Options {
  /** How far every group moves from the middle. */
  readonly slide: number;
  /** The column at the left. */
  readonly clientWidth: number;
  readonly unit: number;
  /** Two groups stand one above the other; else, in a low view, beside each other. */
  readonly stacked: boolean;
  /** At most so much broader than high. */
  readonly breadth: number;
  /** Two rows instead of a circle: for many servers in a low or narrow view. */
  readonly rows: boolean;
}

export interface Wall {
  readonly from: Point;
  readonly to: Point;
}

export interface RingPlaces {
  readonly members: ReadonlyMap<string, Point>;
  readonly clients: ReadonlyMap<string, ClientPlace>;
  readonly walls: readonly Wall[];
  /** Room that a straight wall has between the groups; without one, enough. */
  readonly gap: number;
}

interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export function ringPlaces(view: RingView, size: Size, body: Body, options: Options): RingPlaces {
  const names = view.members.map((member) => member.name);
  const groups = higherFirst(
    names,
    view.groups
      .map((group) => names.filter((name) => group.includes(name)))
      .filter((group) => group.length > 0),
  );
  const split = groups.length > 1;
  const order = split ? contiguous(names, groups) : names;
  // Above a group that stands apart there is room for what its clients say to pass.
  const roomy = options.stacked && size.height > 290 * options.unit;
  const top = split && roomy && view.clients.length > 0 ? 4 + 18 * options.unit : 4;
  const area = {left: options.clientWidth, right: size.width - 8, top, bottom: size.height - 4};
  const members = fit(order, split ? groups : [], area, body, options);
  const clients = clientColumn(view, 0, size.height, options);
  if (!split) return {members, clients, walls: [], gap: Infinity};
  if (groups.length > 2)
    return {members, clients, walls: radialWalls(order, groups, members, area), gap: Infinity};
  const parted =
    options.stacked && view.clients.every(({name}) => view.groups.some((group) => group.includes(name)));
  const wall = straightWall(groups, members, parted ? {...area, left: 4} : area, body, options.stacked);
  return {
    members,
    clients: parted ? sidedClients(view, wall, groups[0] ?? [], size, options) : clients,
    ...wall,
  };
}

/**
 * Ring order in which every group is one arc; members in no group come last. It begins where the first group does on the
 * whole ring, so that a group which is an arc already stays as it is.
 */
function contiguous(names: readonly string[], groups: readonly (readonly string[])[]): readonly string[] {
  const [first = []] = groups;
  const begins = names.findIndex(
    (name, i) => first.includes(name) && !first.includes(names.at(i - 1) ?? name),
  );
  const turned = [...names.slice(Math.max(0, begins)), ...names.slice(0, Math.max(0, begins))];
  const arcs = groups.flatMap((group) => turned.filter((name) => group.includes(name)));
  return [...arcs, ...names.filter((name) => !arcs.includes(name))];
}

/** Of two groups the one that stands higher on the whole ring comes first, so that a split moves little. */
function higherFirst(
  names: readonly string[],
  groups: readonly (readonly string[])[],
): readonly (readonly string[])[] {
  if (groups.length !== 2) return groups;
  const height = (group: readonly string[]): number =>
    group.reduce((sum, name) => sum + Math.cos((names.indexOf(name) * 2 * Math.PI) / names.length), 0) /
    group.length;
  const [a = [], b = []] = groups;
  return height(a) >= height(b) - 1e-9 ? [a, b] : [b, a];
}

function clientColumn(
  {clients}: Pick<RingView, "clients">,
  top: number,
  bottom: number,
  {clientWidth: width, unit}: Options,
): ReadonlyMap<string, ClientPlace> {
  const below = (bottom - top) / Math.max(1, clients.length);
  // What stands under a client is more than what stands above it: its place is above the middle of its room.
  const above = Math.min(below / 2, Math.max(14 * unit, below / 2 - 31 * unit));
  return new Map(
    clients.map(({name}, i) => [name, {x: width / 2, y: top + below * i + above, below: below - above}]),
  );
}

/** Each client on its group's side of the wall; `above`: the members over it. */
function sidedClients(
  view: RingView,
  {walls}: Pick<RingPlaces, "walls">,
  above: readonly string[],
  size: Size,
  options: Options,
): ReadonlyMap<string, ClientPlace> {
  const [wall] = walls;
  const all = clientColumn(view, 0, size.height, options);
  if (wall === undefined || wall.to.x === wall.from.x) return all;
  const slope = (wall.to.y - wall.from.y) / (wall.to.x - wall.from.x);
  const y = wall.from.y + slope * (options.clientWidth / 2 - wall.from.x);
  const upper = view.groups.find((group) => group.includes(above[0] ?? "")) ?? [];
  const isUp = ({name}: {readonly name: string}): boolean => upper.includes(name);
  return new Map([
    ...all,
    ...clientColumn({clients: view.clients.filter(isUp)}, 0, y - 8 * options.unit, options),
    ...clientColumn(
      {clients: view.clients.filter((one) => !isUp(one))},
      y + 8 * options.unit,
      size.height,
      options,
    ),
  ]);
}

/** The largest ring that fits, after the slide; centred. */
function fit(
  order: readonly string[],
  groups: readonly (readonly string[])[],
  area: Area,
  body: Body,
  {slide, stacked, breadth, rows}: Options,
): ReadonlyMap<string, Point> {
  // Of two groups the first stands above: its middle is at the top.
  const first = stacked && groups.length === 2 ? ((groups[0]?.length ?? 1) - 1) / 2 : 0;
  const unitPlaces = order.map((_, i) => {
    if (rows) return inRows(i, order.length);
    const angle = -Math.PI / 2 + ((i - first) * 2 * Math.PI) / Math.max(order.length, 1);
    return {x: Math.cos(angle), y: Math.sin(angle)};
  });
  const shifts = order.map((name) => shiftOf(name, order, groups, unitPlaces, slide));
  const {half} = body;
  const spread = (radius: number, axis: "x" | "y"): readonly [number, number] => {
    const all = unitPlaces.map((place, i) => place[axis] * radius + (shifts[i]?.[axis] ?? 0));
    return [Math.min(...all), Math.max(...all)];
  };
  const roomX = area.right - area.left - 2 * half;
  const roomY = area.bottom - area.top - body.top - body.labelBottom;
  const ry = largest(roomY, (radius) => spread(radius, "y"));
  const rx = Math.min(
    largest(roomX, (radius) => spread(radius, "x")),
    ry * breadth,
  );
  const radiusY = Math.min(ry, rx * 1.3);
  const [x0, x1] = spread(rx, "x");
  const [y0, y1] = spread(radiusY, "y");
  const cx = area.left + half + roomX / 2 - (x0 + x1) / 2;
  const cy = area.top + body.top + roomY / 2 - (y0 + y1) / 2;
  return new Map(
    order.map((name, i) => {
      const place = unitPlaces[i] ?? {x: 0, y: 0};
      const shift = shifts[i] ?? {x: 0, y: 0};
      return [name, {x: round(cx + place.x * rx + shift.x), y: round(cy + place.y * radiusY + shift.y)}];
    }),
  );
}

/** The order of the ring, pressed into two rows, the lower one at least as long; bowed, so that not all lines meet all discs. */
function inRows(i: number, count: number): Point {
  const below = Math.ceil(count / 2);
  const above = count - below;
  const pitch = 2 / Math.max(1, below - 1);
  // The first one stands in the middle above; the row goes on behind the last.
  const first = -Math.floor((above - 1) / 2);
  const place = i >= count + first ? i - count : i;
  const isAbove = place < above + first;
  const column = isAbove ? place - first - (above - 1) / 2 : (below - 1) / 2 - (place - above - first);
  const x = column * pitch;
  const bow = 0.06 * x * x;
  return {x, y: isAbove ? bow - 1 : 1 - bow};
}

function largest(room: number, spread: (radius: number) => readonly [number, number]): number {
  for (let radius = 260; radius > 20; radius -= 2) {
    const [low, high] = spread(radius);
    if (high - low <= room) return radius;
  }
  return 20;
}

function shiftOf(
  name: string,
  order: readonly string[],
  groups: readonly (readonly string[])[],
  places: readonly Point[],
  slide: number,
): Point {
  const group = groups.find((one) => one.includes(name));
  if (group === undefined) return {x: 0, y: 0};
  const own = places.filter((_, i) => group.includes(order[i] ?? ""));
  const x = own.reduce((sum, place) => sum + place.x, 0);
  const y = own.reduce((sum, place) => sum + place.y, 0);
  const length = Math.sqrt(x * x + y * y) || 1;
  return {x: (x / length) * slide, y: (y / length) * slide};
}

/** What a point's disc and label reach to, along a direction: lowest and highest projection. */
function reach(place: Point, body: Body, normal: Point): readonly [number, number] {
  const at = place.x * normal.x + place.y * normal.y;
  const corners = [-body.labelHalf, body.labelHalf].flatMap((x) =>
    [body.labelTop, body.labelBottom].map((y) => at + x * normal.x + y * normal.y),
  );
  return [Math.min(at - body.radius, ...corners), Math.max(at + body.radius, ...corners)];
}

/** A straight wall at the angle that leaves the widest gap between the two groups, labels included; `level`: more level than upright. */
function straightWall(
  groups: readonly (readonly string[])[],
  members: ReadonlyMap<string, Point>,
  area: Area,
  body: Body,
  level: boolean,
): Pick<RingPlaces, "walls" | "gap"> {
  let best = {gap: -Infinity, at: 0, normal: {x: 0, y: 1}};
  const [from, to] = level ? [6, 30] : [0, 71];
  for (let step = from; step <= to; step++) {
    const angle = (step * Math.PI) / 36;
    const normal = {x: Math.cos(angle), y: Math.sin(angle)};
    const ends = groups.map((group) =>
      group.map((name) => reach(members.get(name) ?? {x: 0, y: 0}, body, normal)),
    );
    const below = Math.max(...(ends[0] ?? []).map((one) => one[1]));
    const above = Math.min(...(ends[1] ?? []).map((one) => one[0]));
    if (above - below > best.gap) best = {gap: above - below, at: (above + below) / 2, normal};
  }
  const {normal, at} = best;
  const middle = {x: normal.x * at, y: normal.y * at};
  const along = {x: -normal.y, y: normal.x};
  const wall = clip(middle, along, area);
  return {walls: wall === undefined ? [] : [wall], gap: best.gap};
}

/** Walls from the middle outwards, one between every two neighbouring groups. */
function radialWalls(
  order: readonly string[],
  groups: readonly (readonly string[])[],
  members: ReadonlyMap<string, Point>,
  area: Area,
): readonly Wall[] {
  const places = order.map((name) => members.get(name) ?? {x: 0, y: 0});
  const centre = {
    x: places.reduce((sum, place) => sum + place.x, 0) / places.length,
    y: places.reduce((sum, place) => sum + place.y, 0) / places.length,
  };
  const groupOf = (name: string | undefined): number => groups.findIndex((one) => one.includes(name ?? ""));
  const walls: Wall[] = [];
  order.forEach((name, i) => {
    const after = (i + 1) % order.length;
    if (groupOf(name) === groupOf(order[after])) return;
    const a = places[i] ?? centre;
    const b = places[after] ?? centre;
    const out = {x: (a.x + b.x) / 2 - centre.x, y: (a.y + b.y) / 2 - centre.y};
    const whole = clip(centre, out, area);
    if (whole !== undefined) walls.push({from: centre, to: whole.to});
  });
  return walls;
}

/** The part inside `area` of the line through `point` along `direction`; `to` lies along the direction. */
function clip(point: Point, direction: Point, area: Area): Wall | undefined {
  let low = -Infinity;
  let high = Infinity;
  for (const [at, step, min, max] of [
    [point.x, direction.x, area.left, area.right],
    [point.y, direction.y, area.top, area.bottom],
  ] as const) {
    if (Math.abs(step) < 1e-9) continue;
    const a = (min - at) / step;
    const b = (max - at) / step;
    low = Math.max(low, Math.min(a, b));
    high = Math.min(high, Math.max(a, b));
  }
  if (low >= high) return undefined;
  return {
    from: {x: round(point.x + direction.x * low), y: round(point.y + direction.y * low)},
    to: {x: round(point.x + direction.x * high), y: round(point.y + direction.y * high)},
  };
}

/** Where a ray from a member's centre towards `to` leaves its disc: lines run to it, names stand in front of them. */
export function edgeOf(from: Point, to: Point, {radius}: Pick<Body, "radius">): Point {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = Math.sqrt(dx * dx + dy * dy) || 1;
  return {x: from.x + (dx / length) * radius, y: from.y + (dy / length) * radius};
}

/** Where a ray from a member's centre towards `to` leaves its disc and label. */
export function exitOf(from: Point, to: Point, body: Body): Point {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = Math.sqrt(dx * dx + dy * dy) || 1;
  const ux = dx / length;
  const uy = dy / length;
  let t = body.radius;
  if (uy > 0) {
    // The label is a box under the disc: leave through its bottom or its side, when the ray meets it at all.
    const side = Math.abs(ux) < 1e-9 ? Infinity : body.labelHalf / Math.abs(ux);
    const out = Math.min(side, body.labelBottom / uy);
    if (side > body.labelTop / uy) t = Math.max(t, out);
  }
  return {x: from.x + ux * t, y: from.y + uy * t};
}

/** Where the segment meets the wall, as a fraction of the way; undefined when it does not. */
export function crossing(from: Point, to: Point, wall: Wall): number | undefined {
  const rx = to.x - from.x;
  const ry = to.y - from.y;
  const sx = wall.to.x - wall.from.x;
  const sy = wall.to.y - wall.from.y;
  const cross = rx * sy - ry * sx;
  if (Math.abs(cross) < 1e-9) return undefined;
  const t = ((wall.from.x - from.x) * sy - (wall.from.y - from.y) * sx) / cross;
  const u = ((wall.from.x - from.x) * ry - (wall.from.y - from.y) * rx) / cross;
  return t >= 0 && t <= 1 && u >= 0 && u <= 1 ? t : undefined;
}

/** Half pixels are enough; equal geometry gives equal digits. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
