// The form of etcd's test scripts (cockroachdb/datadriven): directives, each with what it must print.
//
//   # a comment
//   propose-conf-change 1 transition=explicit voters=(1, 2)      command and arguments
//   v4 r1                                                        input, up to the separator
//   ----
//   ok                                                           expected, up to a blank line or the end
//
// A line that ends in `\` goes on in the next one. Expected text that contains blank lines stands between double
// separators (`----` twice before it and twice after it). `subtest` lines only name what follows.

export interface Argument {
  readonly key: string;
  /** None: a bare word. `k=`: one, which is empty. `k=(a, b)`: all of them. */
  readonly values: readonly string[];
}

export interface Directive {
  /** Of its first line, counted from 1. */
  readonly line: number;
  readonly command: string;
  readonly arguments: readonly Argument[];
  readonly input: string;
  /** Each line ends with a line feed; "" if nothing is expected. */
  readonly expected: string;
}

/** A script that cannot be read, or asks for what makes no sense. `line`: where, if it is known there. */
export class ScriptError extends Error {
  override readonly name = "ScriptError";
  readonly line: number | undefined;

  constructor(message: string, line?: number) {
    super(message);
    this.line = line;
  }
}

const separator = "----";

/** The directives of a script in order. One that cannot be read is thrown as a ScriptError when its turn comes. */
export function* readScript(text: string): Generator<Directive> {
  const lines = new Lines(text);
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    const at = lines.at;
    const whole = line.trim().startsWith("#") ? "" : continued(line.trim(), lines);
    const parsed = parseLine(whole, at);
    if (parsed === undefined || parsed.command === "subtest") continue;
    const input = readInput(lines, at);
    yield {line: at, ...parsed, input, expected: readExpected(lines)};
  }
}

class Lines {
  private readonly lines: readonly string[];
  /** How many were taken: the number of the last one. */
  at = 0;

  constructor(text: string) {
    const lines = text.split(/\r?\n/);
    if (lines.at(-1) === "") lines.pop();
    this.lines = lines;
  }

  next(): string | undefined {
    const line = this.lines[this.at];
    if (line !== undefined) this.at++;
    return line;
  }
}

function continued(first: string, lines: Lines): string {
  let line = first;
  while (line.endsWith("\\")) {
    const next = lines.next();
    if (next === undefined) break;
    line = `${line.slice(0, -1)} ${next.trim()}`;
  }
  return line;
}

function readInput(lines: Lines, at: number): string {
  const input: string[] = [];
  for (let line = lines.next(); line !== separator; line = lines.next()) {
    if (line === undefined) throw new ScriptError(`expected "${separator}" after the directive`, at);
    input.push(line);
  }
  return input.join("\n").trim();
}

function readExpected(lines: Lines): string {
  let line = lines.next();
  if (line === separator) return readBetweenSeparators(lines);
  let expected = "";
  for (; line !== undefined && line.trim() !== ""; line = lines.next()) expected += `${line}\n`;
  return expected;
}

function readBetweenSeparators(lines: Lines): string {
  const opened = lines.at;
  let expected = "";
  let previous: string | undefined;
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    if (previous === separator && line === separator) return expected;
    if (previous !== undefined) expected += `${previous}\n`;
    previous = line;
  }
  throw new ScriptError(`expected "${separator}" twice after what is expected`, opened);
}

// ---- one line

type Parsed = Pick<Directive, "command" | "arguments">;

function parseLine(line: string, at: number): Parsed | undefined {
  const words = new Words(line, at);
  const command = words.until(" ");
  if (command === "") return undefined;
  const parsed: Argument[] = [];
  for (words.skipSpaces(); !words.done; words.skipSpaces()) {
    const key = words.until(" =");
    if (key === "") throw words.error("the name of an argument");
    parsed.push({key, values: words.take("=") ? readValues(words) : []});
  }
  return {command, arguments: parsed};
}

function readValues(words: Words): readonly string[] {
  return words.take("(") ? words.list() : [words.until(" ")];
}

class Words {
  private readonly line: string;
  private readonly lineNumber: number;
  private position = 0;

  constructor(line: string, lineNumber: number) {
    this.line = line;
    this.lineNumber = lineNumber;
  }

  get done(): boolean {
    return this.position >= this.line.length;
  }

  /** What stands before the next of `ends`, which stays. */
  until(ends: string): string {
    const from = this.position;
    while (!this.done && !ends.includes(this.char())) this.position++;
    return this.line.slice(from, this.position);
  }

  take(char: string): boolean {
    if (this.done || this.char() !== char) return false;
    this.position++;
    return true;
  }

  skipSpaces(): void {
    while (this.take(" ") || this.take("\t"));
  }

  /** After `(`: values between commas, up to the matching `)`. Parentheses inside of a value belong to it, and so do commas in them. */
  list(): readonly string[] {
    const values: string[] = [];
    let value = "";
    for (let depth = 1; ; this.position++) {
      if (this.done) throw this.error('")"');
      const char = this.char();
      if (char === "(") depth++;
      if (char === ")") depth--;
      if (depth === 0) break;
      if (char !== "," || depth > 1) {
        value += char;
        continue;
      }
      values.push(value);
      value = "";
      while (this.line[this.position + 1] === " ") this.position++;
    }
    this.position++;
    return [...values, value];
  }

  error(expected: string): ScriptError {
    return new ScriptError(`expected ${expected} at column ${this.position + 1}`, this.lineNumber);
  }

  private char(): string {
    return this.line.charAt(this.position);
  }
}
