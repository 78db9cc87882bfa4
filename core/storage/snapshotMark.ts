// What a snapshot stands for, without the state: which part of the log, and who was in the cluster then. Records of the
// log and snapshot files hold this; the state is in the backend file.

import type {ConfState} from "../raft/confState.ts";
import type {Index, Term} from "../raft/entry.ts";

export interface SnapshotMark {
  /** The last entry that it stands for. */
  readonly index: Index;
  readonly term: Term;
  readonly confState: ConfState;
}
