// Requests whose token this member does not know yet: the entry that assigns it is behind what is applied here, as its name
// says. They wait for it, for a client that got its token from another member must not be told that it is none (etcd
// server/auth/simple_token.go, isValidSimpleToken).

import {indexOfToken} from "../auth/tokens.ts";
import type {Hasher} from "../base/hasher.ts";
import type {Micros} from "../base/quantity.ts";
import type {Index} from "../raft/entry.ts";
import type {Asker} from "./proposals.ts";
import type {Metadata, Request} from "./request.ts";
import {digestMetadata, digestRequest} from "./requestDigest.ts";

/** A request that came too early. */
export interface EarlyRequest extends Asker {
  readonly request: Request;
  readonly metadata: Metadata;
}

interface Waiting extends EarlyRequest {
  readonly index: Index;
  readonly expires: Micros;
}

const none: readonly EarlyRequest[] = [];

export class AuthWaits {
  /** In the order in which they came, which is that of their expiry. */
  private waiting: readonly Waiting[] = [];

  /** Keeps the request if its token's entry is behind `applied`; whether it did. */
  keeps(early: EarlyRequest, applied: Index, expires: Micros): boolean {
    const index = indexOfToken(early.metadata.token ?? "");
    if (index === undefined || index <= applied) return false;
    this.waiting = [...this.waiting, {...early, index, expires}];
    return true;
  }

  /** Takes those that need wait no more. */
  ready(applied: Index): readonly EarlyRequest[] {
    if (!this.waiting.some(({index}) => index <= applied)) return none;
    const ready = this.waiting.filter(({index}) => index <= applied);
    this.waiting = this.waiting.filter(({index}) => index > applied);
    return ready;
  }

  /** Takes those whose time ran out. */
  expire(now: Micros): readonly EarlyRequest[] {
    const expired = this.waiting.filter(({expires}) => expires <= now);
    if (expired.length > 0) this.waiting = this.waiting.filter(({expires}) => expires > now);
    return expired;
  }

  deadline(): Micros | undefined {
    return this.waiting[0]?.expires;
  }

  get size(): number {
    return this.waiting.length;
  }

  /** The client is gone. */
  close(stream: number): void {
    if (this.size > 0) this.waiting = this.waiting.filter((one) => one.stream !== stream);
  }

  fork(): AuthWaits {
    const twin = new AuthWaits();
    twin.waiting = this.waiting;
    return twin;
  }

  digest(into: Hasher, now: Micros): void {
    into.int(this.waiting.length);
    for (const {stream, id, request, metadata, expires} of this.waiting) {
      into.int(stream);
      into.int(id);
      digestRequest(request, into);
      digestMetadata(metadata, into);
      into.int(expires - now);
    }
  }
}
