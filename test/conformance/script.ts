// What every kind of script has in common: it is given one directive after the other, and answers with what that prints.

import type {Directive} from "./dataDriven.ts";

export interface Script {
  /** The text that the directive prints. */
  handle(directive: Directive): string;
  /** What the directive had printed before it failed. */
  rest(): string;
}
