// Words are data (law 11): below the catalogues nothing holds a sentence for people. A `Said` is worded by the typed
// catalogue of the room that made it, in every language.

import type {Ref} from "./ref.ts";

/** Something to say: the catalogue's key, its arguments, and the things it speaks of. */
export interface Said {
  readonly id: string;
  readonly args: Readonly<Record<string, string | number>>;
  readonly refs: readonly Ref[];
}
