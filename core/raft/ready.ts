// The Ready contract: what the node wants done, as data. The caller does it, in whatever order the world allows, and
// hands the receipts back. Nothing waits outside: what must not be said before it is durable is inside `append`.

import type {MemberId} from "../base/quantity.ts";
import type {Entry, EntryId, HardState, Index, SoftState, Term} from "./entry.ts";
import type {Message} from "./message.ts";
import type {Snapshot} from "./snapshot.ts";

export interface Ready {
  /** Set when it changed. */
  readonly softState: SoftState | undefined;
  /** Linearizable reads that may be served once the store has applied `index`. */
  readonly readStates: readonly ReadState[];
  /** To be sent at once; they claim nothing that is not durable yet. A leader's AppendEntries are among them (thesis §10.2.1). */
  readonly messages: readonly Message[];
  /** Work for the append actor, in order with all append work before it. */
  readonly append: AppendWork | undefined;
  /** Work for the apply actor, in order: committed, and unless the node advances in one step also durable on this member. */
  readonly apply: readonly Entry[];
}

/** To be written (an entry at an index that is there already replaces it and all after it), synced if `mustSync`, and only then acknowledged. */
export interface AppendWork {
  readonly hardState: HardState | undefined;
  /** Replaces the whole log, before the entries. Must be durable, whatever `mustSync` says, and in the store before anything is applied. */
  readonly snapshot: Snapshot | undefined;
  readonly entries: readonly Entry[];
  /** Entries, term or vote changed. A commit index alone may be lost (Raft Figure 2: volatile). */
  readonly mustSync: boolean;
  /**
   * Votes and acknowledgements, for when this and all append work before it is durable: to be sent then, those to the
   * member itself handed to `step`.
   */
  readonly messages: readonly Message[];
  /** To be handed to `RawNode.appended` at that moment, after the messages. Undefined when there is nothing to acknowledge. */
  readonly receipt: AppendReceipt | undefined;
}

/** Says what became durable; guarded against entries that were replaced meanwhile (term). etcd: MsgStorageAppendResp. */
export interface AppendReceipt {
  readonly term: Term;
  /** Last entry of the unstable log when the work was made; undefined when there was none. */
  readonly last: EntryId | undefined;
  /** The index of the work's snapshot; 0 when it had none. */
  readonly snapshotIndex: Index;
}

/** A read asked for under `context` may be served at `index`. */
export interface ReadState {
  readonly index: Index;
  readonly context: number;
}

export type ProgressState = "probe" | "replicate" | "snapshot";

/** A follower as the leader sees it. etcd: tracker.Progress. */
export interface ProgressView {
  readonly member: MemberId;
  readonly state: ProgressState;
  readonly matchIndex: Index;
  readonly nextIndex: Index;
  readonly isLearner: boolean;
  /** Nothing is sent to it for now: a probe or a window of messages is unanswered, or it is taking a snapshot. */
  readonly paused: boolean;
  /** Index of the snapshot on its way to it; 0 if none is. */
  readonly pendingSnapshot: Index;
  /** Whether it answered since the leader last asked itself whether it still has a quorum. */
  readonly recentActive: boolean;
  readonly sentCommit: Index;
  /** AppendEntries on the way. */
  readonly inflight: number;
  readonly inflightFull: boolean;
}
