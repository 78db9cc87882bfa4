// Clients that wait for the leadership to be handed over (etcd server.go, MoveLeader).

import type {Hasher} from "../base/hasher.ts";
import type {MemberId, Micros} from "../base/quantity.ts";
import type {Asker} from "./proposals.ts";

interface WaitingTransfer extends Asker {
  readonly target: MemberId;
  readonly expires: Micros;
}

export class Transfers {
  private waiting: readonly WaitingTransfer[] = [];

  get size(): number {
    return this.waiting.length;
  }

  add(asker: Asker, target: MemberId, expires: Micros): void {
    this.waiting = [...this.waiting, {stream: asker.stream, id: asker.id, target, expires}];
  }

  /** Takes those whose wish came true. */
  leads(leader: MemberId): readonly Asker[] {
    return this.take(({target}) => target === leader);
  }

  /** Takes those whose time ran out. */
  expire(now: Micros): readonly Asker[] {
    return this.take(({expires}) => expires <= now);
  }

  deadline(): Micros | undefined {
    return this.waiting[0]?.expires;
  }

  /** The client is gone. */
  close(stream: number): void {
    this.take((one) => one.stream === stream);
  }

  fork(): Transfers {
    const twin = new Transfers();
    twin.waiting = this.waiting;
    return twin;
  }

  digest(into: Hasher, now: Micros): void {
    into.int(this.waiting.length);
    for (const {stream, id, target, expires} of this.waiting) {
      into.int(stream);
      into.int(id);
      into.int(target);
      into.int(expires - now);
    }
  }

  private take(matches: (one: WaitingTransfer) => boolean): readonly WaitingTransfer[] {
    const taken = this.waiting.filter(matches);
    if (taken.length > 0) this.waiting = this.waiting.filter((one) => !matches(one));
    return taken;
  }
}
