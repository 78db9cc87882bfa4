// Until when something is drawn. No node: imports.

import type {Micros} from "../core/base/quantity.ts";
import {parseTime} from "../scenarios/time.ts";
import {refusal} from "./refuse.ts";

/** Until when something is drawn, such as "800ms"; two seconds when absent. */
export interface UntilOptions {
  readonly until?: string;
}

/** Throws one line where that is no time. */
export function untilOf({until = "2s"}: UntilOptions): Micros {
  const micros = typeof until === "string" ? parseTime(until) : undefined;
  if (micros === undefined || micros === 0)
    throw new Error(refusal("options.until", until, 'a time such as "800ms"'));
  return micros;
}
