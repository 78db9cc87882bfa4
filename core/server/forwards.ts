// Requests that this member asks of another one, for a client or for itself: sent, and kept until the answer comes or
// time runs out (etcd's peers ask each other over HTTP: /leases, /members/promote, /hashkv). A question or an answer may
// be lost; who wants another try asks again.
//
//   here   ask(member, request, asker, expires) ──Forward──▶   there   a request like others, on the stream of its peer
//          answered(message) → asker            ◀─Forwarded─           its answer is sent instead of responded
//          expire(now)       → askers
//
// The member asked serves it as it serves its clients, but as itself: it does not forward it once more.

import {assert} from "../base/assert.ts";
import type {Hasher} from "../base/hasher.ts";
import type {MemberId, Micros} from "../base/quantity.ts";
import type {ForwardedMessage, ForwardMessage} from "./peer.ts";
import type {Asker} from "./proposals.ts";
import type {Request} from "./request.ts";

/** Who wants the answer. A part of the server that asks others has a line here, and one in `Server.hearFrom`. */
export type ForwardAsker =
  /** A client of this member gets the result as it is, under this member's header. */
  | {readonly for: "client"; readonly stream: number; readonly id: number}
  /** A client's request about a lease, by its number (leaseRequests.ts). */
  | {readonly for: "lease"; readonly ticket: number}
  /** A check of the members' stores (corruptCheck.ts); `ticket` 0: the one at boot (initialCheck.ts). */
  | {readonly for: "corruptCheck"; readonly ticket: number; readonly member: MemberId};

interface Waiting {
  readonly to: MemberId;
  readonly asker: ForwardAsker;
  readonly expires: Micros;
}

/** Questions that one boot may ask. */
const questionsPerBoot = 2 ** 22;

export class Forwards {
  private readonly self: MemberId;
  private readonly nonce: number;
  private asked = 0;
  /** By id, ascending. */
  private readonly waiting = new Map<number, Waiting>();
  private outgoing: readonly ForwardMessage[] = [];

  /** `nonce`: drawn once per boot, below 2^31: an answer to a question of another life answers none of this one. */
  constructor(self: MemberId, nonce: number) {
    this.self = self;
    this.nonce = nonce;
  }

  /** Asks another member; the message is in {@link take}. */
  ask(to: MemberId, request: Request, asker: ForwardAsker, expires: Micros): void {
    assert(to !== this.self, `n${this.self} asks itself`);
    assert(this.asked < questionsPerBoot, `a boot may ask ${questionsPerBoot} questions, all are used`);
    const id = this.nonce * questionsPerBoot + this.asked++;
    this.waiting.set(id, {to, asker, expires});
    this.outgoing = [...this.outgoing, {kind: "Forward", from: this.self, to, id, request}];
  }

  /** What is to be sent since the last time. */
  take(): readonly ForwardMessage[] {
    const {outgoing} = this;
    if (outgoing.length > 0) this.outgoing = [];
    return outgoing;
  }

  /** Who asked what is answered here; undefined if nobody waits for it any more. */
  answered({from, id}: ForwardedMessage): ForwardAsker | undefined {
    const wait = this.waiting.get(id);
    if (wait === undefined || wait.to !== from) return undefined;
    this.waiting.delete(id);
    return wait.asker;
  }

  /** Takes those whose time ran out, in the order in which they asked. */
  expire(now: Micros): readonly ForwardAsker[] {
    const expired: ForwardAsker[] = [];
    for (const [id, {asker, expires}] of this.waiting) {
      if (expires > now) continue;
      expired.push(asker);
      this.waiting.delete(id);
    }
    return expired;
  }

  deadline(): Micros | undefined {
    if (this.waiting.size === 0) return undefined;
    let least: Micros | undefined;
    for (const {expires} of this.waiting.values()) {
      if (least === undefined || expires < least) least = expires;
    }
    return least;
  }

  /** The client is gone. */
  close(stream: number): void {
    this.forget((asker) => asker.for === "client" && asker.stream === stream);
  }

  /** Nobody waits any more for what these asked. */
  forget(matches: (asker: ForwardAsker) => boolean): void {
    for (const [id, {asker}] of this.waiting) if (matches(asker)) this.waiting.delete(id);
  }

  /** An independent twin. */
  fork(): Forwards {
    const twin = new Forwards(this.self, this.nonce);
    twin.asked = this.asked;
    for (const [id, wait] of this.waiting) twin.waiting.set(id, wait);
    twin.outgoing = this.outgoing;
    return twin;
  }

  digest(into: Hasher, now: Micros): void {
    into.int(this.asked);
    into.int(this.waiting.size);
    for (const [id, {to, asker, expires}] of this.waiting) {
      into.int(id);
      into.int(to);
      into.int(expires - now);
      into.string(asker.for);
      into.int(asker.for === "client" ? asker.stream : asker.ticket);
      if (asker.for === "client") into.int(asker.id);
    }
  }
}

/** The stream on which a member's questions are served, so that one of its questions is a request like others. */
export function peerAsker({from, id}: ForwardMessage): Asker {
  return {stream: -from, id};
}

/** Whether it is another member that asks, and which. Clients' streams count from 0. */
export function peerOf({stream}: Asker): MemberId | undefined {
  return stream < 0 ? -stream : undefined;
}
