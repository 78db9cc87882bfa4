// How far a script's run agrees with what the script says, at two levels:
//
//   strict     to the byte, logger lines included
//   semantic   logger lines left out on both sides; then nothing at all and `ok` are the same

import type {Directive} from "./dataDriven.ts";
import {readScript, ScriptError} from "./dataDriven.ts";
import type {Script} from "./script.ts";

export interface Difference {
  readonly line: number;
  /** The directive in short: the command and its arguments. */
  readonly directive: string;
  readonly expected: string;
  readonly actual: string;
}

/** The first difference at each level; undefined where there is none. */
export interface Outcome {
  readonly strict: Difference | undefined;
  readonly semantic: Difference | undefined;
}

/** Runs a script to its first semantic difference, or its end. */
export function outcomeOf(text: string, script: Script): Outcome {
  let strict: Difference | undefined;
  let at: Directive | undefined;
  try {
    for (const directive of readScript(text)) {
      at = directive;
      const actual = withLineFeed(script.handle(directive));
      at = undefined;
      const {expected} = directive;
      if (actual === expected) continue;
      const difference = differenceAt(directive, actual);
      strict ??= difference;
      if (meaning(actual) !== meaning(expected)) return {strict, semantic: difference};
    }
  } catch (error) {
    const difference = brokenAt(at, script.rest(), error);
    return {strict: strict ?? difference, semantic: difference};
  }
  return {strict, semantic: undefined};
}

function differenceAt(directive: Directive, actual: string): Difference {
  const {line, expected} = directive;
  return {line, directive: describeDirective(directive), expected, actual};
}

/** What went wrong stands after what was printed until then. */
function brokenAt(directive: Directive | undefined, printed: string, error: unknown): Difference {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (directive !== undefined) return differenceAt(directive, `${withLineFeed(printed)}${message}\n`);
  const line = error instanceof ScriptError ? (error.line ?? 0) : 0;
  return {line, directive: "", expected: "", actual: `${message}\n`};
}

function withLineFeed(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

function describeDirective({command, arguments: words}: Directive): string {
  const described = words.map(({key, values}) => {
    if (values.length === 0) return key;
    return values.length === 1 ? `${key}=${values[0]}` : `${key}=(${values.join(",")})`;
  });
  return [command, ...described].join(" ");
}

const loggerLine = /^\s*(DEBUG|INFO|WARN|ERROR|FATAL) /;

function meaning(text: string): string {
  const kept = text
    .split("\n")
    .filter((line) => !loggerLine.test(line))
    .join("\n");
  return kept === "ok\n" ? "" : kept;
}
