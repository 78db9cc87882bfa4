// Requests that wait for the log: from the moment a client asks until the entry is applied here, or time runs out.
// While no leader is known they are held and not proposed; once proposed they are never proposed again, for a lost
// forward and a slow one look the same, and the second copy would be applied too (etcd server/v3_server.go,
// processInternalRaftRequestOnce).

import type {Hasher} from "../base/hasher.ts";
import type {Micros} from "../base/quantity.ts";

/** Where an answer goes. */
export interface Asker {
  readonly stream: number;
  readonly id: number;
}

interface Waiting extends Asker {
  /** The entry's data; undefined once it was proposed. */
  readonly data: Uint8Array | undefined;
  readonly expires: Micros;
  /** Whether the member lost sight of a leader since. */
  readonly leaderLost: boolean;
}

/** A proposal whose time ran out. */
export interface Expired extends Asker {
  readonly leaderLost: boolean;
}

export class Proposals {
  /** By sequence, ascending: equal timeouts make it the order of expiry too. */
  private readonly waiting = new Map<number, Waiting>();
  private nextSequence = 1;
  private heldCount = 0;

  get size(): number {
    return this.waiting.size;
  }

  /** Whether something waits to be proposed. */
  get held(): boolean {
    return this.heldCount > 0;
  }

  /** Starts to wait; `encode` makes the entry's data for the sequence number that names the proposal. */
  add(asker: Asker, expires: Micros, encode: (sequence: number) => Uint8Array): void {
    const sequence = this.nextSequence++;
    this.waiting.set(sequence, {...asker, data: encode(sequence), expires, leaderLost: false});
    this.heldCount++;
  }

  /** Offers what is held to `propose`, in order, until it refuses one. */
  proposeHeld(propose: (data: Uint8Array) => boolean): void {
    if (this.heldCount === 0) return;
    for (const [sequence, wait] of this.waiting) {
      if (wait.data === undefined) continue;
      if (!propose(wait.data)) return;
      this.waiting.set(sequence, {...wait, data: undefined});
      this.heldCount--;
    }
  }

  /** The proposal was applied: who is to be answered, if somebody still waits. */
  settle(sequence: number): Asker | undefined {
    const wait = this.waiting.get(sequence);
    this.remove(sequence);
    return wait;
  }

  /** The leader that was known is known no more. */
  leaderLost(): void {
    for (const [sequence, wait] of this.waiting) {
      if (!wait.leaderLost) this.waiting.set(sequence, {...wait, leaderLost: true});
    }
  }

  /** Takes those whose time ran out. */
  expire(now: Micros): readonly Expired[] {
    const expired: Expired[] = [];
    for (const [sequence, wait] of this.waiting) {
      if (wait.expires > now) break;
      expired.push(wait);
      this.remove(sequence);
    }
    return expired;
  }

  deadline(): Micros | undefined {
    for (const wait of this.waiting.values()) return wait.expires;
    return undefined;
  }

  /** The client is gone. What it asked for may still be applied. */
  close(stream: number): void {
    for (const [sequence, wait] of this.waiting) if (wait.stream === stream) this.remove(sequence);
  }

  fork(): Proposals {
    const twin = new Proposals();
    for (const [sequence, wait] of this.waiting) twin.waiting.set(sequence, wait);
    twin.nextSequence = this.nextSequence;
    twin.heldCount = this.heldCount;
    return twin;
  }

  digest(into: Hasher, now: Micros): void {
    into.int(this.nextSequence);
    into.int(this.waiting.size);
    for (const [sequence, wait] of this.waiting) {
      into.int(sequence);
      into.int(wait.stream);
      into.int(wait.id);
      into.int(wait.expires - now);
      into.bool(wait.leaderLost);
      into.bool(wait.data !== undefined);
      if (wait.data !== undefined) into.bytes(wait.data);
    }
  }

  private remove(sequence: number): void {
    const wait = this.waiting.get(sequence);
    if (wait?.data !== undefined) this.heldCount--;
    this.waiting.delete(sequence);
  }
}
