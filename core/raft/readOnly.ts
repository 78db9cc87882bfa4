// Linearizable reads without the log (Raft §8, thesis §6.4), as the leader keeps them. Reads stand in line; each has a
// position, the count of all reads asked up to it. A heartbeat carries the last position; an answer to it confirms
// that the follower took this leader for the leader after those reads were asked. What a quorum confirmed is released.
//
// Positions, not the askers' own names, travel: a name may be used twice, and a late answer to its first use would
// confirm the second. etcd: read_only.go since 2026.

import type {MemberId} from "../base/quantity.ts";
import type {Index} from "./entry.ts";

/** Who asked, and under which name. */
export interface ReadQuestion {
  readonly from: MemberId;
  readonly context: number;
}

/** A question in line, with the commit index when it was asked. */
export interface WaitingRead extends ReadQuestion {
  readonly index: Index;
}

export class ReadOnly {
  private released = 0;
  private waiting: WaitingRead[] = [];
  private postponed: ReadQuestion[] = [];
  private readonly acks = new Map<MemberId, number>();

  /** How many reads were ever put in line. */
  get position(): number {
    return this.released + this.waiting.length;
  }

  get hasWaiting(): boolean {
    return this.waiting.length > 0;
  }

  get hasPostponed(): boolean {
    return this.postponed.length > 0;
  }

  /** Keeps a question for later: the leader does not know yet what is committed. */
  postpone(question: ReadQuestion): void {
    this.postponed.push(question);
  }

  /** Questions that were postponed, which are so no more. */
  takePostponed(): readonly ReadQuestion[] {
    const taken = this.postponed;
    this.postponed = [];
    return taken;
  }

  add(question: ReadQuestion, index: Index): void {
    this.waiting.push({from: question.from, context: question.context, index});
  }

  /** `member` answered a heartbeat that carried `position`. */
  acknowledge(member: MemberId, position: number): void {
    if (position > this.ackOf(member)) this.acks.set(member, position);
  }

  ackOf(member: MemberId): number {
    return this.acks.get(member) ?? 0;
  }

  /** Takes reads off the line, first come first, as long as `isConfirmed` says so of their position. */
  release(isConfirmed: (position: number) => boolean): readonly WaitingRead[] {
    let count = 0;
    while (count < this.waiting.length && isConfirmed(this.released + count + 1)) count++;
    if (count === 0) return [];
    this.released += count;
    return this.waiting.splice(0, count);
  }

  /** For the digest: who waits, who is postponed. */
  list(): {readonly waiting: readonly WaitingRead[]; readonly postponed: readonly ReadQuestion[]} {
    return {waiting: this.waiting, postponed: this.postponed};
  }

  fork(): ReadOnly {
    const twin = new ReadOnly();
    twin.released = this.released;
    twin.waiting = this.waiting.slice();
    twin.postponed = this.postponed.slice();
    for (const [member, position] of this.acks) twin.acks.set(member, position);
    return twin;
  }
}
