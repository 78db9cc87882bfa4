// One watch of a client, across all the streams it needs: it resumes behind the last revision it delivered, so that its
// caller sees every event once and in order however often the connection breaks (etcd client/v3/watch.go). Created
// from "now on", it resumes behind the revision of the first created answer (etcd's client resumes at that revision
// itself and may deliver it twice).
//
// It takes note of progress (nothing up to the response's revision is missing) and joins what a member cut in fragments.
//
//   starting ──created──▶ open ──cancel──▶ canceling ──canceled──▶ (settled)
//      ▲                    │
//      └──retryAt── broken ◀┘ closed, or no answer in time

import {assert} from "../base/assert.ts";
import type {Hasher} from "../base/hasher.ts";
import type {MemberId, Micros, Revision} from "../base/quantity.ts";
import type {StoreEvent} from "../mvcc/kv.ts";
import type {Metadata, Response} from "../server/request.ts";
import type {WatchCreateRequest, WatchResult} from "../watch/watch.ts";
import type {ClientRules} from "./rules.ts";

/** Micros before a broken watch tries again: doubles from the first to the last. etcd: 1 ms, 100 ms. */
const backoffFirst: Micros = 1_000;
const backoffLast: Micros = 100_000;

export type WatchState =
  /** On `stream` under `id`; not answered yet. */
  | {readonly kind: "starting"; readonly stream: number; readonly id: number; readonly expires: Micros}
  | {readonly kind: "open"; readonly stream: number; readonly watchId: number}
  | {readonly kind: "canceling"; readonly stream: number; readonly expires: Micros}
  | {readonly kind: "broken"; readonly retryAt: Micros};

export class WatchCall {
  readonly call: number;
  /** Pins the endpoint; else the client chooses. */
  readonly pinned: MemberId | undefined;
  private readonly request: WatchCreateRequest;
  /** First revision that was not delivered; 0 while that is unknown. */
  private next: Revision;
  /** What came of a response that was cut. Lost with the connection: its revisions come again. */
  private fragments: readonly StoreEvent[] = [];
  /** Whether the caller was told that the watch was created. */
  private announced = false;
  private backoff = backoffFirst;
  state: WatchState = {kind: "broken", retryAt: 0};
  /** The endpoint it was opened on last, and the token that went along. */
  endpoint: MemberId = 0;
  token: string | undefined;
  /** Its token was refused, and it has not been created since. */
  renewed = false;
  readonly metadata: Metadata;
  private readonly rules: ClientRules;

  constructor(
    call: number,
    request: WatchCreateRequest,
    pinned: MemberId | undefined,
    {metadata = {}, rules}: {readonly metadata?: Metadata; readonly rules: ClientRules},
  ) {
    this.call = call;
    this.metadata = metadata;
    this.rules = rules;
    this.request = request;
    this.pinned = pinned;
    this.next = request.startRevision ?? 0;
  }

  get stream(): number | undefined {
    return this.state.kind === "broken" ? undefined : this.state.stream;
  }

  /** What to ask for to go on without gap or repetition. */
  createRequest(): WatchCreateRequest {
    if (this.next === 0) return this.request;
    return {...this.request, startRevision: this.announced ? this.rules.watchResumes(this.next) : this.next};
  }

  starting(
    endpoint: MemberId,
    state: {readonly stream: number; readonly id: number; readonly expires: Micros},
  ): void {
    this.endpoint = endpoint;
    this.state = {kind: "starting", ...state};
  }

  /** Takes an answer that does not end the watch; returns what of it the caller has not seen. */
  take(response: Response, result: WatchResult): Response | undefined {
    if (result.created === true) return this.created(response, result.watchId);
    if (result.fragment === true) {
      this.fragments = [...this.fragments, ...result.events];
      return undefined;
    }
    const all = this.fragments.length === 0 ? result.events : [...this.fragments, ...result.events];
    this.fragments = [];
    if (all.length === 0) return this.progress(response, result);
    const events = all.filter(({kv}) => kv.modRevision >= this.next);
    const last = events.at(-1);
    if (last === undefined) return undefined;
    this.next = this.rules.watchGoesOn(last.kv.modRevision);
    if (all === result.events && events.length === all.length) return response;
    const {fragment: _, ...rest} = result;
    return {...response, result: {...rest, events}};
  }

  /** Nothing up to that revision is missing. For the caller only if it asked for such news. */
  private progress(response: Response, result: WatchResult): Response | undefined {
    this.next = Math.max(this.next, response.header.revision + 1);
    return this.request.progressNotify === true || result.watchId === -1 ? response : undefined;
  }

  /** The connection is gone. */
  broken(now: Micros): void {
    this.fragments = [];
    this.state = {kind: "broken", retryAt: now + this.backoff};
    this.backoff = Math.min(2 * this.backoff, backoffLast);
  }

  deadline(): Micros | undefined {
    const {state} = this;
    if (state.kind === "open") return undefined;
    return state.kind === "broken" ? state.retryAt : state.expires;
  }

  fork(): WatchCall {
    const twin = new WatchCall(this.call, this.request, this.pinned, {
      metadata: this.metadata,
      rules: this.rules,
    });
    twin.next = this.next;
    twin.announced = this.announced;
    twin.backoff = this.backoff;
    twin.state = this.state;
    twin.endpoint = this.endpoint;
    twin.token = this.token;
    twin.renewed = this.renewed;
    twin.fragments = this.fragments;
    return twin;
  }

  digest(into: Hasher, now: Micros): void {
    into.int(this.call);
    into.int(this.pinned ?? 0);
    into.string(this.request.key);
    into.string(this.request.rangeEnd ?? "");
    into.bool(this.request.prevKv ?? false);
    into.string((this.request.filters ?? []).join());
    into.word((this.request.progressNotify === true ? 1 : 0) + (this.request.fragment === true ? 2 : 0));
    into.string(this.metadata.token ?? "");
    into.bool(this.metadata.requireLeader ?? false);
    into.string(this.token ?? "");
    into.bool(this.renewed);
    into.int(this.fragments.length);
    for (const {kv} of this.fragments) into.int(kv.modRevision);
    into.int(this.next);
    into.bool(this.announced);
    into.int(this.backoff);
    into.int(this.endpoint);
    into.string(this.state.kind);
    into.int(this.stream ?? -1);
    into.int((this.deadline() ?? now) - now);
    if (this.state.kind === "starting") into.int(this.state.id);
    if (this.state.kind === "open") into.int(this.state.watchId);
  }

  private created(response: Response, watchId: number): Response | undefined {
    const {state} = this;
    assert(state.kind === "starting", `watch of call ${this.call} was created while ${state.kind}`);
    this.state = {kind: "open", stream: state.stream, watchId};
    this.backoff = backoffFirst;
    this.renewed = false;
    if (this.announced) return undefined;
    this.announced = true;
    if (this.next === 0) this.next = this.rules.watchBegins(response.header.revision);
    return response;
  }
}
