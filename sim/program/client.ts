// The client that a program is given: etcd's API in promises, over the client machine of the simulation. Whatever it asks
// is a line of etcdctl in the run's script.

import type {LeaseId, Revision} from "../../core/base/quantity.ts";
import {formatCommand, formatRecipe, parseCommand} from "../../core/client/command.ts";
import {clientErrors} from "../../core/client/outcome.ts";
import type {Holding, RecipeRequest, RecipeResult} from "../../core/client/recipes/recipe.ts";
import type {Request, Response, Result} from "../../core/server/request.ts";
import type {WatchCreateRequest} from "../../core/watch/watch.ts";
import {Asked} from "./asked.ts";
import type {ProgramDirector} from "./director.ts";
import {at, errorOf, EtcdError} from "./error.ts";
import {Leadership, Lock} from "./held.ts";
import type {AskRecipe, Fate} from "./held.ts";
import type {Signal} from "./program.ts";
import {
  deleteRequest,
  getRequest,
  keyOf,
  putRequest,
  resultOf,
  spanOf,
  txnRequest,
  valueOf,
} from "./values.ts";
import type {
  DeleteOptions,
  Deleted,
  GetOptions,
  Given,
  Got,
  OpResult,
  PutOptions,
  Span,
  Txn,
  WasPut,
} from "./values.ts";
import type {Waits} from "./waits.ts";
import {ProgramWatch} from "./watch.ts";

/** With every answer: the store's revision when it was made. */
interface Answered {
  readonly revision: Revision;
}

/** What may be said with every call: how to give it up. */
interface Callable {
  readonly signal?: Signal;
}

export interface WatchOptions extends Span {
  /** First revision wanted. Absent: from now on. */
  readonly revision?: Revision;
  readonly prevKv?: boolean;
  readonly progressNotify?: boolean;
}

/** Seconds that a lease lives without renewal; etcd's client asks for 60. */
interface Leased {
  readonly ttl?: number;
}

export class ProgramClient {
  /** `c1` */
  readonly name: string;
  private readonly director: ProgramDirector;
  private readonly waits: Waits;

  constructor(name: string, director: ProgramDirector, waits: Waits) {
    this.name = name;
    this.director = director;
    this.waits = waits;
  }

  put(key: string, value: Given, options: PutOptions & Callable = {}): Promise<Answered & WasPut> {
    return this.kv<WasPut>(putRequest(key, value, options), options);
  }

  get(key: string, options: GetOptions & Callable = {}): Promise<Answered & Got> {
    return this.kv<Got>(getRequest(key, options), options);
  }

  delete(key: string, options: DeleteOptions & Callable = {}): Promise<Answered & Deleted> {
    return this.kv<Deleted>(deleteRequest(key, options), options);
  }

  /** `{if: [{key: "x", mod: 3}], do: [{put: "x", value: "1"}], else: [{get: "x"}]}` */
  txn(
    txn: Txn,
    options: Callable = {},
  ): Promise<Answered & {readonly succeeded: boolean; readonly responses: readonly OpResult[]}> {
    return this.call(txnRequest(txn), options, ({header, result}) => ({
      revision: header.revision,
      succeeded: result.kind === "txn" && result.succeeded,
      responses: result.kind === "txn" ? result.responses.map(resultOf) : [],
    }));
  }

  compact(revision: Revision, options: Callable = {}): Promise<Answered> {
    return this.call({kind: "compact", revision}, options, ({header}) => ({revision: header.revision}));
  }

  grant(ttl: number, options: Callable = {}): Promise<{readonly lease: LeaseId; readonly ttl: number}> {
    return this.call({kind: "leaseGrant", ttl}, options, ({result}) => {
      const {lease, ttl: granted} = result as Extract<Result, {kind: "leaseGrant"}>;
      return {lease, ttl: granted};
    });
  }

  revoke(lease: LeaseId, options: Callable = {}): Promise<void> {
    return this.call({kind: "leaseRevoke", lease}, options, () => undefined);
  }

  /** Once. The seconds that are left; 0: there is no such lease. */
  keepAlive(lease: LeaseId, options: Callable = {}): Promise<number> {
    return this.call({kind: "leaseKeepAlive", lease}, options, ({result}) =>
      result.kind === "leaseKeepAlive" ? Math.max(0, result.ttl) : 0,
    );
  }

  /** `for await (const {events} of client.watch("x"))`; to leave the loop is to cancel the watch. */
  watch(key: string, options: WatchOptions = {}): ProgramWatch {
    const {revision = 0, prevKv, progressNotify} = options;
    const request: WatchCreateRequest = {
      kind: "watchCreate",
      ...spanOf(key, options),
      ...(revision === 0 ? {} : {startRevision: revision}),
      ...(prevKv === true ? {prevKv} : {}),
      ...(progressNotify === true ? {progressNotify} : {}),
    };
    return new ProgramWatch(this.name, formatCommand(request), this.director, this.waits);
  }

  /** etcd's mutex: waits until it has it. */
  lock(name: string, options: Leased & Callable = {}): Promise<Lock> {
    const recipe: RecipeRequest = {kind: "lock", name: keyOf(name), ...ttlOf(options)};
    return this.hold(recipe, options, (...held) => new Lock(...held));
  }

  /** Stands for election: waits until it leads. */
  campaign(name: string, value: Given, options: Leased & Callable = {}): Promise<Leadership> {
    const recipe: RecipeRequest = {
      kind: "campaign",
      name: keyOf(name),
      value: valueOf(value),
      ...ttlOf(options),
    };
    return this.hold(recipe, options, (...held) => new Leadership(...held));
  }

  /** Any line of etcdctl, or a recipe, as scenarios have them: `lease list`, `stm add n 1`. */
  do(line: string, options: Callable = {}): Promise<Result | RecipeResult> {
    const parsed = parseCommand(line);
    if (!parsed.ok)
      throw new TypeError(`client.do: ${JSON.stringify(line)} is no etcdctl line: ${parsed.error}`);
    const command = parsed.value;
    if (command.kind === "cancel") throw new TypeError("client.do: a call is cancelled by its signal");
    if (command.kind === "recipe") return this.recipe(command.recipe, options, (result) => result);
    if (command.request.kind === "watchCreate") throw new TypeError("client.do: a watch is client.watch(…)");
    return this.call(command.request, options, ({result}) => result);
  }

  private kv<R>(request: Request, options: Callable): Promise<Answered & R> {
    return this.call(request, options, ({header, result}) => ({
      revision: header.revision,
      ...(resultOf(result as Parameters<typeof resultOf>[0]) as R),
    }));
  }

  private call<T>(request: Request, {signal}: Callable, read: (response: Response) => T): Promise<T> {
    const line = formatCommand(request);
    const place = new Error(line);
    return this.waits.promise<T>(line, ({resolve, reject}) => {
      const asked = new Asked(this.director, this.name, line, {
        settled: (outcome) => {
          if (outcome.kind === "ok") resolve(read(outcome.response));
          else reject(errorOf(outcome, place));
        },
        takenBack: () => reject(canceled(place)),
      });
      asked.abortBy(signal);
    });
  }

  private recipe<T>(
    recipe: RecipeRequest,
    {signal}: Callable,
    read: (result: RecipeResult, call: number) => T,
    fate: Fate = {lost: false},
  ): Promise<T> {
    const line = formatRecipe(recipe);
    const place = new Error(line);
    return this.waits.promise<T>(line, ({resolve, reject}) => {
      const asked: Asked = new Asked(this.director, this.name, line, {
        told: ({kind}) => {
          if (kind === "lost") fate.lost = true;
        },
        finished: (outcome) => {
          if (outcome.kind === "done") resolve(read(outcome.result, asked.call ?? 0));
          else reject(errorOf(outcome, place));
        },
        takenBack: () => reject(canceled(place)),
      });
      asked.abortBy(signal);
    });
  }

  private hold<H>(
    recipe: RecipeRequest,
    options: Callable,
    make: (holding: Holding, of: number, ask: AskRecipe, fate: Fate) => H,
  ): Promise<H> {
    const fate = {lost: false};
    const ask: AskRecipe = (other) => this.recipe(other, {}, (result) => result);
    return this.recipe(
      recipe,
      options,
      (result, call) => make(result as Holding & RecipeResult, call, ask, fate),
      fate,
    );
  }
}

function ttlOf({ttl}: Leased): Leased {
  return ttl === undefined ? {} : {ttl};
}

function canceled(place: Error): EtcdError {
  const {message, code} = clientErrors.canceled;
  return at(new EtcdError(message, code, "failed"), place);
}
