// One follower as the leader sees it, and how much may be sent to it.
//
//                ┌── refused · unreachable ──┐
//                ▼                           │
//             probe ───── accepted ─────▶ replicate
//    one message, then wait        many messages, nextIndex runs ahead
//
// Invariant: matchIndex < nextIndex. State "snapshot" will stand beside these two. etcd: tracker/progress.go.

import type {MemberId} from "../base/quantity.ts";
import type {Index} from "./entry.ts";
import type {Inflights} from "./inflights.ts";
import type {ProgressView} from "./ready.ts";

export class Progress {
  readonly member: MemberId;
  state: "probe" | "replicate" = "probe";
  /** Highest entry known to be on the follower. Grows only (Figure 2). */
  matchIndex: Index = 0;
  /** Next entry to send. */
  nextIndex: Index;
  /** Highest commit index that is on its way to the follower, or there. */
  sentCommit: Index = 0;
  /** Nothing more is sent until an answer, to an append or a heartbeat, comes back. */
  paused = false;
  readonly inflights: Inflights;

  constructor(
    member: MemberId,
    {nextIndex, inflights}: {readonly nextIndex: Index; readonly inflights: Inflights},
  ) {
    this.member = member;
    this.nextIndex = nextIndex;
    this.inflights = inflights;
  }

  becomeProbe(): void {
    this.state = "probe";
    this.paused = false;
    this.inflights.clear();
    this.nextIndex = this.matchIndex + 1;
    this.sentCommit = Math.min(this.sentCommit, this.nextIndex - 1);
  }

  becomeReplicate(): void {
    this.state = "replicate";
    this.paused = false;
    this.inflights.clear();
    this.nextIndex = this.matchIndex + 1;
  }

  /** The follower holds everything up to `index`. False if that was known. */
  maybeUpdate(index: Index): boolean {
    if (index <= this.matchIndex) return false;
    this.matchIndex = index;
    this.nextIndex = Math.max(this.nextIndex, index + 1);
    this.paused = false;
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
      this.paused = false;
    }
    this.sentCommit = Math.min(this.sentCommit, this.nextIndex - 1);
    return true;
  }

  /** An append with `count` entries and `commit` was sent. */
  sent({count, commit}: {readonly count: number; readonly commit: Index}): void {
    if (this.state === "replicate") {
      if (count > 0) {
        this.nextIndex += count;
        this.inflights.add(this.nextIndex - 1);
      }
      // The message that fills the window is a probe: an answer, also to a heartbeat, must come before the next.
      this.paused = this.inflights.full;
    } else if (count > 0) {
      this.paused = true;
    }
    this.sentCommit = commit;
  }

  /** Whether an append without entries would tell the follower of a newer commit index. */
  canBumpCommit(commit: Index): boolean {
    return commit > this.sentCommit && this.sentCommit < this.nextIndex - 1;
  }

  view(): ProgressView {
    const {member, state, matchIndex, nextIndex, paused} = this;
    return {member, state, matchIndex, nextIndex, paused, inflight: this.inflights.count};
  }

  fork(): Progress {
    const twin = new Progress(this.member, {nextIndex: this.nextIndex, inflights: this.inflights.fork()});
    twin.state = this.state;
    twin.matchIndex = this.matchIndex;
    twin.sentCommit = this.sentCommit;
    twin.paused = this.paused;
    return twin;
  }
}
