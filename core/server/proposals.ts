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
import type {ServerRules} from "./rules.ts";

/** Where an answer goes. */
export interface Asker {
  readonly stream: number;
  readonly id: number;
  /** Asked for a token: what for, and the auth store's revision at which its password was right. */
  readonly authenticates?: {readonly request: AuthenticateRequest; readonly revision: Revision};
}

/** What a member proposes something of its own for: to tell that its file is full, for leases, or in an actor's rounds. */
export type Purpose = "noSpace" | "lease" | "rounds";

interface Waiting {
  /** Who is answered when it is applied, or what the member itself proposes it for. */
  readonly whose: Asker | Purpose;
  readonly proposal: Proposal;
  /** It is to be proposed. */
  readonly held: boolean;
  readonly expires: Micros;
  /** Whether the member lost sight of a leader since. */
  readonly leaderLost: boolean;
}

/** A proposal whose time ran out. */
export interface Expired extends Asker {
  readonly leaderLost: boolean;
}

export class Proposals {
  private readonly rules: ServerRules;
  /** By sequence, ascending: equal timeouts make it the order of expiry too. */
  private readonly waiting = new Map<number, Waiting>();
  private nextSequence = 1;
  private heldCount = 0;
  /** The member's own, by purpose. */
  private readonly own = {noSpace: 0, lease: 0, rounds: 0};

  constructor(rules: ServerRules) {
    this.rules = rules;
  }

  /** Those that somebody is to be answered. */
  get size(): number {
    return this.waiting.size - this.own.noSpace - this.own.lease - this.own.rounds;
  }

  /** Whether one of the member's own for `purpose` is on its way. */
  hasOwn(purpose: Purpose): boolean {
    return this.own[purpose] > 0;
  }

  /** Whether something waits to be proposed. */
  get held(): boolean {
    return this.heldCount > 0;
  }

  /** Starts to wait; `make` makes what is proposed, for the sequence number that names it and is answered here. */
  add(whose: Asker | Purpose, expires: Micros, make: (sequence: number) => Proposal): number {
    const sequence = this.nextSequence++;
    this.waiting.set(sequence, {whose, proposal: make(sequence), held: true, expires, leaderLost: false});
    this.heldCount++;
    if (isOwn(whose)) this.own[whose]++;
    return sequence;
  }

  /** Takes back the member's own for `purpose` that were not proposed yet. */
  withdraw(purpose: Purpose): void {
    if (this.own[purpose] === 0) return;
    for (const [sequence, wait] of this.waiting) {
      if (wait.whose === purpose && wait.held) this.remove(sequence);
    }
  }

  /** Offers what is held to `propose`, in order, until it refuses one. */
  proposeHeld(propose: (proposal: Proposal) => boolean): void {
    if (this.heldCount === 0) return;
    for (const [sequence, wait] of this.waiting) {
      if (!wait.held) continue;
      if (!propose(wait.proposal)) return;
      this.waiting.set(sequence, {...wait, held: false});
      this.heldCount--;
    }
  }

  /** The proposal was applied: who is to be answered, if somebody still waits. */
  settle(sequence: number): Asker | undefined {
    const wait = this.waiting.get(sequence);
    this.remove(sequence);
    return wait === undefined || isOwn(wait.whose) ? undefined : wait.whose;
  }

  /** The leader that was known is known no more. */
  leaderLost(): void {
    const again = this.rules.proposesAgain();
    for (const [sequence, wait] of this.waiting) {
      if (!wait.leaderLost || again)
        this.waiting.set(sequence, {...wait, held: wait.held || again, leaderLost: true});
      if (again && !wait.held) this.heldCount++;
    }
  }

  /** Takes those whose time ran out; answers those that somebody waits for. */
  expire(now: Micros): readonly Expired[] {
    const expired: Expired[] = [];
    for (const [sequence, wait] of this.waiting) {
      if (wait.expires > now) break;
      if (!isOwn(wait.whose)) expired.push({...wait.whose, leaderLost: wait.leaderLost});
      this.remove(sequence);
    }
    return expired;
  }

  deadline(): Micros | undefined {
    if (this.waiting.size === 0) return undefined;
    for (const wait of this.waiting.values()) return wait.expires;
    return undefined;
  }

  /** The client is gone. What it asked for may still be applied. */
  close(stream: number): void {
    for (const [sequence, {whose}] of this.waiting)
      if (!isOwn(whose) && whose.stream === stream) this.remove(sequence);
  }

  fork(): Proposals {
    const twin = new Proposals(this.rules);
    for (const [sequence, wait] of this.waiting) twin.waiting.set(sequence, wait);
    twin.nextSequence = this.nextSequence;
    twin.heldCount = this.heldCount;
    twin.own.noSpace = this.own.noSpace;
    twin.own.lease = this.own.lease;
    twin.own.rounds = this.own.rounds;
    return twin;
  }

  digest(into: Hasher, now: Micros): void {
    into.int(this.nextSequence);
    into.int(this.waiting.size);
    for (const [sequence, wait] of this.waiting) {
      into.int(sequence);
      into.bool(isOwn(wait.whose));
      if (isOwn(wait.whose)) into.string(wait.whose);
      else digestAsker(wait.whose, into);
      into.int(wait.expires - now);
      into.bool(wait.leaderLost);
      into.bool(wait.held);
      if (!wait.held) continue;
      into.string(wait.proposal.type);
      into.bytes(wait.proposal.data);
    }
  }

  private remove(sequence: number): void {
    const wait = this.waiting.get(sequence);
    if (wait === undefined) return;
    if (wait.held) this.heldCount--;
    if (isOwn(wait.whose)) this.own[wait.whose]--;
    this.waiting.delete(sequence);
  }
}

/** Whether the member proposes it for itself. */
function isOwn(whose: Asker | Purpose): whose is Purpose {
  return typeof whose === "string";
}

function digestAsker({stream, id, authenticates}: Asker, into: Hasher): void {
  into.int(stream);
  into.int(id);
  into.bool(authenticates !== undefined);
  if (authenticates === undefined) return;
  into.int(authenticates.revision);
  digestRequest(authenticates.request, into);
}
