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

/** What is to stand out: in every view the same. */
export interface Emphasis {
  readonly selected: Ref | undefined;
  readonly hovered: Ref | undefined;
  /** What the story points at. */
  readonly focus: readonly Ref[];
}

/** The same marks, with the classes "selected", "hovered" and "pointed" on those that stand for these things. */
export function highlight(marks: readonly Mark[], {selected, hovered, focus}: Emphasis): readonly Mark[] {
  if (selected === undefined && hovered === undefined && focus.length === 0) return marks;
  return marks.map((mark) => {
    const {ref} = mark;
    if (ref === undefined) return mark;
    const more =
      (ref === selected ? " selected" : "") +
      (ref === hovered ? " hovered" : "") +
      (focus.includes(ref) ? " pointed" : "");
    return more === "" ? mark : {...mark, class: mark.class + more};
  });
}
