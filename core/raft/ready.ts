// The Ready contract: what the node wants done, as data. The caller does it, in whatever order the world allows, and
// hands the receipts back. Nothing waits outside: what must not be said before it is durable is inside `append`.

import type {MemberId} from "../base/quantity.ts";
import type {Entry, EntryId, HardState, Index, SoftState, Term} from "./entry.ts";
import type {Message} from "./message.ts";

export interface Ready {
  /** Set when it changed. */
  readonly softState: SoftState | undefined;
  /** Linearizable reads that may be served once the store has applied `index`. */
  readonly readStates: readonly ReadState[];
  /** To be sent at once; they claim nothing that is not durable yet. A leader's AppendEntries are among them (thesis §10.2.1). */
  readonly messages: readonly Message[];
  /** Work for the append actor, in order with all append work before it. */
  readonly append: AppendWork | undefined;
  /** Work for the apply actor, in order. Durable on this member and committed. */
  readonly apply: readonly Entry[];
}

/** To be written (an entry at an index that is there already replaces it and all after it), synced if `mustSync`, and only then acknowledged. */
export interface AppendWork {
  readonly hardState: HardState | undefined;
  readonly entries: readonly Entry[];
  /** Entries, term or vote changed. A commit index alone may be lost (Raft Figure 2: volatile). */
  readonly mustSync: boolean;
  /** To be sent once this and all append work before it is durable: votes and acknowledgements. */
  readonly messages: readonly Message[];
  /** To be handed to `RawNode.appended` at that moment. */
  readonly receipt: AppendReceipt;
}

/** Says what became durable, so that the node counts itself; guarded against entries that were replaced meanwhile (term). */
export interface AppendReceipt {
  readonly term: Term;
  /** Last entry of the unstable log when the work was made; undefined when there was none. */
  readonly last: EntryId | undefined;
  /** Answers of the node to itself: its own vote and its own acknowledgement. */
  readonly toSelf: readonly Message[];
}

/** A read asked for under `context` may be served at `index`. */
export interface ReadState {
  readonly index: Index;
  readonly context: number;
}

/** A follower as the leader sees it. etcd: tracker.Progress. */
export interface ProgressView {
  readonly member: MemberId;
  readonly state: "probe" | "replicate";
  readonly matchIndex: Index;
  readonly nextIndex: Index;
  readonly paused: boolean;
  readonly inflight: number;
}
