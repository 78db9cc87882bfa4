// What a run tells: a line per file, and the first difference of each that does not agree; or the same for programs.

import type {Difference} from "./outcome.ts";
import type {FileOutcome} from "./run.ts";

export function describeFile(outcome: FileOutcome, folder: string): string {
  const {file, strict, semantic} = outcome;
  const level = (name: string, difference: Difference | undefined): string =>
    `${name} ${difference === undefined ? "yes" : "NO "}`;
  const lines = [`${level("strict", strict)}  ${level("semantic", semantic)}  ${file}`];
  if (strict !== undefined) lines.push(describeDifference(strict, `${folder}/${file}`));
  if (semantic !== undefined && semantic !== strict) {
    lines.push("  without logger lines:", describeDifference(semantic, `${folder}/${file}`));
  }
  return lines.join("\n");
}

export function describeTotal(outcomes: readonly FileOutcome[]): string {
  const strict = outcomes.filter((one) => one.strict === undefined).length;
  const semantic = outcomes.filter((one) => one.semantic === undefined).length;
  return `${outcomes.length} files: ${strict} agree strictly, ${semantic} semantically`;
}

/** One line. */
export function jsonOf(outcomes: readonly FileOutcome[]): string {
  const files = outcomes.map(({file, strict, semantic}) => ({
    file,
    strict: strict === undefined,
    semantic: semantic === undefined,
    ...(strict === undefined ? {} : {firstDifference: strict}),
  }));
  return JSON.stringify({files});
}

function describeDifference({line, directive, expected, actual}: Difference, path: string): string {
  const [ours, theirs] = [actual.split("\n"), expected.split("\n")];
  let same = 0;
  while (same < ours.length && ours[same] === theirs[same]) same++;
  return [
    `  ${path}:${line} ${directive}`,
    `    line ${same + 1} of its output: expected ${quoted(theirs, same)}, got ${quoted(ours, same)}`,
    block("expected", expected),
    block("actual", actual),
  ].join("\n");
}

/** The last piece after a split is what follows the last line feed: nothing. */
function quoted(lines: readonly string[], at: number): string {
  const line = lines[at];
  return line === undefined || at === lines.length - 1 ? "no more" : JSON.stringify(line);
}

function block(title: string, text: string): string {
  const lines = text.replace(/\n$/, "").split("\n");
  return [`    ${title}:`, ...lines.map((line) => `      ${line}`)].join("\n");
}
