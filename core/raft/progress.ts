// One follower as the leader sees it, and how much may be sent to it.
//
//                ┌── refused · unreachable ──┐
//                ▼                           │
//             probe ───── accepted ─────▶ replicate
//    one message, then wait        many messages, nextIndex runs ahead
//                │      ▲                    ▲
//   its next     │      │ snapshot reported  │ an answer that reaches the leader's log
//   entry is     ▼      │ sent or failed     │
//   compacted   snapshot ────────────────────┘
//             nothing is sent
//
// Invariant: matchIndex < nextIndex; in snapshot, nextIndex = pendingSnapshot + 1. etcd: tracker/progress.go.

import type {MemberId} from "../base/quantity.ts";
import type {Index} from "./entry.ts";
import type {Inflights} from "./inflights.ts";
import type {ProgressState, ProgressView} from "./ready.ts";

/** A leader's progress of one member; undefined for who is none. */
export function progressOf(
  {progress}: {readonly progress: readonly Progress[]},
  member: MemberId,
): Progress | undefined {
  for (const one of progress) if (one.member === member) return one;
  return undefined;
}

/** What may be looked at from outside: the leader's own, which changes. */
export type LiveProgress = Readonly<Omit<ProgressFields, "inflights">> & {
  readonly inflights: Pick<Inflights, "count" | "full" | "list">;
};

type ProgressFields = Pick<
  Progress,
  | "member"
  | "state"
  | "matchIndex"
  | "nextIndex"
  | "sentCommit"
  | "pendingSnapshot"
  | "flowPaused"
  | "recentActive"
  | "isLearner"
  | "paused"
  | "inflights"
>;

export interface ProgressStart {
  readonly nextIndex: Index;
  readonly inflights: Inflights;
  readonly isLearner: boolean;
  readonly recentActive: boolean;
}

export class Progress {
  readonly member: MemberId;
  state: ProgressState = "probe";
  /** Highest entry known to be on the follower. Grows only (Figure 2). */
  matchIndex: Index = 0;
  /** Next entry to send. */
  nextIndex: Index;
  /** Highest commit index that is on its way to the follower, or there. */
  sentCommit: Index = 0;
  /** Index of the snapshot that is on its way, in state snapshot; else 0. */
  pendingSnapshot: Index = 0;
  /** Nothing more is sent until an answer, to an append or a heartbeat, comes back. etcd: MsgAppFlowPaused. */
  flowPaused = false;
  recentActive: boolean;
  isLearner: boolean;
  readonly inflights: Inflights;

  constructor(member: MemberId, {nextIndex, inflights, isLearner, recentActive}: ProgressStart) {
    this.member = member;
    this.nextIndex = nextIndex;
    this.inflights = inflights;
    this.isLearner = isLearner;
    this.recentActive = recentActive;
  }

  get paused(): boolean {
    return this.flowPaused || this.state === "snapshot";
  }

  becomeProbe(): void {
    // After a snapshot that arrived, the follower holds it: begin behind it. If it failed, pendingSnapshot is 0 by now.
    const behindSnapshot = this.state === "snapshot" ? this.pendingSnapshot + 1 : 0;
    this.enter("probe");
    this.nextIndex = Math.max(this.matchIndex + 1, behindSnapshot);
    this.sentCommit = Math.min(this.sentCommit, this.nextIndex - 1);
  }

  becomeReplicate(): void {
    this.enter("replicate");
    this.nextIndex = this.matchIndex + 1;
  }

  becomeSnapshot(index: Index): void {
    this.enter("snapshot");
    this.pendingSnapshot = index;
    this.nextIndex = index + 1;
    this.sentCommit = index;
  }

  /** The follower holds everything up to `index`. False if that was known. */
  maybeUpdate(index: Index): boolean {
    if (index <= this.matchIndex) return false;
    this.matchIndex = index;
    this.nextIndex = Math.max(this.nextIndex, index + 1);
    this.flowPaused = false;
    return true;
  }

  /**
   * The follower refused an append after `refused`; `hint` is the best position that may match. False if that answer
   * is an old one: it speaks of something that is known, or of a probe that is not the last.
   */
  maybeDecreaseTo(refused: Index, hint: Index): boolean {
    if (this.state === "replicate") {
      if (refused <= this.matchIndex) return false;
      this.nextIndex = this.matchIndex + 1;
    } else {
      if (this.nextIndex - 1 !== refused) return false;
      this.nextIndex = Math.max(Math.min(refused, hint + 1), this.matchIndex + 1);
      this.flowPaused = false;
    }
    this.sentCommit = Math.min(this.sentCommit, this.nextIndex - 1);
    return true;
  }

  /** An append with `count` entries of `bytes` payload was sent. */
  sentEntries(count: number, bytes: number): void {
    if (this.state === "replicate") {
      if (count > 0) {
        this.nextIndex += count;
        this.inflights.add({last: this.nextIndex - 1, bytes});
      }
      // The message that fills the window is a probe: an answer, also to a heartbeat, must come before the next.
      this.flowPaused = this.inflights.full;
    } else if (count > 0) {
      this.flowPaused = true;
    }
  }

  /** Whether an append without entries would tell the follower of a newer commit index. */
  canBumpCommit(commit: Index): boolean {
    return commit > this.sentCommit && this.sentCommit < this.nextIndex - 1;
  }

  view(): ProgressView {
    const {member, state, matchIndex, nextIndex, isLearner, paused, inflights} = this;
    const {pendingSnapshot, recentActive, sentCommit} = this;
    const {count: inflight, full: inflightFull} = inflights;
    return {
      member,
      state,
      matchIndex,
      nextIndex,
      isLearner,
      paused,
      pendingSnapshot,
      recentActive,
      sentCommit,
      inflight,
      inflightFull,
    };
  }

  fork(): Progress {
    const {nextIndex, isLearner, recentActive} = this;
    const twin = new Progress(this.member, {
      nextIndex,
      isLearner,
      recentActive,
      inflights: this.inflights.fork(),
    });
    twin.state = this.state;
    twin.matchIndex = this.matchIndex;
    twin.sentCommit = this.sentCommit;
    twin.pendingSnapshot = this.pendingSnapshot;
    twin.flowPaused = this.flowPaused;
    return twin;
  }

  private enter(state: ProgressState): void {
    this.state = state;
    this.flowPaused = false;
    this.pendingSnapshot = 0;
    this.inflights.clear();
  }
}
