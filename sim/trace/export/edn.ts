// EDN, Clojure's data as text. https://github.com/edn-format/edn

/** `:name` */
export interface Keyword {
  readonly keyword: string;
}

export type Edn = null | boolean | number | string | Keyword | readonly Edn[] | ReadonlyMap<string, Edn>;

export function keyword(name: string): Keyword {
  return {keyword: name};
}

/** A map whose keys are keywords, in this order. */
export function ednMap(fields: Readonly<Record<string, Edn | undefined>>): ReadonlyMap<string, Edn> {
  const map = new Map<string, Edn>();
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) map.set(key, value);
  return map;
}

export function ednText(value: Edn): string {
  if (value === null) return "nil";
  if (typeof value === "string") return ednString(value);
  if (typeof value === "number" || typeof value === "boolean") return `${value}`;
  if (value instanceof Map) {
    const pairs = [...(value as ReadonlyMap<string, Edn>)].map(([key, one]) => `:${key} ${ednText(one)}`);
    return `{${pairs.join(", ")}}`;
  }
  if ("keyword" in value) return `:${value.keyword}`;
  return `[${(value as readonly Edn[]).map(ednText).join(" ")}]`;
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

function ednString(text: string): string {
  let quoted = '"';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x20 || code === 0x7f) quoted += escapes[char] ?? `\\u${code.toString(16).padStart(4, "0")}`;
    else quoted += escapes[char] ?? char;
  }
  return `${quoted}"`;
}
