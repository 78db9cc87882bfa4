// A client of the cluster as a machine (etcd client/v3). It talks to one endpoint until that fails it, then to the next;
// asks each call once, unless it only reads; and keeps its watches going over broken connections (watchCall.ts). It
// never repeats a write: after a timeout the outcome is unknown, and only the caller can know whether twice is harmless.

import {assert, present, unreachable} from "../base/assert.ts";
import type {Hasher} from "../base/hasher.ts";
import type {Machine} from "../base/machine.ts";
import type {MemberId, Micros} from "../base/quantity.ts";
import type {ApiError, Request, Response} from "../server/request.ts";
import {apiErrors} from "../server/request.ts";
import {digestRequest} from "../server/requestDigest.ts";
import type {WatchCreateRequest, WatchResult} from "../watch/watch.ts";
import type {ClientEffect, ClientInput, Outcome} from "./io.ts";
import {changesNothing, clientErrors, isUnavailable, outcomeOf, wantsLeader} from "./outcome.ts";
import {WatchCall} from "./watchCall.ts";

export interface ClientConfig {
  /** Members that it may talk to, ascending; at least one. */
  readonly endpoints: readonly MemberId[];
  /** A call that waits longer is given up. */
  readonly requestTimeout: Micros;
  /** An integer in [0, bound). Asked once, for the stream "endpoint": where to begin. */
  readonly draw: (stream: string, bound: number) => number;
}

/** A call on its way. */
interface Call {
  readonly call: number;
  readonly request: Request;
  readonly to: MemberId;
  /** The caller named the endpoint: no other will do. */
  readonly pinned: boolean;
  readonly stream: number;
  readonly expires: Micros;
  /** Endpoints that were asked. */
  readonly tries: number;
}

export class Client implements Machine<ClientInput, ClientEffect> {
  private readonly config: ClientConfig;
  /** Place in `endpoints`. */
  private current: number;
  /** The stream for calls, by endpoint. */
  private readonly connections = new Map<MemberId, number>();
  /** By the id under which they were sent. */
  private readonly calls = new Map<number, Call>();
  /** By call. */
  private readonly watches = new Map<number, WatchCall>();
  private nextStream = 0;
  private nextId = 1;
  private now: Micros = 0;
  /** The number of the next call: whoever asks gives this one. */
  nextCall = 1;
  private effects: ClientEffect[] = [];

  constructor(config: ClientConfig) {
    assert(config.endpoints.length > 0, "a client needs an endpoint");
    this.config = config;
    this.current = config.draw("endpoint", config.endpoints.length);
  }

  /** Where the next call goes. */
  get endpoint(): MemberId {
    return present(this.config.endpoints[this.current], "the current endpoint");
  }

  /** Calls and watches that are not settled. */
  get outstanding(): number {
    return this.calls.size + this.watches.size;
  }

  handle(input: ClientInput, now: Micros): readonly ClientEffect[] {
    this.now = now;
    this.take(input);
    const {effects} = this;
    this.effects = [];
    return effects;
  }

  deadline(): Micros | undefined {
    let least: Micros | undefined;
    for (const {expires} of this.calls.values()) if (least === undefined || expires < least) least = expires;
    for (const watch of this.watches.values()) {
      const deadline = watch.deadline();
      if (deadline !== undefined && (least === undefined || deadline < least)) least = deadline;
    }
    return least;
  }

  fork(): this {
    // The one draw was made: the twin stands where this one stands.
    const twin = new Client({...this.config, draw: () => this.current});
    for (const [endpoint, stream] of this.connections) twin.connections.set(endpoint, stream);
    for (const [id, call] of this.calls) twin.calls.set(id, call);
    for (const [call, watch] of this.watches) twin.watches.set(call, watch.fork());
    twin.nextStream = this.nextStream;
    twin.nextId = this.nextId;
    twin.nextCall = this.nextCall;
    twin.now = this.now;
    return twin as this;
  }

  digest(into: Hasher): void {
    into.int(this.current);
    into.int(this.nextStream);
    into.int(this.nextId);
    for (const [endpoint, stream] of [...this.connections].sort(([a], [b]) => a - b)) {
      into.int(endpoint);
      into.int(stream);
    }
    into.int(this.calls.size);
    for (const [id, call] of [...this.calls].sort(([a], [b]) => a - b)) {
      into.int(id);
      into.int(call.call);
      into.int(call.stream);
      into.int(call.to);
      into.bool(call.pinned);
      into.int(call.tries);
      into.int(call.expires - this.now);
      digestRequest(call.request, into);
    }
    into.int(this.watches.size);
    for (const [, watch] of [...this.watches].sort(([a], [b]) => a - b)) watch.digest(into, this.now);
  }

  private take(input: ClientInput): void {
    switch (input.kind) {
      case "call":
        return this.call(input.call, input.request, input.to);
      case "recipe":
        return this.settle(input.call, {kind: "failed", error: apiErrors.unsupported});
      case "cancel":
        return this.cancel(input.call);
      case "response":
        return this.response(input.stream, input.id, input.response);
      case "closed":
        return this.closed(input.stream);
      case "wake":
        return this.wake();
      default:
        return unreachable(input);
    }
  }

  // ---- calls

  private call(call: number, request: Request, to: MemberId | undefined): void {
    this.nextCall = Math.max(this.nextCall, call + 1);
    if (request.kind === "watchCreate") return this.watch(call, request, to);
    const expires = this.now + this.config.requestTimeout;
    this.ask({call, request, pinned: to !== undefined, expires, tries: 0}, to ?? this.endpoint);
  }

  private ask(call: Omit<Call, "to" | "stream">, to: MemberId): void {
    const stream = this.connections.get(to) ?? this.open(to);
    this.connections.set(to, stream);
    const id = this.nextId++;
    this.calls.set(id, {...call, to, stream, tries: call.tries + 1});
    this.effects.push({kind: "send", stream, id, request: call.request});
  }

  private response(stream: number, id: number, response: Response): void {
    const call = this.calls.get(id);
    if (call === undefined) return this.watchResponse(stream, response);
    const {result} = response;
    if (result.kind === "error") return this.callFailed(id, call, result.error);
    this.calls.delete(id);
    this.settle(call.call, {kind: "ok", response});
  }

  /** Settles the call, or asks the next endpoint: if it only reads and that may help, or if only the leader can answer. */
  private callFailed(id: number, call: Call, error: ApiError): void {
    this.calls.delete(id);
    const elsewhere = isUnavailable(error) ? changesNothing(call.request) : wantsLeader(error);
    if (isUnavailable(error) || wantsLeader(error)) this.moveOnFrom(call.to);
    if (elsewhere && !call.pinned && call.tries < this.config.endpoints.length)
      return this.ask(call, this.endpoint);
    this.settle(call.call, outcomeOf(call.request, error));
  }

  private cancel(number: number): void {
    const watch = this.watches.get(number);
    if (watch !== undefined) return this.cancelWatch(watch);
    for (const [id, call] of this.calls) {
      if (call.call === number) return this.callFailed(id, call, clientErrors.canceled);
    }
  }

  private closed(stream: number): void {
    for (const watch of this.watches.values()) if (watch.stream === stream) return this.watchBroken(watch);
    for (const [endpoint, connection] of this.connections) {
      if (connection === stream) this.connections.delete(endpoint);
    }
    const lost = [...this.calls].filter(([, call]) => call.stream === stream);
    for (const [id, call] of lost) this.callFailed(id, call, clientErrors.closed);
  }

  private wake(): void {
    const late = [...this.calls].filter(([, call]) => call.expires <= this.now);
    for (const [id, call] of late) {
      this.moveOnFrom(call.to);
      this.callFailed(id, call, clientErrors.deadline);
    }
    const due = [...this.watches.values()].filter((watch) => (watch.deadline() ?? Infinity) <= this.now);
    for (const watch of due) this.watchExpired(watch);
  }

  // ---- watches

  private watch(call: number, request: WatchCreateRequest, to: MemberId | undefined): void {
    const watch = new WatchCall(call, request, to);
    this.watches.set(call, watch);
    this.startWatch(watch);
  }

  private startWatch(watch: WatchCall): void {
    const to = watch.pinned ?? this.endpoint;
    const stream = this.open(to);
    const id = this.nextId++;
    watch.starting(to, {stream, id, expires: this.now + this.config.requestTimeout});
    this.effects.push({kind: "send", stream, id, request: watch.createRequest()});
  }

  private watchResponse(stream: number, response: Response): void {
    const watch = [...this.watches.values()].find((candidate) => candidate.stream === stream);
    // Nobody waits for it any more: its call was settled, or asked again elsewhere.
    if (watch === undefined) return;
    const {result} = response;
    if (result.kind === "error") return this.watchRefused(watch, stream, result.error);
    assert(result.kind === "watch", `a watch stream carries watch responses, not ${result.kind}`);
    if (result.canceled === true) return this.endWatch(watch, {kind: "ok", response});
    this.deliver(watch, response, result);
  }

  private deliver(watch: WatchCall, response: Response, result: WatchResult): void {
    const news = watch.take(response, result);
    if (news !== undefined) this.effects.push({kind: "watched", call: watch.call, response: news});
  }

  private watchRefused(watch: WatchCall, stream: number, error: ApiError): void {
    if (!isUnavailable(error)) return this.endWatch(watch, {kind: "failed", error});
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
    this.effects.push({kind: "send", stream, id: this.nextId++, request: {kind: "watchCancel", watchId}});
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
    if (watch.stream !== undefined) this.effects.push({kind: "close", stream: watch.stream});
    this.watchBroken(watch);
  }

  /** Settles the watch and closes its stream, if it has one. */
  private endWatch(watch: WatchCall, outcome: Outcome): void {
    if (watch.stream !== undefined) this.effects.push({kind: "close", stream: watch.stream});
    this.finishWatch(watch, outcome);
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
    if (this.endpoint === endpoint) this.current = (this.current + 1) % this.config.endpoints.length;
  }

  private settle(call: number, outcome: Outcome): void {
    this.effects.push({kind: "settled", call, outcome});
  }
}
