// A client of a real etcd: the client machine of core (endpoints, retries, watches that resume, recipes), its streams
// carried by gRPC and its time by a real clock.
//
//   call, watch, recipe ──▶ Client ──open, send, close──▶ Connection ──gRPC──▶ etcd
//        ◀── promises ──────  ▲  │                            │
//                      wake ──┘  └──◀── response, closed ─────┘

import {randomInt} from "node:crypto";
import {performance} from "node:perf_hooks";
import {unreachable} from "../../core/base/assert.ts";
import {clientErrors} from "../../core/client/outcome.ts";
import {Client} from "../../core/client/client.ts";
import type {ClientConfig} from "../../core/client/client.ts";
import type {ClientEffect, ClientInput, Outcome, RecipeOutcome} from "../../core/client/io.ts";
import type {RecipeRequest, Told} from "../../core/client/recipes/recipe.ts";
import type {MemberId, Micros} from "../../core/base/quantity.ts";
import {apiErrors} from "../../core/server/request.ts";
import type {ApiError, Metadata, Request, Response} from "../../core/server/request.ts";
import type {WatchCreateRequest} from "../../core/watch/watch.ts";
import {Connection} from "./connection.ts";
import type {WatchStream} from "./connection.ts";
import {MemberIds} from "./quantities.ts";
import {errorResponse} from "./responseWire.ts";

/** Who asks, and how. */
export interface LiveOptions extends Pick<ClientConfig, "user"> {
  /** Micros after which a call is given up. Default: etcdctl's 5 s. */
  readonly requestTimeout?: Micros;
}

/** A call that was not answered as asked. */
export class CallError extends Error {
  /** "unknown": it may have been done all the same. */
  readonly outcome: "failed" | "unknown";
  readonly error: ApiError;

  constructor(outcome: "failed" | "unknown", error: ApiError) {
    super(error.message);
    this.outcome = outcome;
    this.error = error;
  }
}

interface Calling {
  readonly response?: (response: Response) => void;
  readonly told?: (told: Told) => void;
  readonly over: (outcome: Outcome | RecipeOutcome) => void;
}

export class Live {
  private readonly client: Client;
  private readonly connections: ReadonlyMap<MemberId, Connection>;
  /** The client's streams: to whom, and the gRPC stream if it is one of a watch. */
  private readonly streams = new Map<number, {readonly to: MemberId; watch?: WatchStream}>();
  private readonly calling = new Map<number, Calling>();
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  private constructor(connections: ReadonlyMap<MemberId, Connection>, options: LiveOptions) {
    this.connections = connections;
    this.client = new Client({
      requestTimeout: 5_000_000,
      ...options,
      endpoints: [...connections.keys()],
      draw: (_, bound) => randomInt(bound),
    });
  }

  /**
   * Connects to all members at `targets` (host:port), which must answer: the first is member 1, and so on; members that
   * are heard of later get the next numbers.
   */
  static async connect(targets: readonly string[], options: LiveOptions = {}): Promise<Live> {
    const ids = new MemberIds();
    ids.meeting = true;
    const connections = new Map(targets.map((target, i) => [i + 1, new Connection(target, ids)]));
    const live = new Live(connections, options);
    try {
      for (const to of connections.keys()) await live.call({kind: "status"}, {to});
      ids.meeting = false;
    } catch (error) {
      live.close();
      throw error;
    }
    return live;
  }

  /** Asks once; rejects with {@link CallError}. `to`: that member and no other. */
  async call(
    request: Exclude<Request, WatchCreateRequest>,
    how: {to?: MemberId; metadata?: Metadata} = {},
  ): Promise<Response> {
    const outcome = await new Promise<Outcome | RecipeOutcome>((over) => {
      this.start({over}, (call) => ({kind: "call", call, request, ...how}));
    });
    if (outcome.kind === "ok") return outcome.response;
    throw failure(outcome);
  }

  /** All responses, the first of them created, until it is cancelled; leaving the loop cancels it. */
  async *watch(
    request: WatchCreateRequest,
    how: {to?: MemberId; metadata?: Metadata} = {},
  ): AsyncGenerator<Response> {
    const news = new Mailbox<Response | {readonly outcome: Outcome | RecipeOutcome}>();
    const {response, over} = {
      response: (one: Response) => news.put(one),
      over: (outcome: Outcome | RecipeOutcome) => news.put({outcome}),
    };
    const call = this.start({response, over}, (number) => ({kind: "call", call: number, request, ...how}));
    try {
      for (;;) {
        const next = await news.take();
        if ("header" in next) yield next;
        else if (next.outcome.kind === "ok") return yield next.outcome.response;
        else throw failure(next.outcome);
      }
    } finally {
      if (this.calling.has(call)) this.handle({kind: "cancel", call});
    }
  }

  /** Runs a recipe to its end; `told`: its news, also those after its end. The answer has the number other recipes name it by. */
  async recipe(
    recipe: RecipeRequest,
    told?: (news: Told) => void,
  ): Promise<{readonly call: number; readonly outcome: RecipeOutcome}> {
    return new Promise((done) => {
      const call = this.start(
        {
          ...(told === undefined ? {} : {told}),
          over: (outcome) => done({call, outcome: outcome as RecipeOutcome}),
        },
        (number) => ({kind: "recipe", call: number, recipe}),
      );
    });
  }

  /** The member that the next call goes to. */
  get endpoint(): MemberId {
    return this.client.endpoint;
  }

  /** Stops a call or a recipe by its number. */
  cancel(call: number): void {
    this.handle({kind: "cancel", call});
  }

  /** Breaks everything off; what waits is answered as if the connections broke. */
  close(): void {
    // What the broken connections answer is not heard any more: the client would open new ones.
    this.isClosed = true;
    clearTimeout(this.timer);
    for (const {watch} of this.streams.values()) watch?.close();
    for (const connection of this.connections.values()) connection.close();
    const waiting = [...this.calling.values()];
    this.calling.clear();
    for (const {over} of waiting) over({kind: "unknown", error: clientErrors.closed});
  }

  private start(calling: Calling, input: (call: number) => ClientInput): number {
    const call = this.client.nextCall;
    this.calling.set(call, calling);
    this.handle(input(call));
    return call;
  }

  private handle(input: ClientInput): void {
    if (this.isClosed) return;
    const now = Math.round(performance.now() * 1000);
    for (const effect of this.client.handle(input, now)) this.perform(effect);
    clearTimeout(this.timer);
    const deadline = this.client.deadline();
    if (deadline === undefined) return;
    this.timer = setTimeout(
      () => this.handle({kind: "wake"}),
      Math.max(0, Math.ceil((deadline - now) / 1000)),
    );
  }

  private perform(effect: ClientEffect): void {
    switch (effect.kind) {
      case "open":
        this.streams.set(effect.stream, {to: effect.to});
        return;
      case "send":
        return this.send(effect.stream, effect.id, effect.request, effect.metadata);
      case "close":
        this.streams.get(effect.stream)?.watch?.close();
        this.streams.delete(effect.stream);
        return;
      case "watched":
        return this.calling.get(effect.call)?.response?.(effect.response);
      case "told":
        return this.calling.get(effect.call)?.told?.(effect.told);
      case "settled":
        return this.over(effect.call, effect.outcome);
      case "finished":
        return this.over(effect.call, effect.outcome);
      // Of a recipe: its own business.
      case "invoked":
        return;
      default:
        return unreachable(effect);
    }
  }

  /** A recipe's news may come after its end, so who listens to them stays. */
  private over(call: number, outcome: Outcome | RecipeOutcome): void {
    const calling = this.calling.get(call);
    if (calling === undefined) return;
    if (calling.told === undefined) this.calling.delete(call);
    calling.over(outcome);
  }

  private send(stream: number, id: number, request: Request, metadata: Metadata = {}): void {
    const open = this.streams.get(stream);
    const connection = open && this.connections.get(open.to);
    if (open === undefined || connection === undefined) return;
    // Answers come later, never within a call of the machine.
    const answer = (response: Response): void => {
      queueMicrotask(() => this.answered(stream, id, response));
    };
    switch (request.kind) {
      case "watchCreate":
        open.watch = this.openWatch(connection, stream, id, metadata);
        return open.watch.send(request);
      case "watchCancel":
      case "watchProgress":
        return open.watch?.send(request);
      case "leaseKeepAlive":
        return connection.keepAlive(request, answer);
      case "reconfigure":
        return answer(errorResponse(apiErrors.unsupported));
      default:
        return connection.call(request, answer, metadata);
    }
  }

  private answered(stream: number, id: number, response: Response): void {
    if (this.streams.has(stream)) this.handle({kind: "response", stream, id, response});
  }

  private openWatch(connection: Connection, stream: number, id: number, metadata: Metadata): WatchStream {
    return connection.watch(
      {
        response: (response) => this.answered(stream, id, response),
        ended: (error) => {
          if (!this.streams.has(stream)) return;
          if (error.code !== "Unavailable" && error.code !== "Canceled")
            return this.answered(stream, id, errorResponse(error));
          this.streams.delete(stream);
          this.handle({kind: "closed", stream});
        },
      },
      metadata,
    );
  }
}

function failure(
  outcome: Exclude<Outcome | RecipeOutcome, {readonly kind: "ok" | "done"}> | {readonly kind: "done"},
): CallError {
  if (outcome.kind === "done") return new CallError("failed", clientErrors.canceled);
  return new CallError(outcome.kind, outcome.error ?? clientErrors.closed);
}

/** What comes is kept until it is taken; one taker at a time. */
class Mailbox<T> {
  private readonly letters: T[] = [];
  private taker: ((letter: T) => void) | undefined;

  put(letter: T): void {
    const {taker} = this;
    this.taker = undefined;
    if (taker === undefined) this.letters.push(letter);
    else taker(letter);
  }

  async take(): Promise<T> {
    const letter = this.letters.shift();
    return letter ?? new Promise((resolve) => (this.taker = resolve));
  }
}
