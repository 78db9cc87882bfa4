// Requests that wait for the log: from the moment a client asks until the entry is applied here, or time runs out.
// While no leader is known they are held and not proposed; once proposed they are never proposed again, for a lost
// forward and a slow one look the same, and the second copy would be applied too (etcd server/v3_server.go,
// processInternalRaftRequestOnce).
//
// A member proposes for itself too, when it raises an alarm or ends a lease: nobody is answered, all else is the same.

import type {AuthenticateRequest} from "../auth/auth.ts";
import type {Hasher} from "../base/hasher.ts";
import type {Micros, Revision} from "../base/quantity.ts";
import type {Proposal} from "../raft/entry.ts";
import {digestRequest} from "./requestDigest.ts";

/** Where an answer goes. */
export interface Asker {
  readonly stream: number;
  readonly id: number;
  /** Asked for a token: what for, and the auth store's revision at which its password was right. */
  readonly authenticates?: {readonly request: AuthenticateRequest; readonly revision: Revision};
}

/** What a member proposes something of its own for. */
export type Purpose = "upkeep" | "lease" | "rounds";

interface Waiting {
  /** Undefined: the member itself. */
  readonly asker: Asker | undefined;
  readonly purpose: Purpose;
  /** Undefined once it was proposed. */
  readonly proposal: Proposal | undefined;
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
  /** The member's own, by purpose. */
  private readonly own = {upkeep: 0, lease: 0, rounds: 0};

  /** Those that somebody is to be answered. */
  get size(): number {
    return this.waiting.size - this.own.upkeep - this.own.lease - this.own.rounds;
  }

  /** Whether one of the member's own is on its way, of those that alarms wait for. */
  get hasOwn(): boolean {
    return this.own.upkeep > 0;
  }

  /** Whether something waits to be proposed. */
  get held(): boolean {
    return this.heldCount > 0;
  }

  /**
   * Starts to wait; `make` makes what is proposed, for the sequence number that names it and is answered here. No asker:
   * it is the member's own.
   */
  add(
    asker: Asker | undefined,
    expires: Micros,
    make: (sequence: number) => Proposal,
    purpose: Purpose = "upkeep",
  ): number {
    const sequence = this.nextSequence++;
    this.waiting.set(sequence, {asker, purpose, proposal: make(sequence), expires, leaderLost: false});
    this.heldCount++;
    if (asker === undefined) this.own[purpose]++;
    return sequence;
  }

  /** Takes back the member's own for `purpose` that were not proposed yet. */
  withdraw(purpose: Purpose): void {
    if (this.own[purpose] === 0) return;
    for (const [sequence, wait] of this.waiting) {
      if (wait.asker === undefined && wait.purpose === purpose && wait.proposal !== undefined)
        this.remove(sequence);
    }
  }

  /** Offers what is held to `propose`, in order, until it refuses one. */
  proposeHeld(propose: (proposal: Proposal) => boolean): void {
    if (this.heldCount === 0) return;
    for (const [sequence, wait] of this.waiting) {
      if (wait.proposal === undefined) continue;
      if (!propose(wait.proposal)) return;
      this.waiting.set(sequence, {...wait, proposal: undefined});
      this.heldCount--;
    }
  }

  /** The proposal was applied: who is to be answered, if somebody still waits. */
  settle(sequence: number): Asker | undefined {
    const wait = this.waiting.get(sequence);
    this.remove(sequence);
    return wait?.asker;
  }

  /** The leader that was known is known no more. */
  leaderLost(): void {
    for (const [sequence, wait] of this.waiting) {
      if (!wait.leaderLost) this.waiting.set(sequence, {...wait, leaderLost: true});
    }
  }

  /** Takes those whose time ran out; answers those that somebody waits for. */
  expire(now: Micros): readonly Expired[] {
    const expired: Expired[] = [];
    for (const [sequence, wait] of this.waiting) {
      if (wait.expires > now) break;
      if (wait.asker !== undefined) expired.push({...wait.asker, leaderLost: wait.leaderLost});
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
    for (const [sequence, {asker}] of this.waiting) if (asker?.stream === stream) this.remove(sequence);
  }

  fork(): Proposals {
    const twin = new Proposals();
    for (const [sequence, wait] of this.waiting) twin.waiting.set(sequence, wait);
    twin.nextSequence = this.nextSequence;
    twin.heldCount = this.heldCount;
    twin.own.upkeep = this.own.upkeep;
    twin.own.lease = this.own.lease;
    twin.own.rounds = this.own.rounds;
    return twin;
  }

  digest(into: Hasher, now: Micros): void {
    into.int(this.nextSequence);
    into.int(this.waiting.size);
    for (const [sequence, wait] of this.waiting) {
      into.int(sequence);
      into.int(wait.asker?.stream ?? -1);
      into.int(wait.asker?.id ?? -1);
      into.int(wait.asker?.authenticates?.revision ?? -1);
      into.bool(wait.asker?.authenticates !== undefined);
      if (wait.asker?.authenticates !== undefined) digestRequest(wait.asker.authenticates.request, into);
      into.string(wait.purpose);
      into.int(wait.expires - now);
      into.bool(wait.leaderLost);
      into.bool(wait.proposal !== undefined);
      if (wait.proposal === undefined) continue;
      into.string(wait.proposal.type);
      into.bytes(wait.proposal.data);
    }
  }

  private remove(sequence: number): void {
    const wait = this.waiting.get(sequence);
    if (wait === undefined) return;
    if (wait.proposal !== undefined) this.heldCount--;
    if (wait.asker === undefined) this.own[wait.purpose]--;
    this.waiting.delete(sequence);
  }
}
