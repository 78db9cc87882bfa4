// What is wrong with a workload that somebody wrote, in one line: where, what stood there, what was expected.

import {parseScripted, withoutOperands} from "../../core/client/operand.ts";
import type {Between} from "../run.ts";
import {filled} from "./template.ts";
import type {Line, Load, Workload} from "./workload.ts";

const placeholders =
  "{key}, {other}, {value}, {client}, {n}, {draw:9}, {draw:2..9} or an operand such as {modRevisionOf:x}";
const times = "two times in microseconds, the smaller first";

/** The first problem; undefined: it is sound. */
export function problemOfWorkload({loads, until, linger = 0}: Workload): string | undefined {
  if (loads.length === 0) return wrong("loads", "none", "at least one load");
  if (!isCount(until)) return wrong("until", until, "a time in microseconds");
  if (!isCount(linger)) return wrong("linger", linger, "a time in microseconds");
  return first(loads, (load, place) => problemOfLoad(load, `loads[${place}]`));
}

export function problemOfLoad(load: Load, path: string): string | undefined {
  const {asks, order, by, pace, keys = [], afterFailure = []} = load;
  if (asks.length === 0) return wrong(`${path}.asks`, "none", "at least one question");
  if (order === undefined && asks.every(({weight}) => weight === 0))
    return wrong(`${path}.asks`, "only weights of 0", "a weight above 0");
  if (typeof by === "object" && "nth" in by && !(by.nth >= 0 && by.nth < by.of))
    return wrong(`${path}.by`, `nth ${by.nth} of ${by.of}`, "nth below of");
  const pause = pace.kind === "closed" ? pace.think : pace.every;
  const stands = pace.kind === "open" && pause.most === 0;
  if (!isRange(pause) || stands) return wrong(`${path}.pace`, `${pause.least} to ${pause.most}`, times);
  const lists = [...asks.map(({lines}) => lines), afterFailure];
  if (
    keys.length === 0 &&
    lists.flat().some((line) => typeof line === "string" && /\{(key|other)\}/.test(line))
  )
    return wrong(`${path}.keys`, "none", "keys for {key}");
  return (
    first(asks, (_, i) => problemOfAsk(load, i, `${path}.asks[${i}]`)) ??
    problemOfLines(afterFailure, `${path}.afterFailure`, load)
  );
}

function problemOfAsk(load: Load, place: number, path: string): string | undefined {
  const {asks, limits = {}} = load;
  const {weight = 0, limit, lines = []} = asks[place] ?? {};
  if (!isCount(weight)) return wrong(`${path}.weight`, weight, "a whole number, 0 or more");
  if (limit !== undefined && !Object.hasOwn(limits, limit))
    return wrong(`${path}.limit`, limit, `a name in limits: ${Object.keys(limits).join(", ") || "none"}`);
  return problemOfLines(lines, `${path}.lines`, load);
}

function problemOfLines(lines: readonly Line[], path: string, load: Load): string | undefined {
  const draws = first(lines, (line, i) => problemOfDraws(line, `${path}[${i}]`));
  if (draws !== undefined) return draws;
  const sample = filled(lines, load, {client: "c1", place: 0, n: 1}, () => 0);
  return first(sample, (line, i) => {
    const at = `${path}[${i}]`;
    if (typeof line !== "string") {
      if (i === 0) return wrong(at, "a wait", "something to ask first");
      return isRange(line.wait)
        ? undefined
        : wrong(`${at}.wait`, `${line.wait.least} to ${line.wait.most}`, times);
    }
    const left = /\{\w+(:[^{}"\s]*)?\}/.exec(withoutOperands(line))?.[0];
    if (left !== undefined) return wrong(at, left, placeholders);
    const parsed = parseScripted(line);
    if (parsed.ok) return undefined;
    const given = lines[i];
    const found = typeof given === "string" ? given : line;
    return wrong(at, found, `an etcdctl line (${parsed.error.replaceAll("\n", " ")})`);
  });
}

function problemOfDraws(line: Line, path: string): string | undefined {
  if (typeof line !== "string") return undefined;
  const all = [...line.matchAll(/\{draw:(\d+)\.\.(\d+)\}/g)];
  const turned = all.find(([, least, most]) => Number(least) > Number(most))?.[0];
  return turned === undefined ? undefined : wrong(path, turned, "the smaller number first");
}

/** What is found first. */
function first<T>(
  list: readonly T[],
  problem: (item: T, place: number) => string | undefined,
): string | undefined {
  for (const [place, item] of list.entries()) {
    const found = problem(item, place);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isRange({least, most}: Between): boolean {
  return isCount(least) && isCount(most) && least <= most;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function wrong(path: string, found: string | number, expected: string): string {
  return `${path}: found ${typeof found === "string" ? JSON.stringify(found) : found}, expected ${expected}`;
}
