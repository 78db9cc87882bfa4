// What raft reads back of what its member made durable. The member writes it (as each AppendWork becomes durable, and
// when it compacts); raft only reads. Every implementation must pass test/core/raft/storageContract.ts.
//
//   snapshot ………… firstIndex − 1 │ firstIndex ………… lastIndex
//                   term known    │ entries held
//
// etcd: storage.go. Where etcd answers ErrCompacted or ErrUnavailable, here the answer is undefined, and firstIndex and
// lastIndex tell which.

import type {ConfState} from "./confState.ts";
import type {Entry, HardState, Index, Term} from "./entry.ts";
import type {Snapshot} from "./snapshot.ts";

export interface Storage {
  /** What was set last, all zero for a member that never ran; and the configuration that `applied` (RawNodeOptions) begins with. */
  initialState(): {readonly hardState: HardState; readonly confState: ConfState};
  /** First entry that is held; lastIndex + 1 if none is. */
  readonly firstIndex: Index;
  readonly lastIndex: Index;
  /** Undefined outside of [firstIndex, lastIndex]. The same object each time until it is overwritten. */
  entryAt(index: Index): Entry | undefined;
  /** Known on [firstIndex − 1, lastIndex]; else undefined. */
  termAt(index: Index): Term | undefined;
  /** One at firstIndex − 1 or later. Undefined: none can be made just now, ask again later. */
  snapshot(): Snapshot | undefined;
}
