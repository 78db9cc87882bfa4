// A snapshot stands for the log up to an index (§7): what the state machine was then, and who was in the cluster.

import type {ConfState} from "./confState.ts";
import type {Index, Term} from "./entry.ts";

export interface Snapshot {
  /** The last entry that it stands for. §7: lastIncludedIndex, lastIncludedTerm. */
  readonly index: Index;
  readonly term: Term;
  readonly confState: ConfState;
  /** The state machine's, opaque to raft. Never written after birth. */
  readonly data: Uint8Array;
}
