// Which build this is: traces and links name it, so that another build can say that it is another.

import type {Hash} from "../../core/base/hasher.ts";

declare const __CODE_HASH__: string | undefined;

/** Hash of the sources, set by the bundler; zeros when run from the sources, which no hash names. */
export const codeHash: Hash =
  typeof __CODE_HASH__ === "string" && /^[0-9a-f]{16}$/.test(__CODE_HASH__)
    ? __CODE_HASH__
    : "0000000000000000";
