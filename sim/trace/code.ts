// Which build this is: traces and links name it, so that another build can say that it is another.

import type {Hash} from "../../core/base/hasher.ts";

declare const __CODE_HASH__: string | undefined;

const given =
  typeof __CODE_HASH__ === "string" && /^[0-9a-f]{16}$/.test(__CODE_HASH__) ? __CODE_HASH__ : undefined;

/** Whether a bundler told the name. */
export const isBuilt = given !== undefined;

/** Hash of the sources, set by the bundler; zeros when run from the sources, which no hash names. */
export const codeHash: Hash = given ?? "0000000000000000";
