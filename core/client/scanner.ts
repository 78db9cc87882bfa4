// Reads a command line piece by piece. A piece is a run of anything but blanks, with `"…"` inside of which blanks count
// and `\xNN`, `\n`, `\t`, `\r`, `\"`, `\\` are escapes. All texts come out as byte strings (UTF-8). Columns count from 1.

import type {Key} from "../base/key.ts";
import {keyFromText} from "../base/key.ts";
import type {Result} from "../base/result.ts";
import {failed, ok} from "../base/result.ts";

/** A piece of the line as it stands there. */
export interface Piece {
  readonly raw: string;
  readonly column: number;
}

const escapes: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["r", "\r"],
  ['"', '"'],
  ["\\", "\\"],
]);

/** Walks over a text; `column` is that of its first char within the whole line. */
export class Scanner {
  private readonly text: string;
  private readonly firstColumn: number;
  private at = 0;

  constructor(text: string, firstColumn = 1) {
    this.text = text;
    this.firstColumn = firstColumn;
  }

  get column(): number {
    return this.firstColumn + this.at;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  /** What stands there, for an error. */
  get rest(): string {
    return this.done ? "the end of the line" : `"${this.text.slice(this.at, this.at + 20)}"`;
  }

  skipBlanks(): void {
    while (isBlank(this.text[this.at])) this.at++;
  }

  /** Goes over `word` if it stands there. */
  take(word: string): boolean {
    if (!this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  /** The chars up to a blank or one of `stops`; a quoted string if one begins here. */
  argument(stops = ""): Result<Key, string> {
    if (this.text[this.at] === '"') return this.quoted();
    const from = this.at;
    for (let char = this.text[from]; char !== undefined && !isBlank(char) && !stops.includes(char);) {
      if (char === '"')
        return failed(
          `a quote in the middle of a word at column ${this.column}; expected it around the whole`,
        );
      char = this.text[++this.at];
    }
    if (this.at === from) return failed(`column ${this.column}: expected a word, found ${this.rest}`);
    return ok(keyFromText(this.text.slice(from, this.at)));
  }

  /** The next piece; undefined at the end. */
  piece(): Result<Piece | undefined, string> {
    this.skipBlanks();
    const from = this.at;
    if (this.done) return ok(undefined);
    while (!this.done && !isBlank(this.text[this.at])) {
      if (this.text[this.at] !== '"') this.at++;
      else {
        const skipped = this.quoted();
        if (!skipped.ok) return skipped;
      }
    }
    return ok({raw: this.text.slice(from, this.at), column: this.firstColumn + from});
  }

  private quoted(): Result<Key, string> {
    const opened = this.column;
    let plain = "";
    let key = "";
    for (this.at++; !this.done;) {
      const char = this.text[this.at++] ?? "";
      if (char === '"') return ok(key + keyFromText(plain));
      if (char !== "\\") {
        plain += char;
        continue;
      }
      const byte = this.escape();
      if (!byte.ok) return byte;
      key += keyFromText(plain) + byte.value;
      plain = "";
    }
    return failed(`the quote opened at column ${opened} is not closed; expected another "`);
  }

  /** The byte of the escape whose backslash was just read. */
  private escape(): Result<Key, string> {
    const char = this.text[this.at] ?? "";
    const hex = /^x([0-9a-fA-F]{2})/.exec(this.text.slice(this.at, this.at + 3))?.[1];
    if (hex !== undefined) {
      this.at += 3;
      return ok(String.fromCharCode(Number.parseInt(hex, 16)));
    }
    const byte = escapes.get(char);
    if (byte === undefined) {
      return failed(
        `unknown escape "\\${char}" at column ${this.column - 1}; expected \\xNN, \\n, \\t, \\r, \\" or \\\\`,
      );
    }
    this.at++;
    return ok(byte);
  }
}

/** All pieces of a line. */
export function piecesOf(line: string): Result<readonly Piece[], string> {
  const scanner = new Scanner(line);
  const pieces: Piece[] = [];
  for (;;) {
    const piece = scanner.piece();
    if (!piece.ok) return piece;
    if (piece.value === undefined) return ok(pieces);
    pieces.push(piece.value);
  }
}

function isBlank(char: string | undefined): boolean {
  return char === " " || char === "\t" || char === "\n" || char === "\r";
}
