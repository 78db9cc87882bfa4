// What the command and the library refuse, in the same words: one line that says where, what stood there and what was
// expected. No node: imports; the library runs in a browser.

import type {Scenario} from "../scenarios/format.ts";
import {claimPrefix} from "../scenarios/claim.ts";
import {planOf} from "../scenarios/resolve.ts";
import {textOfBytes} from "../core/base/key.ts";
import type {Schedule} from "../sim/schedule/schedule.ts";
import {hasMagic, wasConverted} from "../sim/trace/blocks.ts";
import {didYouMean} from "./didYouMean.ts";

/** Longest quotation of what stood there. */
const quoteMax = 60;

/** `where: found …, expected …` */
export function refusal(where: string, found: unknown, expected: string): string {
  return `${where}: found ${shown(found)}, expected ${expected}`;
}

/** A value in one line, not too long: of an object its keys alone, since whole runs are given by mistake. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  const text = isObject(value) ? `{${Object.keys(value).join(", ")}}` : shownPlain(value);
  return text.length <= quoteMax ? text : `${text.slice(0, quoteMax - 1)}…`;
}

function shownPlain(value: unknown): string {
  if (typeof value === "string" || value === null) return JSON.stringify(value);
  return typeof value === "number" || typeof value === "boolean" ? `${value}` : `a ${typeof value}`;
}

/** Whether it is an object with keys: no list, not null. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Why `options` is not an object of these keys; undefined when it is. */
export function problemOfKeys(options: unknown, keys: readonly string[], where: string): string | undefined {
  if (!isObject(options)) return refusal(where, options, `an object with some of ${keys.join(", ")}`);
  const unknown = Object.keys(options).find((key) => !keys.includes(key));
  if (unknown === undefined) return undefined;
  return `${where}: found the key ${shown(unknown)}, expected some of ${keys.join(", ")}${didYouMean(unknown, keys)}`;
}

export function problemOfSeed(seed: unknown, where: string): string | undefined {
  if (seed === undefined) return undefined;
  if (typeof seed !== "string") return refusal(where, seed, 'a seed as text, such as "7"');
  if (/^[^\n]+$/.test(seed) && seed.length <= 100) return undefined;
  return refusal(where, seed, "1 to 100 characters in one line");
}

/** What a schedule of each kind says besides. */
const schedules: Readonly<Record<Exclude<Schedule["kind"], "choices">, readonly string[]>> = {
  time: [],
  random: ["seed", "window"],
  pct: ["seed", "depth", "steps", "window"],
  delay: ["seed", "delays", "steps", "window"],
  fair: ["window"],
};

export function problemOfSchedule(schedule: unknown, where: string): string | undefined {
  if (schedule === undefined) return undefined;
  if (!isObject(schedule))
    return refusal(where, schedule, 'a schedule, such as {kind: "random", seed: "7", window: 5000}');
  const {kind, until, ...said} = schedule;
  const keys = Object.entries(schedules).find(([name]) => name === kind)?.[1];
  if (keys === undefined)
    return refusal(`${where}.kind`, kind, `one of ${Object.keys(schedules).join(", ")}`);
  const unknown = Object.keys(said).find((key) => !keys.includes(key));
  if (unknown !== undefined)
    return refusal(
      where,
      unknown,
      keys.length === 0 ? "nothing but its kind" : `only ${keys.join(", ")} and until`,
    );
  for (const key of keys) {
    const value = said[key];
    if (key === "seed" && value === undefined)
      return refusal(`${where}.seed`, value, 'a seed as text, such as "7"');
    const problem =
      key === "seed" ? problemOfSeed(value, `${where}.seed`) : problemOfCount(value, `${where}.${key}`);
    if (problem !== undefined) return problem;
  }
  return until === undefined ? undefined : problemOfCount(until, `${where}.until`);
}

function problemOfCount(count: unknown, where: string): string | undefined {
  if (Number.isSafeInteger(count) && (count as number) >= 0) return undefined;
  return refusal(where, count, "a whole number, 0 or more");
}

export function problemOfVariant(
  {variants = {}}: Scenario,
  variant: unknown,
  where: string,
): string | undefined {
  if (variant === undefined || (typeof variant === "string" && Object.hasOwn(variants, variant)))
    return undefined;
  const names = Object.keys(variants);
  const expected = names.length === 0 ? "none: this scenario has no variants" : `one of ${names.join(", ")}`;
  return refusal(where, variant, expected);
}

/** Why these are no claims of the scenario's: "all", or a list of their ids. */
export function problemOfClaims(
  scenario: Scenario,
  variant: string | undefined,
  claims: unknown,
  where: string,
): string | undefined {
  if (claims === undefined || claims === "all") return undefined;
  const ids = planOf(scenario, variant).expect.map(({id}) => id);
  const expected =
    ids.length === 0 ? "none: this scenario claims nothing" : `"all", or some of ${ids.join(", ")}`;
  if (!Array.isArray(claims)) return refusal(where, claims, expected);
  const unknown: unknown = claims.find((claim) => !ids.some((id) => id === claim));
  if (unknown === undefined) return undefined;
  const hint = typeof unknown === "string" ? didYouMean(unknown.replace(claimPrefix, ""), ids) : "";
  return refusal(where, unknown, `${expected}${hint}`);
}

/** Why a trace that is text cannot be one, where that is more to the point than its first line; undefined otherwise. */
export function problemOfTrace(content: Uint8Array | string): string | undefined {
  const text = typeof content === "string" ? content : headOf(content);
  if (text.startsWith("\ufffdetr"))
    return "trace: found a trace's bytes read as text, expected the file's bytes, read without an encoding";
  const end = text.indexOf("\n");
  if (end < 1 || text[end - 1] !== "\r" || !isTrace(text)) return undefined;
  return "line 1: found a line end of CRLF, expected LF alone: something converted the file (git's autocrlf, an editor); save the trace again";
}

/** Whether a file begins as a trace does. */
export function isTrace(content: Uint8Array | string): boolean {
  if (typeof content !== "string" && (hasMagic(content) || wasConverted(content))) return true;
  return /^\s*\{\s*"etcdscope"/.test(typeof content === "string" ? content : headOf(content));
}

/** Longest first line of a trace that is text. */
const headMax = 8_000_000;

function headOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(10);
  return textOfBytes(bytes.subarray(0, Math.min(end < 0 ? bytes.length : end + 1, headMax)));
}
