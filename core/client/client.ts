// A client of the cluster as a machine (etcd client/v3). It talks to one endpoint until that fails it, then to the next;
// asks again what only reads, and what cannot have been done (outcome.ts); keeps its watches going over broken connections
// (watchCall.ts); and runs recipes (recipeRuns.ts). After a timeout a write's outcome is unknown, and only the caller can
// know whether twice is harmless.
//
//   begin ──▶ waiting for a token ──▶ sent ──▶ settled
//                                     │  ▲
//                              failed ▼  │ at once elsewhere, or, when a quorum was asked, after 25 ms
//                                    waiting

import {assert, present, unreachable} from "../base/assert.ts";
import type {Hasher} from "../base/hasher.ts";
import type {Machine} from "../base/machine.ts";
import {sooner} from "../base/quantity.ts";
import type {MemberId, Micros} from "../base/quantity.ts";
import type {ApiError, Metadata, Request, Response} from "../server/request.ts";
import {apiErrors} from "../server/request.ts";
import {digestRequest} from "../server/requestDigest.ts";
import type {WatchCreateRequest, WatchResult} from "../watch/watch.ts";
import type {ClientEffect, ClientInput, Outcome} from "./io.ts";
import {Login} from "./login.ts";
import type {User} from "./login.ts";
import {clientErrors, isUnavailable, wantsLeader} from "./outcome.ts";
import {RecipeRuns} from "./recipeRuns.ts";
import type {RecipeRequest} from "./recipes/recipe.ts";
import {clientRules} from "./rules.ts";
import type {ClientRules} from "./rules.ts";
import {WatchCall} from "./watchCall.ts";

export interface ClientConfig {
  /** Members that it may talk to, ascending; at least one. */
  readonly endpoints: readonly MemberId[];
  /** A call that waits longer is given up. */
  readonly requestTimeout: Micros;
  /** An integer in [0, bound). Asked once, for the stream "endpoint": where to begin. */
  readonly draw: (stream: string, bound: number) => number;
  /** Who it is; absent: nobody in particular. */
  readonly user?: User;
  /** Rather an error than an answer of a member that knows no leader; a session is given up then. */
  readonly requireLeader?: boolean;
  /** How often the endpoints become those of the members; absent or 0: never. etcd: AutoSyncInterval. */
  readonly endpointsSync?: Micros;
  /** Absent: etcd's. */
  readonly rules?: ClientRules;
}

/** etcd: BackoffWaitBetween, without its jitter of a tenth. */
const backoff: Micros = 25_000;
/** etcd: defaultUnaryMaxRetries. */
const triesMax = 100;
/** The client's own calls have numbers that nobody else's have. */
const tokenCall = -1;
const membersCall = -2;
const nothingAlong: Metadata = {};

/** Something to be asked. */
interface Wanted {
  readonly call: number;
  readonly request: Request;
  /** What the caller wants to go along. */
  readonly metadata: Metadata;
  /** The endpoint that the caller named: no other will do. */
  readonly pinned: MemberId | undefined;
  readonly expires: Micros;
  /** Endpoints that were asked. */
  readonly tries: number;
  /** Not asked again by itself. */
  readonly once: boolean;
  /** One of the tries may have been done, so that no later refusal is definite. */
  readonly maybe: boolean;
  /** It was refused for its token already. */
  readonly renewed: boolean;
}

/** On its way. */
interface Call extends Wanted {
  readonly to: MemberId;
  readonly stream: number;
  /** That went along. */
  readonly token: string | undefined;
}

interface Waiting {
  readonly wanted: Wanted;
  /** When to ask; absent: when there is a token (a progress request: when a watch is told). */
  readonly at?: Micros;
}

export class Client implements Machine<ClientInput, ClientEffect> {
  private readonly config: ClientConfig;
  private endpoints: readonly MemberId[];
  /** Place in `endpoints`. */
  private current: number;
  /** The stream for calls, by endpoint. */
  private readonly connections = new Map<MemberId, number>();
  /** By the id under which they were sent. */
  private readonly calls = new Map<number, Call>();
  /** By call. */
  private readonly waiting = new Map<number, Waiting>();
  /** By call. */
  private readonly watches = new Map<number, WatchCall>();
  private recipes: RecipeRuns;
  private login: Login;
  private nextStream = 0;
  private nextId = 1;
  private next = 1;
  /** When to ask for the members. */
  private syncAt: Micros | undefined;
  private now: Micros = 0;
  private effects: ClientEffect[] = [];

  constructor(config: ClientConfig) {
    assert(config.endpoints.length > 0, "a client needs an endpoint");
    this.config = config;
    this.endpoints = config.endpoints;
    this.current = config.draw("endpoint", config.endpoints.length);
    this.login = new Login(config.user);
    this.recipes = new RecipeRuns(this.host());
  }

  private get rules(): ClientRules {
    return this.config.rules ?? clientRules;
  }

  /** Where the next call goes. */
  get endpoint(): MemberId {
    return present(this.endpoints[this.current], "the current endpoint");
  }

  /** The number of the next call: whoever asks gives this one. */
  get nextCall(): number {
    return this.next;
  }

  /** Calls, watches and recipes that are not settled. */
  get outstanding(): number {
    return this.calls.size + this.waiting.size + this.watches.size + this.recipes.size;
  }

  handle(input: ClientInput, now: Micros): readonly ClientEffect[] {
    this.now = now;
    this.take(input);
    this.recipes.advance(now);
    this.syncEndpoints();
    const {effects} = this;
    this.effects = [];
    return effects;
  }

  deadline(): Micros | undefined {
    // Asked after every event: no lists are made.
    let least = sooner(this.recipes.deadline(), this.syncAt);
    for (const {expires} of this.calls.values()) least = sooner(least, expires);
    for (const {wanted, at} of this.waiting.values()) least = sooner(sooner(least, wanted.expires), at);
    for (const watch of this.watches.values()) least = sooner(least, watch.deadline());
    return least;
  }

  fork(): this {
    // The one draw was made: the twin stands where this one stands.
    const twin = new Client({...this.config, draw: () => this.current});
    twin.endpoints = this.endpoints;
    for (const [endpoint, stream] of this.connections) twin.connections.set(endpoint, stream);
    for (const [id, call] of this.calls) twin.calls.set(id, call);
    for (const [call, waiting] of this.waiting) twin.waiting.set(call, waiting);
    for (const [call, watch] of this.watches) twin.watches.set(call, watch.fork());
    twin.recipes = this.recipes.fork(twin.host());
    twin.login = this.login.fork();
    twin.nextStream = this.nextStream;
    twin.nextId = this.nextId;
    twin.next = this.next;
    twin.syncAt = this.syncAt;
    twin.now = this.now;
    return twin as this;
  }

  digest(into: Hasher): void {
    into.int(this.current);
    into.int(this.nextStream);
    into.int(this.nextId);
    into.int(this.next);
    into.int((this.syncAt ?? this.now) - this.now);
    for (const endpoint of this.endpoints) into.int(endpoint);
    for (const [endpoint, stream] of byNumber(this.connections)) {
      into.int(endpoint);
      into.int(stream);
    }
    into.int(this.calls.size);
    for (const [id, call] of byNumber(this.calls)) {
      into.int(id);
      into.int(call.stream);
      into.int(call.to);
      into.string(call.token ?? "");
      digestWanted(call, into, this.now);
    }
    into.int(this.waiting.size);
    for (const [, {wanted, at}] of byNumber(this.waiting)) {
      into.int(at === undefined ? -1 : at - this.now);
      digestWanted(wanted, into, this.now);
    }
    into.int(this.watches.size);
    for (const [, watch] of byNumber(this.watches)) watch.digest(into, this.now);
    this.recipes.digest(into, this.now);
    this.login.digest(into);
  }

  private take(input: ClientInput): void {
    switch (input.kind) {
      case "call":
        this.count(input.call);
        return this.call(input.call, input.request, input.to, input.metadata);
      case "recipe":
        this.count(input.call);
        return this.recipe(input.call, input.recipe);
      case "cancel":
        return this.cancel(input.call);
      case "response":
        return this.response(input.stream, input.id, input.response);
      case "closed":
        return this.closed(input.stream, input.unused === true);
      case "wake":
        return this.wake();
      default:
        return unreachable(input);
    }
  }

  private count(call: number): void {
    if (call !== this.next) assert(false, `the next call is ${this.next}, not ${call}`);
    this.next++;
  }

  // ---- calls

  private call(
    call: number,
    request: Request,
    pinned?: MemberId,
    metadata = nothingAlong,
    once = false,
  ): void {
    if (request.kind === "watchCreate") return this.watch(call, request, pinned, metadata);
    this.begin({
      call,
      request,
      metadata,
      pinned,
      expires: this.now + this.config.requestTimeout,
      tries: 0,
      once,
      maybe: false,
      renewed: false,
    });
  }

  private begin(wanted: Wanted): void {
    if (wanted.request.kind === "watchProgress") return this.askProgress(wanted);
    if (this.login.waits && wanted.call !== tokenCall) {
      this.waiting.set(wanted.call, {wanted});
      return this.askToken();
    }
    const to = wanted.pinned ?? this.endpoint;
    const stream = this.connections.get(to) ?? this.open(to);
    this.connections.set(to, stream);
    const along = this.metadata(wanted.metadata, wanted.call === tokenCall);
    const id = this.nextId++;
    // Field by field: a spread of so many is slow.
    this.calls.set(id, {
      call: wanted.call,
      request: wanted.request,
      metadata: wanted.metadata,
      pinned: wanted.pinned,
      expires: wanted.expires,
      tries: wanted.tries + 1,
      once: wanted.once,
      maybe: wanted.maybe,
      renewed: wanted.renewed,
      to,
      stream,
      token: along.token,
    });
    this.effects.push(sending(stream, id, this.rules.asked(wanted.request), along));
  }

  private response(stream: number, id: number, response: Response): void {
    const call = this.calls.get(id);
    if (call === undefined) return this.watchResponse(stream, response);
    const {result} = response;
    if (result.kind === "error") return this.callFailed(id, call, result.error);
    this.calls.delete(id);
    this.settle(call.call, {kind: "ok", response});
  }

  /** Settles the call, or asks again: with another token, elsewhere, or later. */
  private callFailed(id: number, call: Call, error: ApiError): void {
    this.calls.delete(id);
    if (isUnavailable(error) || wantsLeader(error)) this.moveOnFrom(call.to);
    if (!call.renewed && this.login.renews(error.message, call.token))
      return this.begin({...call, renewed: true});
    if (!this.asksAgain(call, error)) return this.giveUp(call, error);
    const outcome = this.rules.outcomeOf(call.request, error);
    const wanted = {...call, maybe: call.maybe || outcome.kind === "unknown"};
    const quorum = Math.floor(this.endpoints.length / 2) + 1;
    if (call.tries % quorum === 0 && !wantsLeader(error))
      this.waiting.set(call.call, {wanted, at: this.now + backoff});
    else this.begin(wanted);
  }

  private asksAgain(call: Call, error: ApiError): boolean {
    if (call.pinned !== undefined || call.once) return false;
    if (wantsLeader(error)) return call.tries < this.endpoints.length;
    return call.tries < triesMax && this.rules.mayRepeat(call.request, error);
  }

  /** No more tries. */
  private giveUp({call, request, maybe}: Wanted, error: ApiError): void {
    this.settle(call, maybe ? {kind: "unknown", error} : this.rules.outcomeOf(request, error));
  }

  private cancel(number: number): void {
    if (this.recipes.cancel(number)) return;
    const watch = this.watches.get(number);
    if (watch !== undefined) return this.cancelWatch(watch);
    const waiting = this.waiting.get(number);
    if (waiting !== undefined) return this.stopWaiting(waiting, clientErrors.canceled);
    for (const [id, call] of this.calls) {
      if (call.call === number) return this.callFailed(id, call, clientErrors.canceled);
    }
  }

  /** It was not asked, or not again: what is not known is only what an earlier try did. */
  private stopWaiting({wanted: {call, maybe}}: Waiting, error: ApiError): void {
    this.waiting.delete(call);
    this.settle(call, {kind: maybe ? "unknown" : "failed", error});
  }

  private closed(stream: number, unused: boolean): void {
    for (const watch of this.watches.values()) if (watch.stream === stream) return this.watchBroken(watch);
    for (const [endpoint, connection] of this.connections) {
      if (connection === stream) this.connections.delete(endpoint);
    }
    const lost = [...this.calls].filter(([, call]) => call.stream === stream);
    const error = unused ? clientErrors.noConnection : clientErrors.closed;
    for (const [id, call] of lost) this.callFailed(id, call, error);
  }

  private wake(): void {
    const late = [...this.calls].filter(([, call]) => call.expires <= this.now);
    for (const [id, call] of late) {
      this.moveOnFrom(call.to);
      this.callFailed(id, call, clientErrors.deadline);
    }
    const ready = [...this.waiting.values()].filter(
      ({wanted, at}) => Math.min(wanted.expires, at ?? Infinity) <= this.now,
    );
    for (const waiting of ready) {
      if (waiting.wanted.expires <= this.now) this.stopWaiting(waiting, clientErrors.deadline);
      else this.goOn(waiting);
    }
    const due = [...this.watches.values()].filter((watch) => (watch.deadline() ?? Infinity) <= this.now);
    for (const watch of due) this.watchExpired(watch);
    this.recipes.wake(this.now);
  }

  private goOn({wanted}: Waiting): void {
    this.waiting.delete(wanted.call);
    this.begin(wanted);
  }

  private settle(call: number, outcome: Outcome): void {
    if (call === tokenCall) return this.tokenCame(outcome);
    if (call === membersCall) return this.membersCame(outcome);
    this.effects.push({kind: "settled", call, outcome});
    this.recipes.settled(call, outcome, this.now);
  }

  // ---- recipes

  private recipe(call: number, recipe: RecipeRequest): void {
    this.recipes.start(call, recipe, this.now);
  }

  private host(): ConstructorParameters<typeof RecipeRuns>[0] {
    return {
      invoke: (parent, request, once) => {
        const call = this.next++;
        this.effects.push({kind: "invoked", call, parent, request});
        this.call(call, request, undefined, nothingAlong, once);
        return call;
      },
      cancel: (call) => this.cancel(call),
      emit: (effect) => this.effects.push(effect),
      requireLeader: this.config.requireLeader === true,
      believesUntil: this.rules.believesUntil,
      recipeOf: this.rules.recipeOf,
    };
  }

  // ---- what goes along

  private metadata(given: Metadata, bare = false): Metadata {
    const token = bare ? undefined : (given.token ?? this.login.token);
    const requireLeader = given.requireLeader ?? this.config.requireLeader;
    if (token === undefined && requireLeader === undefined) return nothingAlong;
    return {
      ...(token === undefined ? {} : {token}),
      ...(requireLeader === undefined ? {} : {requireLeader}),
    };
  }

  private askToken(): void {
    const user = this.login.asks();
    if (user !== undefined) this.call(tokenCall, {kind: "authenticate", ...user});
  }

  private tokenCame(outcome: Outcome): void {
    const result = outcome.kind === "ok" ? outcome.response.result : undefined;
    if (result?.kind === "authenticate") this.login.got(result.token);
    const error = (outcome.kind === "ok" ? undefined : outcome.error) ?? clientErrors.canceled;
    const goes = result?.kind === "authenticate" || this.login.refused(error);
    const waiting = [...this.waiting.values()].filter(
      ({wanted, at}) => at === undefined && wanted.request.kind !== "watchProgress",
    );
    for (const one of waiting) {
      if (goes) this.goOn(one);
      else this.stopWaiting(one, error);
    }
    if (goes || isUnavailable(error) || error.code === "DeadlineExceeded") return;
    for (const watch of this.watches.values()) {
      if (watch.stream === undefined) this.finishWatch(watch, {kind: "failed", error});
    }
  }

  // ---- endpoints

  private syncEndpoints(): void {
    const {endpointsSync = 0} = this.config;
    if (endpointsSync === 0) return;
    this.syncAt ??= this.now + endpointsSync;
    if (this.syncAt > this.now) return;
    this.syncAt = this.now + Math.max(endpointsSync, this.config.requestTimeout);
    this.call(membersCall, {kind: "memberList", linearizable: true});
  }

  /** Those that started and vote. Nothing changes if there are none, or no answer. */
  private membersCame(outcome: Outcome): void {
    const result = outcome.kind === "ok" ? outcome.response.result : undefined;
    if (result?.kind !== "members") return;
    const endpoints = result.members
      .filter(({name, isLearner}) => name !== "" && !isLearner)
      .map(({member}) => member);
    if (endpoints.length === 0) return;
    const place = endpoints.indexOf(this.endpoint);
    this.current = place < 0 ? this.current % endpoints.length : place;
    this.endpoints = endpoints;
  }

  // ---- watches

  private watch(
    call: number,
    request: WatchCreateRequest,
    to: MemberId | undefined,
    metadata: Metadata,
  ): void {
    const watch = new WatchCall(call, request, to, {metadata, rules: this.rules});
    this.watches.set(call, watch);
    this.startWatch(watch);
  }

  private startWatch(watch: WatchCall): void {
    if (this.login.waits) {
      this.askToken();
      // It looks again soon.
      return watch.broken(this.now);
    }
    const to = watch.pinned ?? this.endpoint;
    const stream = this.open(to);
    const id = this.nextId++;
    watch.starting(to, {stream, id, expires: this.now + this.config.requestTimeout});
    watch.token = this.login.token;
    this.effects.push(sending(stream, id, watch.createRequest(), this.metadata(watch.metadata)));
  }

  private watchResponse(stream: number, response: Response): void {
    const watch = [...this.watches.values()].find((candidate) => candidate.stream === stream);
    // Nobody waits for it any more: its call was settled, or asked again elsewhere.
    if (watch === undefined) return;
    const {result} = response;
    if (result.kind === "error") return this.watchRefused(watch, stream, result.error);
    assert(result.kind === "watch", `a watch stream carries watch responses, not ${result.kind}`);
    if (result.canceled === true) return this.watchCanceled(watch, response, result);
    this.deliver(watch, response, result);
    if (result.watchId === -1 && result.created !== true) this.progressCame(response);
  }

  /** By the member: it is over, unless only the token was refused. */
  private watchCanceled(watch: WatchCall, response: Response, result: WatchResult): void {
    const isMine = watch.state.kind === "canceling";
    if (isMine || watch.renewed || !this.login.renews(result.cancelReason, watch.token))
      return this.endWatch(watch, {kind: "ok", response});
    watch.renewed = true;
    this.closeWatchStream(watch);
    watch.broken(this.now);
  }

  private deliver(watch: WatchCall, response: Response, result: WatchResult): void {
    const news = watch.take(response, result);
    if (news === undefined) return;
    this.effects.push({kind: "watched", call: watch.call, response: news});
    this.recipes.watched(watch.call, news);
  }

  private watchRefused(watch: WatchCall, stream: number, error: ApiError): void {
    // Whoever wants a leader is told that there is none.
    const isOver = !isUnavailable(error) || error.message === apiErrors.noLeader.message;
    if (isOver) return this.endWatch(watch, {kind: "failed", error});
    this.effects.push({kind: "close", stream});
    this.watchBroken(watch);
  }

  /** A person's hand. Nobody to tell while it is not open: then it just ends. */
  private cancelWatch(watch: WatchCall): void {
    const {state} = watch;
    if (state.kind === "canceling") return;
    if (state.kind !== "open") return this.endWatch(watch, {kind: "failed", error: clientErrors.canceled});
    const {stream, watchId} = state;
    watch.state = {kind: "canceling", stream, expires: this.now + this.config.requestTimeout};
    this.effects.push(sending(stream, this.nextId++, {kind: "watchCancel", watchId}, nothingAlong));
  }

  private watchBroken(watch: WatchCall): void {
    if (watch.state.kind === "canceling")
      return this.finishWatch(watch, {kind: "failed", error: clientErrors.canceled});
    this.moveOnFrom(watch.endpoint);
    watch.broken(this.now);
  }

  private watchExpired(watch: WatchCall): void {
    const {state} = watch;
    if (state.kind === "broken") return this.startWatch(watch);
    if (state.kind === "canceling")
      return this.endWatch(watch, {kind: "failed", error: clientErrors.canceled});
    this.closeWatchStream(watch);
    this.watchBroken(watch);
  }

  /** Settles the watch and closes its stream, if it has one. */
  private endWatch(watch: WatchCall, outcome: Outcome): void {
    this.closeWatchStream(watch);
    this.finishWatch(watch, outcome);
  }

  private closeWatchStream({stream}: WatchCall): void {
    if (stream !== undefined) this.effects.push({kind: "close", stream});
  }

  /** On all watches' streams; settled by the first answer. Members answer it only on a stream whose watches are synced. */
  private askProgress(wanted: Wanted): void {
    this.waiting.set(wanted.call, {wanted});
    for (const [, {state}] of byNumber(this.watches)) {
      if (state.kind === "open")
        this.effects.push(sending(state.stream, this.nextId++, wanted.request, nothingAlong));
    }
  }

  private progressCame(response: Response): void {
    const waiting = [...this.waiting.values()].filter(({wanted}) => wanted.request.kind === "watchProgress");
    for (const {wanted} of waiting) {
      this.waiting.delete(wanted.call);
      this.settle(wanted.call, {kind: "ok", response});
    }
  }

  private finishWatch(watch: WatchCall, outcome: Outcome): void {
    this.watches.delete(watch.call);
    this.settle(watch.call, outcome);
  }

  // ---- connections

  private open(to: MemberId): number {
    const stream = this.nextStream++;
    this.effects.push({kind: "open", stream, to});
    return stream;
  }

  /** The endpoint failed: the next calls go elsewhere, unless that was decided already. */
  private moveOnFrom(endpoint: MemberId): void {
    if (this.endpoint === endpoint) this.current = (this.current + 1) % this.endpoints.length;
  }
}

function sending(stream: number, id: number, request: Request, metadata: Metadata): ClientEffect {
  return metadata === nothingAlong
    ? {kind: "send", stream, id, request}
    : {kind: "send", stream, id, request, metadata};
}

function byNumber<T>(map: ReadonlyMap<number, T>): readonly (readonly [number, T])[] {
  return [...map].sort(([a], [b]) => a - b);
}

function digestWanted(wanted: Wanted, into: Hasher, now: Micros): void {
  into.int(wanted.call);
  into.int(wanted.pinned ?? 0);
  into.int(wanted.tries);
  into.int(wanted.expires - now);
  into.word((wanted.once ? 1 : 0) + (wanted.maybe ? 2 : 0) + (wanted.renewed ? 4 : 0));
  into.string(wanted.metadata.token ?? "");
  into.bool(wanted.metadata.requireLeader ?? false);
  digestRequest(wanted.request, into);
}
