// Reads EDN, as far as histories need it: nil, booleans, numbers, strings, keywords, symbols, lists, vectors, sets, maps with
// keywords for keys, comments, and tagged values, of which the tag is left out. https://github.com/edn-format/edn

import {failed, ok} from "../../core/base/result.ts";
import type {Result} from "../../core/base/result.ts";
import type {Edn, Keyword} from "../trace/export/edn.ts";

/** A value, and the line on which it begins, from 1. */
export interface Read {
  readonly line: number;
  readonly value: Edn;
}

/** All values of a text, one after the other; of a text that is one list, those in it. */
export function readEdn(text: string): Result<readonly Read[], string> {
  const reader = new Reader(text);
  try {
    return ok(reader.all());
  } catch (error) {
    if (error instanceof EdnError) return failed(error.message);
    throw error;
  }
}

/** The first value of a text that is EDN. */
export function ednValue(text: string): Edn {
  return new Reader(text).value();
}

class EdnError extends Error {}

/** Deepest nesting: what recursion bears. */
const depthMax = 200;
const blank = /(?:[\s,]+|;[^\n]*)*/y;
const token = /[^\s,;"()[\]{}]+/y;
const string = /"[^"\\]*(?:\\[^][^"\\]*)*"/y;
const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  f: "\f",
  '"': '"',
  "\\": "\\",
};
const closing: Readonly<Record<string, string>> = {"[": "]", "(": ")", "{": "}"};

class Reader {
  private readonly text: string;
  private place = 0;
  private line = 1;
  private counted = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  all(): readonly Read[] {
    this.skip();
    const close = closing[this.text[this.place] ?? ""];
    const isOneList = close === "]" || close === ")";
    if (isOneList) this.place++;
    const read: Read[] = [];
    for (
      this.skip();
      this.place < this.text.length && !(isOneList && this.text[this.place] === close);
      this.skip()
    ) {
      const line = this.lineNow();
      read.push({line, value: this.value()});
    }
    if (isOneList) {
      if (this.text[this.place] !== close) this.fail(`"${close}"`);
      this.place++;
      this.skip();
      if (this.place < this.text.length) this.fail("nothing behind the list");
    }
    return read;
  }

  /** What says nothing: blanks, comments, and `#_` with the value behind it. */
  private skip(): void {
    this.match(blank);
    while (this.text.startsWith("#_", this.place)) {
      this.place += 2;
      this.value();
      this.match(blank);
    }
  }

  private lineNow(): number {
    for (
      let at = this.text.indexOf("\n", this.counted);
      at >= 0 && at < this.place;
      at = this.text.indexOf("\n", at + 1)
    ) {
      this.line++;
      this.counted = at + 1;
    }
    return this.line;
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.place;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.place += found.length;
    return found;
  }

  private fail(expected: string): never {
    const rest = this.text.slice(this.place, this.place + 30).split("\n")[0] ?? "";
    const found = rest === "" ? "the end" : JSON.stringify(rest);
    throw new EdnError(`line ${this.lineNow()}: found ${found}, expected ${expected}`);
  }

  value(): Edn {
    this.skip();
    if (++this.depth > depthMax) this.fail(`at most ${depthMax} values within each other`);
    const read = this.one();
    this.depth--;
    return read;
  }

  private one(): Edn {
    const first = this.text[this.place] ?? "";
    if (first === '"') return this.string();
    if (first === "[" || first === "(") return this.many(first);
    if (first === "{") return this.map();
    if (first === "#") return this.dispatched();
    return this.atom();
  }

  private many(open: string): readonly Edn[] {
    const close = closing[open] ?? "";
    const items: Edn[] = [];
    this.place++;
    for (this.skip(); this.text[this.place] !== close; this.skip()) {
      if (this.place >= this.text.length) this.fail(`"${close}"`);
      items.push(this.value());
    }
    this.place++;
    return items;
  }

  private map(): ReadonlyMap<string, Edn> {
    const items = this.many("{");
    const map = new Map<string, Edn>();
    for (let i = 0; i < items.length; i += 2) {
      const [key, value] = [items[i], items[i + 1]];
      if (!isKeyword(key) || value === undefined) this.fail("before it a map of keywords to values");
      map.set(key.keyword, value);
    }
    return map;
  }

  /** `#{…}` a set, `#tag value`. */
  private dispatched(): Edn {
    this.place++;
    if (this.text[this.place] === "{") return this.many("{");
    if (this.match(token) === "") this.fail("a tag");
    return this.value();
  }

  private string(): string {
    const quoted = this.match(string);
    if (quoted === "") this.fail('a string that ends with "');
    return quoted
      .slice(1, -1)
      .replace(/\\(u[0-9a-fA-F]{4}|[^])/g, (_, escaped: string) =>
        escaped.length > 1
          ? String.fromCharCode(Number.parseInt(escaped.slice(1), 16))
          : (escapes[escaped] ?? escaped),
      );
  }

  private atom(): Edn {
    const word = this.match(token);
    if (word === "") this.fail("a value");
    if (word === "nil") return null;
    if (word === "true" || word === "false") return word === "true";
    if (word.startsWith(":")) return {keyword: word.slice(1)};
    const number = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[NM]?$/.test(word)
      ? Number(word.replace(/[NM]$/, ""))
      : NaN;
    // A symbol, or a number that is no safe one, is only ever compared.
    return Number.isNaN(number) || Math.abs(number) > Number.MAX_SAFE_INTEGER ? {keyword: word} : number;
  }
}

export function isKeyword(value: Edn | undefined): value is Keyword {
  return typeof value === "object" && value !== null && "keyword" in value;
}

export function isList(value: Edn | undefined): value is readonly Edn[] {
  return Array.isArray(value);
}

export function isMap(value: Edn | undefined): value is ReadonlyMap<string, Edn> {
  return value instanceof Map;
}
