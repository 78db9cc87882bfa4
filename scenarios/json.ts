// JSON as people write it: with comments, and with errors that name line and column. The engine's parser reads it;
// only when that fails is the place looked for, since engines word and place the error differently.

import {failed, ok} from "../core/base/result.ts";
import type {Result} from "../core/base/result.ts";

/** Parses JSON with comments; an error says where, what stood there, and that JSON was expected. */
export function parseJson(text: string): Result<unknown, string> {
  const bare = withoutComments(text);
  try {
    return ok(JSON.parse(bare) as unknown);
  } catch {
    const at = errorAt(bare);
    const before = bare.slice(0, at).split("\n");
    const found =
      at >= bare.length
        ? "the end of the file"
        : JSON.stringify(String.fromCodePoint(bare.codePointAt(at) ?? 0));
    return failed(
      `line ${before.length}, column ${(before.at(-1) ?? "").length + 1}: found ${found}, expected JSON`,
    );
  }
}

/** Comments (`// …` and `/* … *\/`, outside of strings) become blanks, so that what follows keeps its line and column. */
function withoutComments(text: string): string {
  const parts = /"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[^]*?\*\//g;
  return text.replace(parts, (part) => (part.startsWith("/") ? part.replaceAll(/[^\n]/g, " ") : part));
}

type Expecting = "value" | "value or ]" | "key" | "key or }" | ":" | "more";

/** Blanks, then a string (without control characters), a number or word, or a sign. */
const token =
  /[ \t\n\r]*(?:("(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|([[\]{}:,]))/y;

/** Where the text stops being JSON. */
function errorAt(text: string): number {
  const open: string[] = [];
  let expecting: Expecting = "value";
  let at = 0;
  for (;;) {
    token.lastIndex = at;
    const [whole, string, , sign] = token.exec(text) ?? [];
    const blanks = /\S|$/g;
    blanks.lastIndex = at;
    const start = blanks.exec(text)?.index ?? at;
    if (whole === undefined) return start;
    const next = after(expecting, open, string !== undefined, sign);
    if (next === undefined || (open.length === 0 && expecting === "more")) return start;
    expecting = next;
    at += whole.length;
  }
}

/** What may follow a token; undefined when the token itself was not expected. */
function after(
  expecting: Expecting,
  open: string[],
  isString: boolean,
  sign: string | undefined,
): Expecting | undefined {
  const wantsValue = expecting === "value" || expecting === "value or ]";
  if (sign === undefined) {
    if (wantsValue) return "more";
    return isString && (expecting === "key" || expecting === "key or }") ? ":" : undefined;
  }
  if (sign === "{" || sign === "[") {
    if (!wantsValue) return undefined;
    open.push(sign);
    return sign === "{" ? "key or }" : "value or ]";
  }
  if (sign === ":") return expecting === ":" ? "value" : undefined;
  if (sign === ",") return expecting === "more" ? (open.at(-1) === "{" ? "key" : "value") : undefined;
  const closes = expecting === "more" || expecting === (sign === "}" ? "key or }" : "value or ]");
  return closes && open.pop() === (sign === "}" ? "{" : "[") ? "more" : undefined;
}
