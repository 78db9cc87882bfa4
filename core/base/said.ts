// Words are data (law 11): below the catalogues nothing holds a sentence for people. A `Said` is worded by the typed
// catalogue of the room that made it, in every language.

import type {Ref} from "./ref.ts";

/** Something to say: the catalogue's key, its arguments, and the things it speaks of. */
export interface Said {
  readonly id: string;
  readonly args: Readonly<Record<string, string | number>>;
  readonly refs: readonly Ref[];
}

/** The languages that every catalogue speaks. */
export type Language = "en" | "zh";

/** One sentence in every language, with `{name}` where an argument goes. */
export type Wording = {readonly [language in Language]: string};

/**
 * A room's sentences. Write it `as const satisfies Catalogue`, and make its `Said` through {@link sayer}: then a missing
 * key does not compile.
 */
export type Catalogue = Readonly<Record<string, Wording>>;

/** Makes a room's `say(id, args, refs)`, which knows the catalogue's keys. */
export function sayer<C extends Catalogue>(): (
  id: keyof C & string,
  args?: Said["args"],
  refs?: readonly Ref[],
) => Said {
  return (id, args = {}, refs = []) => ({id, args, refs});
}

/** The sentence; an unknown id is shown as itself, so that nothing is silent. */
export function worded(catalogue: Catalogue, said: Said, language: Language): string {
  const wording = catalogue[said.id];
  if (wording === undefined) return said.id;
  return wording[language].replace(/\{(\w+)\}/g, (whole, name: string) => String(said.args[name] ?? whole));
}
