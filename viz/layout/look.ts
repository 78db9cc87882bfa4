// What a layout is told besides its view data: how much room there is, the moment, the words and the text sizes.
// A layout is a pure function of the data and this.

import type {Micros} from "../../core/base/quantity.ts";
import type {Ref} from "../../core/base/ref.ts";
import type {Said} from "../../core/base/said.ts";
import type {TextSizes} from "../theme/tokens.ts";
import type {PageWord} from "../words/page.ts";
import type {Mark, Size} from "./mark.ts";

/** The language in force. */
export interface Words {
  /** A sentence of the page's own catalogue. */
  t(id: PageWord, args?: Said["args"]): string;
  /** A sentence of any catalogue. */
  say(said: Said): string;
}

export interface Look {
  readonly size: Size;
  readonly time: Micros;
  readonly words: Words;
  readonly text: TextSizes;
  /** Scale of cells and discs: 1, larger for the projector. */
  readonly unit: number;
  /** Nothing moves: arrowheads tell directions. */
  readonly still: boolean;
}

/** The same marks, with the classes "selected" and "hovered" on those that stand for these things. */
export function highlight(
  marks: readonly Mark[],
  selected: Ref | undefined,
  hovered: Ref | undefined,
): readonly Mark[] {
  if (selected === undefined && hovered === undefined) return marks;
  return marks.map((mark) => {
    if (mark.ref === undefined) return mark;
    const more = (mark.ref === selected ? " selected" : "") + (mark.ref === hovered ? " hovered" : "");
    return more === "" ? mark : {...mark, class: mark.class + more};
  });
}
