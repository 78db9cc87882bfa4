// Watchers stand on the grid's revision axis, each as a pin before the revision it wants next: what lies to the left has
// been told, what lies to the right has not.

import type {WatcherView} from "../frame.ts";
import type {Axis} from "./grid.ts";
import type {Look} from "./look.ts";
import type {Mark, Table} from "./mark.ts";
import {round} from "./ringPlaces.ts";
import {cut, textWidth} from "./text.ts";

/** How many lanes of watchers are drawn: fewer when the view is low. */
export function watcherRows(count: number, look: Look): number {
  const height = look.size.height / look.unit;
  // One row of the grid comes first.
  const room = height < 66 ? 0 : height < 150 ? 1 : 3;
  return Math.min(count, room);
}

export function watcherMarks(
  watchers: readonly WatcherView[],
  axis: Axis,
  top: number,
  look: Look,
): readonly Mark[] {
  const {text, unit, words, size} = look;
  const rows = watcherRows(watchers.length, look);
  return watchers.slice(0, rows).flatMap((watcher, i): readonly Mark[] => {
    const {client, range, member} = watcher;
    const y = top + i * 22 * unit;
    const base = round(y + 11 * unit + text.small * 0.36);
    const x = Math.max(axis.left, Math.min(axis.at(axis.to), axis.at(watcher.next))) - 4 * unit;
    const who = words.t("watcher.who", {client, range});
    const state = words.t(`watcher.${watcher.group}`, {queued: watcher.queued, next: watcher.next});
    const label = words.t("watcher.label", {client, range, member, state});
    const [rightRoom, leftRoom] = [size.width - 8 - x - 12 * unit, x - 8 * unit - axis.left];
    // The member may be behind the one that the grid shows.
    const standing = `${member}: ${state}`;
    const right = textWidth(standing, text.small) <= rightRoom || rightRoom >= leftRoom;
    const shown = cut(standing, right ? rightRoom : leftRoom, text.small);
    const width = textWidth(shown, text.small);
    const pin = `M${round(x)},${round(y + 19 * unit)} v${-12 * unit} l${7 * unit},${3.5 * unit} l${-7 * unit},${3.5 * unit}`;
    return [
      {
        shape: "line",
        name: `${watcher.ref}/told`,
        class: "told",
        x: axis.left,
        y: round(y + 19 * unit),
        x2: x,
        y2: round(y + 19 * unit),
      },
      {
        shape: "text",
        name: `${watcher.ref}/who`,
        class: "ink2",
        x: 16,
        y: base,
        text: cut(who, axis.left - 24, text.small),
        anchor: "start",
        size: text.small,
      },
      {shape: "path", name: watcher.ref, class: "pin", ref: watcher.ref, d: pin},
      {
        shape: "text",
        name: `${watcher.ref}/state`,
        class: "ink2",
        x: right ? x + 12 * unit : x - 8 * unit,
        y: base,
        text: shown,
        anchor: right ? "start" : "end",
        size: text.small,
      },
      {
        shape: "rect",
        name: `${watcher.ref}/target`,
        class: "target",
        ref: watcher.ref,
        label,
        x: right ? x - 4 * unit : x - width - 10 * unit,
        y,
        width: width + 20 * unit,
        height: 22 * unit,
        radius: 3,
      },
    ];
  });
}

export function watcherTable(watchers: readonly WatcherView[], look: Pick<Look, "words">): Table {
  const {t} = look.words;
  return {
    columns: [t("column.client"), t("column.range"), t("column.server"), t("column.state")],
    rows: watchers.map((watcher) => ({
      ref: watcher.ref,
      cells: [
        watcher.client,
        watcher.range,
        watcher.member,
        t(`watcher.${watcher.group}`, {queued: watcher.queued, next: watcher.next}),
      ],
    })),
  };
}
