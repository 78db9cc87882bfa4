// The ring: servers, clients and what is on its way between them. Role is outline, hue is term, kind is shape
// (flight.ts). Everything is placed from the frame and the moment alone.

import type {RingView} from "../frame.ts";
import {clientLinks, clientMarks} from "./client.ts";
import {flightMarks} from "./flight.ts";
import type {Look} from "./look.ts";
import {links, wallMark} from "./links.ts";
import type {Mark, Table} from "./mark.ts";
import {memberMarks, roleOf} from "./member.ts";
import {keyHeight, keyMarks} from "./ringKey.ts";
import {ringPlaces} from "./ringPlaces.ts";
import type {Body, RingPlaces} from "./ringPlaces.ts";
import {textWidth} from "./text.ts";

export function ringLayout(view: RingView, whole: Look): readonly Mark[] {
  const height = whole.size.height - keyHeight(whole);
  const given = {...whole, size: {...whole.size, height}};
  const {body, places, clientWidth, look: sized} = remembered(view, given);
  const look = {...given, unit: sized.unit};
  const {unit} = look;
  return [
    ...places.walls.map((wall, i) => wallMark(wall, i, Math.max(3, Math.min(6 * unit, places.gap / 2 - 2)))),
    ...links(view, places, body, look),
    ...view.clients.flatMap((client) => clientLinks(client, places, body, look)),
    ...view.members.flatMap((member) => memberMarks(member, places.members.get(member.name), body, look)),
    ...view.clients.flatMap((client) =>
      clientMarks(client, places.clients.get(client.name), clientWidth, {...look, unit: given.unit}),
    ),
    ...view.flights.flatMap((flight) => flightMarks(flight, places, body, look)),
    ...keyMarks(Math.max(0, ...view.members.map((member) => member.term)), whole),
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
  const at = ([scale, slide]: readonly [number, number], stacked: boolean): Fitted => {
    const look = {...given, unit: given.unit * scale};
    const body = bodyOf(view, look);
    return {
      look,
      body,
      places: ringPlaces(view, look.size, body, {
        slide: slide * look.unit,
        clientWidth,
        unit: given.unit,
        stacked,
      }),
      clientWidth,
    };
  };
  // A tall panel has room for larger discs.
  const larger = view.members.length <= 5 && given.size.height > 620 * given.unit ? [1.3, 1.15] : [];
  const tries = [...larger, 1, 0.9, 0.8, 0.7, 0.6].flatMap((scale) =>
    [20, 32, 44].map((slide) => [scale, slide] as const),
  );
  // One group above the other where that fits, names well apart where that fits.
  for (const stacked of view.groups.length === 2 ? [true, false] : [false]) {
    for (const margin of [8, 0]) {
      let best: Fitted | undefined;
      for (const one of tries) {
        const made = at(one, stacked);
        if (!apart(made.places, made.body, margin)) continue;
        if (made.places.gap > 14 * made.look.unit) return made;
        // Servers apart come before a thick wall.
        if (best === undefined || made.places.gap > best.places.gap) best = made;
      }
      if (best !== undefined) return best;
    }
  }
  return at([0.6, 20], false);
}

/** Whether no two servers meet, `margin` between their names. */
function apart(places: RingPlaces, body: Body, margin: number): boolean {
  const all = [...places.members.values()];
  const half = Math.max(body.radius, body.labelHalf);
  return all.every((a, i) =>
    all
      .slice(i + 1)
      .every(
        (b) =>
          Math.abs(a.x - b.x) > 2 * half + margin || Math.abs(a.y - b.y) > body.radius + body.labelBottom,
      ),
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

export function ringTable(view: RingView, look: Pick<Look, "words">): Table {
  const {t} = look.words;
  return {
    columns: [
      t("column.server"),
      t("column.role"),
      t("column.term"),
      t("column.follows"),
      t("column.votedFor"),
      t("column.commit"),
      t("column.applied"),
      t("column.last"),
    ],
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
