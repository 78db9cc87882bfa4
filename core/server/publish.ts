// A member that was added tells the others its name and where clients find it, through the log, once it knows a leader; as
// often as it takes (etcd server/etcdserver/server.go, publish). Who was there from the beginning is known already.

import type {Hasher} from "../base/hasher.ts";
import type {Micros} from "../base/quantity.ts";

export class Publisher {
  private again: Micros | undefined;

  /** Whether to tell it now; `every`: how long to wait before it is told again. */
  takeTurn(isUnknown: boolean, now: Micros, every: Micros): boolean {
    if (!isUnknown) {
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
    return twin;
  }

  digest(into: Hasher, now: Micros): void {
    into.int(this.again === undefined ? -1 : this.again - now);
  }
}
