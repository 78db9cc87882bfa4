// How to read what is on its way: one line under the ring, drawn with the very glyphs that fly; what flies seldom is in it
// while it flies, and so are bad links while there are some. While two majorities decide, a line above says which.

import type {FlightMark, RingView} from "../frame.ts";
import type {PageWord} from "../words/page.ts";
import {glyphMarks} from "./flight.ts";
import type {Look} from "./look.ts";
import type {Mark} from "./mark.ts";
import {round} from "./ringPlaces.ts";
import {cut, textWidth} from "./text.ts";
import {zigzag} from "./zigzag.ts";

interface Item {
  readonly word: PageWord;
  /** Where there is less room. */
  readonly short: PageWord;
  /** Of the glyph, for unit 1. */
  readonly width: number;
  /** "bad": a bad link's line. */
  readonly glyph: Pick<FlightMark, "kind" | "response" | "positive" | "entries"> | "bad";
  /** Only while something like it is there. */
  readonly seldom?: true;
}

const plain = {response: false, entries: []} as const;
const answer = {kind: "AppendEntriesResponse", response: true, entries: []} as const;

const items: readonly Item[] = [
  {word: "key.entry", short: "key.entry", width: 26, glyph: {...plain, kind: "AppendEntries", entries: [1]}},
  {word: "key.heartbeat", short: "key.heartbeat", width: 9, glyph: {...plain, kind: "Heartbeat"}},
  {word: "key.vote", short: "key.vote", width: 24, glyph: {...plain, kind: "RequestVote"}},
  {word: "key.preVote", short: "key.preVote", width: 24, glyph: {...plain, kind: "PreVote"}, seldom: true},
  {
    word: "key.snapshot",
    short: "key.snapshot",
    width: 26,
    glyph: {...plain, kind: "InstallSnapshot"},
    seldom: true,
  },
  {
    word: "key.takeOver",
    short: "key.takeOver",
    width: 15,
    glyph: {...plain, kind: "TimeoutNow"},
    seldom: true,
  },
  {word: "key.bad", short: "key.badShort", width: 20, glyph: "bad", seldom: true},
  {word: "key.yes", short: "key.yesShort", width: 26, glyph: {...answer, positive: true}},
  {word: "key.no", short: "key.no", width: 26, glyph: {...answer, positive: false}},
];

/** What gives way to what flies seldom, in this order. */
const givesWay: readonly PageWord[] = ["key.heartbeat", "key.vote", "key.no", "key.yes"];

/** The height that the key takes; 0 where there is no room for it. */
export function keyHeight({configuration}: Pick<RingView, "configuration">, {size, unit}: Look): number {
  if (size.height < 290 * unit || size.width < 400 * unit) return 0;
  return (configuration.outgoing.length > 0 ? 2 : 1) * 26 * unit;
}

export function keyMarks(view: RingView, look: Look): readonly Mark[] {
  const height = keyHeight(view, look);
  if (height === 0) return [];
  return [...halvesLine(view, height, look), ...glyphLine(view, look)];
}

/** `two majorities decide: old (n1 n2 n3), new (n2 n3 n4)`. */
function halvesLine({configuration}: RingView, height: number, look: Look): readonly Mark[] {
  const {size, unit, text, words} = look;
  const {voters, outgoing} = configuration;
  if (outgoing.length === 0) return [];
  const halves = {old: outgoing.join(" "), new: voters.join(" ")};
  const whole = words.t("key.joint", halves);
  const room = size.width - 32;
  const shown = textWidth(whole, text.small) <= room ? whole : words.t("key.jointShort", halves);
  return [
    {
      shape: "text",
      name: "key/joint",
      class: "ink",
      label: whole,
      x: 16,
      y: round(size.height - height + 11 * unit + text.small * 0.36),
      text: cut(shown, room, text.small),
      anchor: "start",
      size: text.small,
    },
  ];
}

interface Line {
  readonly items: readonly Item[];
  readonly which: "word" | "short";
  readonly widths: readonly number[];
  readonly gap: number;
}

/** In full where that fits, else in short; what is always there gives way to what flies now and seldom. */
function lineOf({flights, bad}: RingView, look: Look): Line {
  const {size, unit, text, words} = look;
  const flying = new Set(flights.map(({kind}) => kind.replace("Response", "")));
  let shown = items.filter(
    ({seldom, glyph}) => seldom === undefined || (glyph === "bad" ? bad.length > 0 : flying.has(glyph.kind)),
  );
  const lineWith = (which: "word" | "short"): Line => {
    const widths = shown.map((item) => (item.width + 5) * unit + textWidth(words.t(item[which]), text.small));
    const rest = size.width - 24 - widths.reduce((sum, one) => sum + one, 0);
    return {items: shown, which, widths, gap: Math.min(24 * unit, rest / Math.max(1, shown.length - 1))};
  };
  const least = 8 * unit;
  for (const word of ["", ...givesWay]) {
    if (!shown.some(({seldom}) => seldom === true) && word !== "") break;
    shown = shown.filter((item) => item.word !== word);
    const line = [lineWith("word"), lineWith("short")].find(({gap}) => gap >= least);
    if (line !== undefined) return line;
  }
  return lineWith("short");
}

function glyphLine(view: RingView, look: Look): readonly Mark[] {
  const {size, unit, text, words} = look;
  // Whose hue the glyphs have.
  const term = Math.max(0, ...view.members.map((member) => member.term));
  const line = lineOf(view, look);
  const y = round(size.height - 15 * unit);
  let x = 16;
  return line.items.flatMap((item, i): readonly Mark[] => {
    const {width, glyph} = item;
    const word = item[line.which];
    const name = `key/${word}`;
    const at = {x: round(x + (width * unit) / 2), y};
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
    const ends = [
      {x, y},
      {x: x + width * unit, y},
    ];
    x += (line.widths[i] ?? 0) + line.gap;
    if (glyph === "bad")
      return [{shape: "path", name, class: "link bad", d: zigzag(ends, 4 * unit, 6 * unit)}, label];
    const whole: FlightMark = {
      ...glyph,
      event: "",
      from: "",
      to: "",
      entries: glyph.entries.map(() => term),
      term,
      more: 0,
      sent: 0,
      held: false,
      line: "",
    };
    // On its way it is larger than a line is high.
    const size = glyph.kind === "InstallSnapshot" ? {...look, unit: unit * 0.65} : look;
    return [...glyphMarks(whole, name, undefined, at, size), label];
  });
}
