// A tiny world for recipes: clients, and an etcd of one member made of a store and a table of leases, which answers at
// once. Messages take time, in order on each stream; time goes on only when a test lets it. A client that stands still
// gets nothing and does nothing, and its clock runs on.

import {bytesOfKey, keyOfBytes} from "../../../core/base/key.ts";
import {Client} from "../../../core/client/client.ts";
import type {ClientConfig} from "../../../core/client/client.ts";
import {formatCommand} from "../../../core/client/command.ts";
import type {ClientEffect, ClientInput, Outcome, RecipeOutcome} from "../../../core/client/io.ts";
import type {RecipeRequest, RecipeResult, Told} from "../../../core/client/recipes/recipe.ts";
import {Store} from "../../../core/mvcc/store.ts";
import type {StoreError} from "../../../core/mvcc/storeError.ts";
import type {ApiErrorName, Metadata, Request, Response, Result} from "../../../core/server/request.ts";
import {apiErrors} from "../../../core/server/request.ts";
import type {WatchCreateRequest} from "../../../core/watch/watch.ts";

export const second = 1_000_000;

interface OpenWatch {
  readonly request: WatchCreateRequest;
  readonly watchId: number;
  next: number;
}

type Answer = (stream: string, id: number, response: Response) => void;

/** One member that is never down. */
export class TinyEtcd {
  readonly store = new Store();
  readonly leases = new Map<string, {readonly ttl: number; expires: number}>();
  private readonly watches = new Map<string, OpenWatch>();
  private lastLease = 0;
  /** Refuses what it says an error for. */
  refuses: (request: Request, metadata: Metadata) => ApiErrorName | undefined = () => undefined;
  /** Does it, and says nothing. */
  swallows: (request: Request) => boolean = () => false;
  private readonly answer: Answer;

  constructor(answer: Answer) {
    this.answer = answer;
  }

  /** When the next lease ends. */
  deadline(): number {
    return Math.min(Infinity, ...[...this.leases.values()].map(({expires}) => expires));
  }

  tick(now: number): void {
    for (const [lease, {expires}] of this.leases) if (expires <= now) this.revoke(lease);
  }

  revoke(lease: string): void {
    this.leases.delete(lease);
    const keys = this.store.keys().filter((key) => {
      const found = this.store.range({kind: "range", key});
      return found.ok && found.value.kvs[0]?.lease === lease;
    });
    this.store.deleteKeys(keys);
    this.notify();
  }

  take(stream: string, id: number, request: Request, metadata: Metadata, now: number): void {
    const error = this.refuses(request, metadata);
    const result: Result | undefined =
      error === undefined ? this.do(stream, id, request, now) : {kind: "error", error: apiErrors[error]};
    if (result !== undefined && !this.swallows(request)) this.reply(stream, id, result);
    this.notify();
  }

  closed(stream: string): void {
    this.watches.delete(stream);
  }

  private reply(stream: string, id: number, result: Result): void {
    const header = {memberId: 1, revision: this.store.currentRevision, raftTerm: 1};
    this.answer(stream, id, {header, result});
  }

  private do(stream: string, id: number, request: Request, now: number): Result | undefined {
    switch (request.kind) {
      case "range":
        return taken(this.store.range(request));
      case "put":
      case "deleteRange":
      case "txn": {
        const applied = this.store.apply(request, this.leases);
        return applied.ok ? applied.value.result : taken(applied);
      }
      case "compact": {
        const compacted = this.store.compact(request.revision);
        return compacted.ok ? {kind: "compact"} : taken(compacted);
      }
      case "watchCreate":
        return this.watch(stream, id, request);
      case "watchCancel":
        this.watches.delete(stream);
        return {kind: "watch", watchId: request.watchId, canceled: true, events: []};
      default:
        return this.lease(request, now);
    }
  }

  private watch(stream: string, id: number, request: WatchCreateRequest): Result | undefined {
    const next = request.startRevision ?? this.store.currentRevision + 1;
    this.reply(stream, id, {kind: "watch", watchId: 0, created: true, events: []});
    const {compactRevision} = this.store;
    if (next < compactRevision)
      return {kind: "watch", watchId: 0, canceled: true, compactRevision, events: []};
    this.watches.set(stream, {request, watchId: 0, next});
    return undefined;
  }

  private lease(request: Request, now: number): Result {
    switch (request.kind) {
      case "leaseGrant": {
        const lease = (++this.lastLease).toString(16).padStart(16, "0");
        this.leases.set(lease, {ttl: request.ttl, expires: now + request.ttl * second});
        return {kind: "leaseGrant", lease, ttl: request.ttl};
      }
      case "leaseRevoke":
        if (!this.leases.has(request.lease)) return {kind: "error", error: apiErrors.leaseNotFound};
        this.revoke(request.lease);
        return {kind: "leaseRevoke"};
      case "leaseKeepAlive": {
        const found = this.leases.get(request.lease);
        if (found !== undefined) found.expires = now + found.ttl * second;
        return {kind: "leaseKeepAlive", lease: request.lease, ttl: found?.ttl ?? 0};
      }
      case "authenticate":
        return {kind: "authenticate", token: `token of ${request.name}`};
      default:
        return {kind: "error", error: apiErrors.unsupported};
    }
  }

  private notify(): void {
    const to = this.store.currentRevision + 1;
    for (const [stream, watch] of this.watches) {
      const {key, rangeEnd = ""} = watch.request;
      const batches = this.store.eventsBetween(watch.next, to, {from: key, to: rangeEnd});
      watch.next = Math.max(watch.next, to);
      const events = batches.flatMap((batch) => batch.events);
      if (events.length > 0) this.reply(stream, 0, {kind: "watch", watchId: watch.watchId, events});
    }
  }
}

function taken<T extends Result>(
  result: {readonly ok: true; readonly value: T} | {readonly ok: false; readonly error: StoreError},
): Result {
  return result.ok ? result.value : {kind: "error", error: apiErrors[result.error]};
}

interface Event {
  readonly at: number;
  readonly seq: number;
  readonly do: () => void;
}

export interface Site {
  readonly client: Client;
  /** What became of its recipes and what they told, by call. */
  readonly outcomes: Map<number, RecipeOutcome>;
  readonly told: {readonly call: number; readonly told: Told; readonly at: number}[];
  /** Of single requests. */
  readonly settled: Map<number, Outcome>;
  /** All requests of recipes, in words. */
  readonly invoked: string[];
  paused: boolean;
  readonly held: (() => void)[];
}

export class Scene {
  now = 0;
  readonly etcd: TinyEtcd;
  readonly sites: Site[] = [];
  /** How long a message is on its way. */
  latency: () => number;
  private readonly config: Partial<ClientConfig>;
  private readonly events: Event[] = [];
  private readonly arrivals = new Map<string, number>();
  private seq = 0;

  constructor(clients = 1, latency: () => number = () => 1000, config: Partial<ClientConfig> = {}) {
    this.latency = latency;
    this.config = config;
    this.etcd = new TinyEtcd((stream, id, response) =>
      this.send(`${stream} down`, () => this.deliver(stream, id, response)),
    );
    for (let i = 0; i < clients; i++) this.sites.push(this.makeSite());
  }

  site(index: number): Site {
    const site = this.sites[index];
    if (site === undefined) throw new Error(`there is no client ${index}`);
    return site;
  }

  /** Returns the call's number. */
  recipe(index: number, recipe: RecipeRequest): number {
    const call = this.site(index).client.nextCall;
    this.give(index, {kind: "recipe", call, recipe});
    return call;
  }

  call(index: number, request: Request): number {
    const call = this.site(index).client.nextCall;
    this.give(index, {kind: "call", call, request});
    return call;
  }

  give(index: number, input: ClientInput): void {
    const site = this.site(index);
    if (site.paused && input.kind !== "call" && input.kind !== "recipe") {
      site.held.push(() => this.give(index, input));
      return;
    }
    for (const effect of site.client.handle(input, this.now)) this.perform(index, effect);
  }

  pause(index: number): void {
    this.site(index).paused = true;
  }

  resume(index: number): void {
    const site = this.site(index);
    site.paused = false;
    for (const held of site.held.splice(0)) held();
  }

  /** A recipe that runs to its end. */
  run(index: number, recipe: RecipeRequest): RecipeOutcome {
    const call = this.recipe(index, recipe);
    return this.until(index, call);
  }

  until(index: number, call: number): RecipeOutcome {
    for (let i = 0; i < 100_000; i++) {
      const outcome = this.site(index).outcomes.get(call);
      if (outcome !== undefined) return outcome;
      if (!this.step()) break;
    }
    throw new Error(`call ${call} of client ${index} does not end`);
  }

  /** One event, or the passing of time to the next. False: nothing will ever happen. */
  step(): boolean {
    const event = this.events.reduce<Event | undefined>(
      (least, one) =>
        least === undefined || one.at < least.at || (one.at === least.at && one.seq < least.seq)
          ? one
          : least,
      undefined,
    );
    const wakes = this.sites.map(({client, paused}) => (paused ? Infinity : (client.deadline() ?? Infinity)));
    const wake = Math.min(...wakes);
    const at = Math.min(event?.at ?? Infinity, wake, this.etcd.deadline());
    if (at === Infinity) return false;
    this.now = Math.max(this.now, at);
    if (this.etcd.deadline() <= this.now) this.etcd.tick(this.now);
    else if (event !== undefined && event.at <= at) {
      this.events.splice(this.events.indexOf(event), 1);
      event.do();
    } else this.give(wakes.indexOf(wake), {kind: "wake"});
    return true;
  }

  /** Lets time pass. */
  pass(micros: number): void {
    const end = this.now + micros;
    let done = false;
    this.events.push({at: end, seq: this.seq++, do: () => (done = true)});
    while (!done) this.step();
  }

  value(key: string): string | undefined {
    const found = this.etcd.store.range({kind: "range", key});
    const kv = found.ok ? found.value.kvs[0] : undefined;
    return kv && keyOfBytes(kv.value);
  }

  private makeSite(): Site {
    const client = new Client({endpoints: [1], requestTimeout: 5 * second, draw: () => 0, ...this.config});
    return {
      client,
      outcomes: new Map(),
      told: [],
      settled: new Map(),
      invoked: [],
      paused: false,
      held: [],
    };
  }

  private perform(index: number, effect: ClientEffect): void {
    const site = this.site(index);
    switch (effect.kind) {
      case "open":
      case "watched":
        return;
      case "send": {
        const stream = `${index}/${effect.stream}`;
        const {id, request, metadata = {}} = effect;
        return this.send(`${stream} up`, () => this.etcd.take(stream, id, request, metadata, this.now));
      }
      case "close":
        return this.send(`${index}/${effect.stream} up`, () => this.etcd.closed(`${index}/${effect.stream}`));
      case "invoked":
        site.invoked.push(formatCommand(effect.request));
        return;
      case "settled":
        site.settled.set(effect.call, effect.outcome);
        return;
      case "told":
        site.told.push({call: effect.call, told: effect.told, at: this.now});
        return;
      case "finished":
        site.outcomes.set(effect.call, effect.outcome);
    }
  }

  /** First in, first out on each way of a stream. */
  private send(way: string, arrives: () => void): void {
    const at = Math.max(this.now + this.latency(), this.arrivals.get(way) ?? 0);
    this.arrivals.set(way, at);
    this.events.push({at, seq: this.seq++, do: arrives});
  }

  private deliver(stream: string, id: number, response: Response): void {
    const [index = "", number = ""] = stream.split("/");
    this.give(Number(index), {kind: "response", stream: Number(number), id, response});
  }
}

type Fitting<T, K> = T extends {readonly kind: infer U} ? (K extends U ? T : never) : never;

/** Its result; throws if it has none of that kind. */
export function resultOf<K extends RecipeResult["kind"]>(
  outcome: RecipeOutcome,
  kind: K,
): Fitting<RecipeResult, K> {
  if (outcome.kind !== "done" || outcome.result.kind !== kind)
    throw new Error(`no result of ${kind}: ${JSON.stringify(outcome)}`);
  return outcome.result as Fitting<RecipeResult, K>;
}

export function errorIn(outcome: RecipeOutcome | undefined): string | undefined {
  return outcome === undefined || outcome.kind === "done"
    ? undefined
    : `${outcome.kind} ${outcome.error.message}`;
}

export function bytes(text: string): Uint8Array {
  return bytesOfKey(text);
}
