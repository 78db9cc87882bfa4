// Time as people write it: a whole number and a unit. A bare number is refused, so that nobody has to guess the unit.

import {InvariantViolation} from "../core/base/assert.ts";
import type {Micros} from "../core/base/quantity.ts";
import type {Between} from "../sim/run.ts";
import type {Time, Times} from "./format.ts";

const units: Readonly<Record<string, Micros>> = {us: 1, ms: 1_000, s: 1_000_000};

/** Longest time that may be written: an hour. */
export const timeMax: Micros = 3_600_000_000;

/** Micros of `150ms`; undefined when it is no time, or too long. */
export function parseTime(text: string): Micros | undefined {
  const [, digits = "", unit = ""] = /^(\d{1,10})(us|ms|s)$/.exec(text) ?? [];
  const micros = Number(digits) * (units[unit] ?? 0);
  return unit === "" || micros > timeMax ? undefined : micros;
}

/** Both ends of `5ms..15ms`, or twice `5ms`; undefined when it is none, or upside down. */
export function parseTimes(text: string): Between | undefined {
  const [first = "", last = first, ...rest] = text.split("..");
  const [least, most] = [parseTime(first), parseTime(last)];
  if (least === undefined || most === undefined || rest.length > 0 || least > most) return undefined;
  return {least, most};
}

/** Of a time that was validated. */
export function microsOf(time: Time): Micros {
  const micros = parseTime(time);
  if (micros === undefined)
    throw new InvariantViolation(`${time} is no time: validate a scenario before running it`);
  return micros;
}

/** Of times that were validated. */
export function betweenOf(times: Times): Between {
  const between = parseTimes(times);
  if (between === undefined)
    throw new InvariantViolation(`${times} are no times: validate a scenario before running it`);
  return between;
}

/** `150ms`, in the largest unit that keeps it whole. */
export function timeText(micros: Micros): Time {
  if (micros % 1_000_000 === 0) return `${micros / 1_000_000}s`;
  return micros % 1_000 === 0 ? `${micros / 1_000}ms` : `${micros}us`;
}

/** `5ms..15ms`, or `5ms` where both ends are that. */
export function timesText({least, most}: Between): Times {
  return least === most ? timeText(least) : `${timeText(least)}..${timeText(most)}`;
}
