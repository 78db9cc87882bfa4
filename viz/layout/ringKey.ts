// How to read what is on its way: one line under the ring, drawn with the very glyphs that fly.

import type {FlightMark} from "../frame.ts";
import type {PageWord} from "../words/page.ts";
import {glyphMarks} from "./flight.ts";
import type {Look} from "./look.ts";
import type {Mark} from "./mark.ts";
import {round} from "./ringPlaces.ts";
import {textWidth} from "./text.ts";

interface Item {
  readonly word: PageWord;
  /** Where there is less room. */
  readonly short: PageWord;
  /** Of the glyph, for unit 1. */
  readonly width: number;
  readonly flight: Pick<FlightMark, "kind" | "response" | "positive" | "entries">;
}

const items: readonly Item[] = [
  {
    word: "key.entry",
    short: "key.entry",
    width: 26,
    flight: {kind: "AppendEntries", response: false, entries: [1]},
  },
  {
    word: "key.heartbeat",
    short: "key.heartbeat",
    width: 9,
    flight: {kind: "Heartbeat", response: false, entries: []},
  },
  {
    word: "key.vote",
    short: "key.vote",
    width: 24,
    flight: {kind: "RequestVote", response: false, entries: []},
  },
  {
    word: "key.yes",
    short: "key.yesShort",
    width: 26,
    flight: {kind: "AppendEntriesResponse", response: true, positive: true, entries: []},
  },
  {
    word: "key.no",
    short: "key.no",
    width: 26,
    flight: {kind: "AppendEntriesResponse", response: true, positive: false, entries: []},
  },
];

/** The height that the key takes; 0 where there is no room for it. */
export function keyHeight({size, unit}: Look): number {
  return size.height < 290 * unit || size.width < 400 * unit ? 0 : 26 * unit;
}

/** `term`: whose hue the glyphs have. */
export function keyMarks(term: number, look: Look): readonly Mark[] {
  const {size, unit, text, words} = look;
  const height = keyHeight(look);
  if (height === 0) return [];
  const widthsOf = (which: "word" | "short"): readonly number[] =>
    items.map((item) => (item.width + 5) * unit + textWidth(words.t(item[which]), text.small));
  const gapOf = (widths: readonly number[]): number =>
    Math.min(24 * unit, (size.width - 24 - widths.reduce((sum, one) => sum + one, 0)) / (items.length - 1));
  const which = gapOf(widthsOf("word")) < 9 * unit ? "short" : "word";
  const widths = widthsOf(which);
  const gap = gapOf(widths);
  const y = round(size.height - height / 2 - 2);
  let x = 16;
  return items.flatMap((item, i): readonly Mark[] => {
    const {width, flight} = item;
    const word = item[which];
    const name = `key/${word}`;
    const at = {x: round(x + (width * unit) / 2), y};
    const whole: FlightMark = {
      ...flight,
      event: "",
      from: "",
      to: "",
      entries: flight.entries.map(() => term),
      term,
      more: 0,
      sent: 0,
      held: false,
      line: "",
    };
    const label: Mark = {
      shape: "text",
      name: `${name}/word`,
      class: "ink2",
      x: round(x + (width + 5) * unit),
      y: round(y + text.small * 0.36),
      text: words.t(word),
      anchor: "start",
      size: text.small,
    };
    x += (widths[i] ?? 0) + gap;
    return [...glyphMarks(whole, name, undefined, at, look), label];
  });
}
