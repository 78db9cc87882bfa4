// The symmetry of spaces of which nothing can be renamed.

import type {Fingerprint, Symmetry} from "../../../sim/explore/space.ts";

export function unlike<S, A>(fingerprint: (state: S, into: Fingerprint) => void): Symmetry<S, A> {
  return {
    size: 1,
    inverse: () => 0,
    least(state, into) {
      fingerprint(state, into);
      return 0;
    },
    rename: (state) => state,
    renameAction: (action) => action,
  };
}
