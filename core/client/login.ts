// A client's token: fetched before anything else is asked, sent along with everything, and fetched anew when a member
// does not take it any more (etcd client/v3: getToken, refreshToken, shouldRefreshToken).
//
//   none ──wanted──▶ asked ──token──▶ has ──"invalid auth token", "revision of auth store is old"──▶ none
//                      └──"authentication is not enabled"──▶ off ──"user name is empty"──▶ none

import type {Hasher} from "../base/hasher.ts";
import type {Key} from "../base/key.ts";
import type {ApiError} from "../server/request.ts";
import {apiErrors} from "../server/request.ts";

export interface User {
  readonly name: Key;
  readonly password: Key;
}

type State = {readonly kind: "none" | "asked" | "off"} | {readonly kind: "has"; readonly token: string};

export class Login {
  private readonly user: User | undefined;
  private state: State = {kind: "none"};

  constructor(user: User | undefined) {
    this.user = user;
  }

  /** Whether a request has to wait for a token. */
  get waits(): boolean {
    return this.user !== undefined && (this.state.kind === "none" || this.state.kind === "asked");
  }

  get token(): string | undefined {
    return this.state.kind === "has" ? this.state.token : undefined;
  }

  /** Whom to authenticate now, unless that is on its way. */
  asks(): User | undefined {
    if (this.state.kind !== "none") return undefined;
    this.state = {kind: "asked"};
    return this.user;
  }

  got(token: string): void {
    this.state = {kind: "has", token};
  }

  /** No token came. Returns whether requests may go without one. */
  refused(error: ApiError): boolean {
    const off = error.message === apiErrors.authNotEnabled.message;
    this.state = {kind: off ? "off" : "none"};
    return off;
  }

  /** Whether a request that was refused so, with that token, should be asked again with a new one. */
  renews(message: string | undefined, token: string | undefined): boolean {
    if (this.user === undefined || !renewing.has(message ?? "")) return false;
    // Another request may have found out first.
    if (this.token === token && this.state.kind !== "asked") this.state = {kind: "none"};
    return true;
  }

  fork(): Login {
    const twin = new Login(this.user);
    twin.state = this.state;
    return twin;
  }

  digest(into: Hasher): void {
    into.string(this.user?.name ?? "");
    into.string(this.state.kind);
    into.string(this.token ?? "");
  }
}

/** None of them was done: the member checks the token first, and the auth revision when it applies. */
const renewing: ReadonlySet<string> = new Set([
  apiErrors.invalidAuthToken.message,
  apiErrors.authOldRevision.message,
  apiErrors.userEmpty.message,
]);
