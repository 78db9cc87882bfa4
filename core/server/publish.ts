// A member that was added tells the others its name and where clients find it, through the log, once it knows a leader; as
// often as it takes (etcd server/etcdserver/server.go, publish). Who was there from the beginning is known already.

import type {Hasher} from "../base/hasher.ts";
import type {MemberId, Micros} from "../base/quantity.ts";
import {isStarted, memberOf} from "./memberRecord.ts";
import type {Membership} from "./memberRecord.ts";

export class Publisher {
  private again: Micros | undefined;
  /** A record in which there is nothing to tell: it is asked about after every input, and seldom changes. */
  private settledIn: Membership | undefined;

  /** Whether `membership` holds the member, but not its name. */
  wants(membership: Membership, id: MemberId): boolean {
    if (membership === this.settledIn) return false;
    const self = memberOf(membership, id);
    if (self !== undefined && !isStarted(self)) return true;
    this.settledIn = membership;
    this.again = undefined;
    return false;
  }

  /** Whether to tell it now that it wants to; `every`: how long to wait before it is told again. */
  takeTurn(hasLeader: boolean, now: Micros, every: Micros): boolean {
    if (!hasLeader) {
      this.again = undefined;
      return false;
    }
    if (this.again !== undefined && now < this.again) return false;
    this.again = now + every;
    return true;
  }

  deadline(): Micros | undefined {
    return this.again;
  }

  fork(): Publisher {
    const twin = new Publisher();
    twin.again = this.again;
    twin.settledIn = this.settledIn;
    return twin;
  }

  digest(into: Hasher, now: Micros): void {
    into.int(this.again === undefined ? -1 : this.again - now);
  }
}
