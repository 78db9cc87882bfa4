// The ring: servers, clients and what is on its way between them. Role is outline, hue is term, kind is shape
// (flight.ts). Everything is placed from the frame and the moment alone.

import type {RingView} from "../frame.ts";
import {clientLinks, clientMarks} from "./client.ts";
import {flightMarks} from "./flight.ts";
import {transferMarks} from "./transfer.ts";
import type {Look} from "./look.ts";
import {links, wallMark} from "./links.ts";
import type {Mark, Table} from "./mark.ts";
import {memberMarks, roleOf} from "./member.ts";
import {keyHeight, keyMarks} from "./ringKey.ts";
import {placed} from "./ringFit.ts";

export function ringLayout(view: RingView, whole: Look): readonly Mark[] {
  const height = whole.size.height - keyHeight(view, whole);
  const given = {...whole, size: {...whole.size, height}};
  const {body, places, clientWidth, look: sized} = placed(view, given);
  const look = {...given, unit: sized.unit};
  const {unit} = look;
  return [
    ...places.walls.map((wall, i) => wallMark(wall, i, Math.max(3, Math.min(6 * unit, places.gap / 2 - 2)))),
    ...links(view, places, body, look),
    ...view.clients.flatMap((client) => clientLinks(client, view, places, body, look)),
    ...view.transfers.flatMap((transfer) => transferMarks(transfer, places, body, look)),
    ...view.members.flatMap((member) => memberMarks(member, places.members.get(member.name), body, look)),
    ...view.clients.flatMap((client) =>
      clientMarks(client, places.clients.get(client.name), clientWidth, {...look, unit: given.unit}),
    ),
    ...view.flights.flatMap((flight) => flightMarks(flight, places, body, look)),
    ...keyMarks(view, whole),
  ];
}

export function ringTable(view: RingView, look: Pick<Look, "words">): Table {
  const {t} = look.words;
  const hasBug = view.members.some(({bugs}) => bugs !== undefined);
  return {
    columns: [
      t("column.server"),
      ...(hasBug ? [t("column.bugs")] : []),
      t("column.role"),
      t("column.standing"),
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
        ...(hasBug ? [member.bugs?.join(" ") ?? "–"] : []),
        roleOf(member, look),
        standingOf(member, look),
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

/** Whether it has a vote, and where. */
function standingOf(
  {standing, halves}: RingView["members"][number],
  {words: {t}}: Pick<Look, "words">,
): string {
  if (halves.length > 0) return halves.map((half) => t(`half.${half}`)).join(" + ");
  return t(standing === "voter" ? "role.voter" : `role.${standing}`);
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
