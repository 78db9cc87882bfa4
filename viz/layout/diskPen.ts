// What the parts of the disk's picture share: where columns begin, and the shapes they are drawn with.

import type {Ref} from "../../core/base/ref.ts";
import type {Look} from "./look.ts";
import type {Mark} from "./mark.ts";
import {round} from "./ringPlaces.ts";
import {cut, textWidth} from "./text.ts";
import type {Face} from "./text.ts";

/** A part of the picture, laid out from some y on. */
export interface Part {
  readonly marks: readonly Mark[];
  readonly height: number;
}

export const noPart: Part = {marks: [], height: 0};

/** Where the words at the left edge end. */
export function leftOf({unit, size}: Look): number {
  return Math.round(Math.min(122 * unit, size.width * 0.27));
}

/** The baseline of a text in the middle of a row. */
export function baseOf(y: number, height: number, {text}: Look): number {
  return round(y + height / 2 + text.small * 0.36);
}

/** A text that ends in … where it has no room; none if it has room for nothing. */
export function write(
  look: Look,
  at: {readonly name: string; readonly x: number; readonly y: number; readonly width: number},
  text: string,
  how: {readonly class?: string; readonly anchor?: "start" | "middle" | "end"; readonly face?: Face} = {},
): readonly Mark[] {
  const {class: kind = "ink", anchor = "start", face = /mono/.test(kind) ? "mono" : "sans"} = how;
  const size = look.text.small;
  const shown = cut(text, at.width, size, /strong|note/.test(kind) ? "bold" : face);
  if (shown === "") return [];
  return [
    {shape: "text", name: at.name, class: kind, x: round(at.x), y: round(at.y), text: shown, anchor, size},
  ];
}

/** The word at the left edge of a row. */
export function rowWord(look: Look, name: string, y: number, height: number, text: string): readonly Mark[] {
  const width = leftOf(look) - 16 - 8 * look.unit;
  return write(look, {name: `${name}/word`, x: 16, y: baseOf(y, height, look), width}, text, {class: "ink2"});
}

/** What a person can reach. */
export function target(
  name: string,
  ref: Ref,
  label: string,
  box: {readonly x: number; readonly y: number; readonly width: number; readonly height: number},
): Mark {
  return {shape: "rect", name: `${name}/target`, class: "target", ref, label, ...box, radius: 3};
}

/** The first of some texts that fits; the last one if none does. */
export function fitting(look: Look, width: number, texts: readonly string[], face: Face = "sans"): string {
  return texts.find((one) => textWidth(one, look.text.small, face) <= width) ?? texts.at(-1) ?? "";
}
