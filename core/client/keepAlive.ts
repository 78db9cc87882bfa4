// A lease that the client keeps alive: when to ask next, and how long it may believe (etcd client/v3/lease.go). Both by
// the client's own clock, which the members do not know: a client that stood still believes in a lease that is gone.
//
//   asked ──answer ttl──▶ asked again after ttl/3      deadline: ttl after the last answer
//     └──no answer──▶ asked again after 500 ms         past it: lost, "silent"

import type {Hasher} from "../base/hasher.ts";
import type {LeaseId, Micros} from "../base/quantity.ts";
import type {ClientRules} from "./rules.ts";

/** etcd: retryConnWait. */
const resendAfter: Micros = 500_000;

export class KeepAlive {
  readonly lease: LeaseId;
  /** The recipe call that it belongs to. */
  readonly call: number;
  private nextSend: Micros;
  /** When it is given up. */
  private expires: Micros;
  private readonly believesUntil: ClientRules["believesUntil"];

  /** `ttl` in seconds, as granted. etcd's first deadline is 5 s (or the dial timeout and one) whatever the grant was. */
  constructor(
    {lease, call}: Pick<KeepAlive, "lease" | "call">,
    ttl: number,
    now: Micros,
    believesUntil: ClientRules["believesUntil"],
  ) {
    this.lease = lease;
    this.call = call;
    this.believesUntil = believesUntil;
    this.nextSend = now;
    this.expires = believesUntil(now, seconds(ttl));
  }

  deadline(): Micros {
    return Math.min(this.nextSend, this.expires);
  }

  isLost(now: Micros): boolean {
    return this.expires <= now;
  }

  /** Whether to ask now; then it is asked again if no answer comes. */
  sends(now: Micros): boolean {
    if (this.nextSend > now) return false;
    this.nextSend = now + resendAfter;
    return true;
  }

  /** A member renewed it for `ttl` seconds. An answer to an earlier asking counts as well. */
  answered(ttl: number, now: Micros): void {
    this.nextSend = now + Math.floor(seconds(ttl) / 3);
    this.expires = this.believesUntil(now, seconds(ttl));
  }

  fork(): KeepAlive {
    const twin = new KeepAlive(this, 0, 0, this.believesUntil);
    twin.nextSend = this.nextSend;
    twin.expires = this.expires;
    return twin;
  }

  digest(into: Hasher, now: Micros): void {
    into.string(this.lease);
    into.int(this.call);
    into.int(this.nextSend - now);
    into.int(this.expires - now);
  }
}

function seconds(ttl: number): Micros {
  return ttl * 1_000_000;
}
