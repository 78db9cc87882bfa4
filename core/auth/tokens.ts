// The tokens that one member knows, in its memory only: gone after a restart, and different from member to member in how long
// they last, since each counts from when it was asked itself (etcd server/auth/simple_token.go).

import type {Hasher} from "../base/hasher.ts";
import type {Key} from "../base/key.ts";
import {compareKeys} from "../base/key.ts";
import type {Micros} from "../base/quantity.ts";

/** What an applied entry does to tokens. */
export type TokenChange =
  | {readonly kind: "assign"; readonly token: string; readonly user: Key}
  | {readonly kind: "invalidateUser"; readonly user: Key}
  | {readonly kind: "clear"};

/** Letters of a token before its point. */
export const tokenLetters = 16;

const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

interface Held {
  readonly user: Key;
  readonly expires: Micros;
}

/** The first half of a token; behind it comes a point and the index of the entry that assigns it. */
export function tokenPrefix(draw: (bound: number) => number): string {
  let prefix = "";
  for (let i = 0; i < tokenLetters; i++) prefix += alphabet[draw(alphabet.length)] ?? "";
  return prefix;
}

/** The index of the entry that assigns it; undefined if it is no token. */
export function indexOfToken(token: string): number | undefined {
  const parts = token.split(".");
  const [, digits = ""] = parts;
  return parts.length === 2 && /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
}

export class Tokens {
  private readonly ttl: Micros;
  private readonly held: Map<string, Held>;

  /** `ttl`: how long a token is good after its last use. */
  constructor(ttl: Micros, held: ReadonlyMap<string, Held> = new Map()) {
    this.ttl = ttl;
    this.held = new Map(held);
  }

  /** Whose it is; to ask is to use it. */
  use(token: string, now: Micros): Key | undefined {
    const found = this.held.get(token);
    if (found === undefined || found.expires <= now) return undefined;
    this.held.set(token, {...found, expires: now + this.ttl});
    return found.user;
  }

  take(change: TokenChange, now: Micros): void {
    if (change.kind === "clear") this.held.clear();
    else if (change.kind === "invalidateUser") this.keep(({user}) => user !== change.user);
    else {
      this.keep(({expires}) => expires > now);
      this.held.set(change.token, {user: change.user, expires: now + this.ttl});
    }
  }

  fork(): Tokens {
    return new Tokens(this.ttl, this.held);
  }

  /** Those that are still good, by name. */
  digest(into: Hasher, now: Micros): void {
    const good = [...this.held].filter(([, {expires}]) => expires > now);
    into.int(good.length);
    for (const [token, {user, expires}] of good.sort(([a], [b]) => compareKeys(a, b))) {
      into.string(token);
      into.string(user);
      into.int(expires - now);
    }
  }

  private keep(wanted: (held: Held) => boolean): void {
    for (const [token, held] of this.held) if (!wanted(held)) this.held.delete(token);
  }
}
