// Every look that a layout must stand: sizes, themes, languages. And what a mark occupies, by the layouts' own measure
// of text, which is an upper bound of what a browser draws.

import type {Look} from "../../../viz/layout/look.ts";
import type {Mark, Size} from "../../../viz/layout/mark.ts";
import {textWidth} from "../../../viz/layout/text.ts";
import type {Face} from "../../../viz/layout/text.ts";
import {wordsIn} from "../../../viz/app/words.ts";
import {themeNames, themes} from "../../../viz/theme/tokens.ts";
import type {ThemeName} from "../../../viz/theme/tokens.ts";
import {languages} from "../../../viz/words/page.ts";

export interface NamedLook {
  readonly name: string;
  readonly look: Look;
}

/** One look per theme and language. */
export function looks(sizes: Readonly<Record<ThemeName, Size>>, time: number): readonly NamedLook[] {
  return themeNames.flatMap((theme) =>
    languages.map((language) => ({
      name: `${theme} ${language}`,
      look: {
        size: sizes[theme],
        time,
        words: wordsIn(language),
        text: themes[theme].text,
        unit: themes[theme].unit,
        still: true,
      },
    })),
  );
}

export interface Box {
  readonly name: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

type TextMark = Extract<Mark, {shape: "text"}>;

/** Texts that stand still; a message on its way may pass over anything. */
export function standingTexts(marks: readonly Mark[]): readonly TextMark[] {
  return marks.filter((mark): mark is TextMark => mark.shape === "text" && !mark.class.includes("in-flight"));
}

export function boxOf(mark: TextMark): Box {
  const face: Face = mark.class.includes("mono") ? "mono" : /strong|note/.test(mark.class) ? "bold" : "sans";
  // Numbers are set in digits, whose width is known.
  const width = /^\d+$/.test(mark.text)
    ? mark.text.length * mark.size * 0.64
    : textWidth(mark.text, mark.size, face);
  const left =
    mark.anchor === "start" ? mark.x : mark.anchor === "middle" ? mark.x - width / 2 : mark.x - width;
  return {
    name: mark.name,
    left,
    right: left + width,
    top: mark.y - mark.size * 0.8,
    bottom: mark.y + mark.size * 0.22,
  };
}

/** Pairs of names whose boxes meet. */
export function collisions(boxes: readonly Box[]): readonly string[] {
  return boxes.flatMap((a, i) =>
    boxes
      .slice(i + 1)
      .filter(
        (b) =>
          a.left < b.right - 0.5 &&
          b.left < a.right - 0.5 &&
          a.top < b.bottom - 0.5 &&
          b.top < a.bottom - 0.5,
      )
      .map((b) => `${a.name} × ${b.name}`),
  );
}

export function outside(boxes: readonly Box[], size: Size): readonly string[] {
  return boxes
    .filter(
      (box) =>
        box.left < -0.5 || box.right > size.width + 0.5 || box.top < -0.5 || box.bottom > size.height + 0.5,
    )
    .map(
      (box) =>
        `${box.name} at ${Math.round(box.left)}..${Math.round(box.right)}, ${Math.round(box.top)}..${Math.round(box.bottom)}`,
    );
}
