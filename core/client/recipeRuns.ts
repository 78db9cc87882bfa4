// The recipes that run at one client: each is resumed when what it waits for is there. What they ask for goes through
// the client's calls and watches, each with a number of its own.
//
//          request, open, shut                      invoke, cancel
//   recipe ───────────────────▶ RecipeRuns ───────────────────────────▶ Client
//          ◀─ outcome, news ───  (awaits,      ◀─ settled, watched, wake ─
//                                 sleeps, keep-alives, memories)
//
// Nothing is resumed from within what the client is doing: `advance` comes after it, and resumes by call.

import {unreachable} from "../base/assert.ts";
import type {Hasher} from "../base/hasher.ts";
import {digestPlain} from "../base/plain.ts";
import type {Plain} from "../base/plain.ts";
import type {LeaseId, Micros} from "../base/quantity.ts";
import {sooner} from "../base/quantity.ts";
import type {Request, Response} from "../server/request.ts";
import {apiErrors} from "../server/request.ts";
import {digestResponse} from "../server/responseDigest.ts";
import type {ClientEffect, Outcome, RecipeOutcome} from "./io.ts";
import {KeepAlive} from "./keepAlive.ts";
import type {Await, Recipe, Resumed, Wait, Waited} from "./recipes/await.ts";
import {Memories} from "./recipes/memories.ts";
import type {LossReason, RecipeRequest, RecipeResult, Told} from "./recipes/recipe.ts";
import {Replayed, digestOutcome} from "./recipes/replayed.ts";
import type {Step} from "./recipes/replayed.ts";
import type {ClientRules} from "./rules.ts";

/** What a client does for its recipes. */
export interface RecipeHost {
  /** Asks for it under a new call's number, which it returns. `once`: it is not asked again by itself. */
  invoke(parent: number, request: Request, once: boolean): number;
  cancel(call: number): void;
  emit(effect: ClientEffect): void;
  /** Whether a session is given up when a member knows no leader. */
  readonly requireLeader: boolean;
  readonly believesUntil: ClientRules["believesUntil"];
  readonly recipeOf: (recipe: RecipeRequest) => Recipe<RecipeResult>;
}

/** A watch that a recipe opened: what came and was not taken, and how it ended. */
interface OpenWatch {
  readonly news: readonly Response[];
  readonly ended?: Outcome;
}

/** A recipe on its way. */
interface Run {
  readonly call: number;
  readonly recipe: RecipeRequest;
  readonly code: Replayed<RecipeResult>;
  waits: Await;
  /** The call of the request that it waits for, and what came of it. */
  asked: number | undefined;
  outcome: Outcome | undefined;
  /** When it began to wait. */
  since: Micros;
  /** Its caller cancelled it, and it does not know yet. */
  canceled: boolean;
  readonly watches: Map<number, OpenWatch>;
}

export class RecipeRuns {
  private readonly host: RecipeHost;
  private readonly runs = new Map<number, Run>();
  /** Which recipe call a request, watch or keep-alive is for, by its call. */
  private readonly parents = new Map<number, number>();
  /** Which lease a call keeps alive. */
  private readonly renewals = new Map<number, LeaseId>();
  private readonly keeps = new Map<LeaseId, KeepAlive>();
  private readonly losses = new Map<LeaseId, LossReason>();
  private memories = new Memories();
  /** Recipes to look after. */
  private readonly stirred = new Set<number>();
  private now: Micros = 0;

  constructor(host: RecipeHost) {
    this.host = host;
  }

  get size(): number {
    return this.runs.size;
  }

  start(call: number, recipe: RecipeRequest, now: Micros): void {
    this.now = now;
    const code = new Replayed(() => this.host.recipeOf(recipe));
    const run: Run = {
      call,
      recipe,
      code,
      waits: {kind: "now"},
      asked: undefined,
      outcome: undefined,
      since: now,
      canceled: false,
      watches: new Map(),
    };
    this.runs.set(call, run);
    this.goOn(run, code.start());
  }

  /** Whether that was a recipe's call. */
  cancel(call: number): boolean {
    const run = this.runs.get(call);
    if (run === undefined) return false;
    // A request is given up, and its outcome is the recipe's news.
    if (run.waits.kind === "request" && run.asked !== undefined) this.host.cancel(run.asked);
    else {
      run.canceled = true;
      this.stirred.add(call);
    }
    return true;
  }

  /** A call is settled. */
  settled(call: number, outcome: Outcome, now: Micros): void {
    this.now = now;
    const lease = this.renewals.get(call);
    if (lease !== undefined) {
      this.renewals.delete(call);
      return this.renewed(lease, outcome);
    }
    const run = this.parentOf(call);
    this.parents.delete(call);
    if (run === undefined) return;
    if (run.asked === call) run.outcome = outcome;
    const watch = run.watches.get(call);
    if (watch !== undefined) run.watches.set(call, {...watch, ended: outcome});
    this.stirred.add(run.call);
  }

  watched(call: number, response: Response): void {
    const run = this.parentOf(call);
    const watch = run?.watches.get(call);
    if (run === undefined || watch === undefined) return;
    run.watches.set(call, {...watch, news: [...watch.news, response]});
    this.stirred.add(run.call);
  }

  /** Time has come for something, perhaps. */
  wake(now: Micros): void {
    this.now = now;
    for (const run of this.runs.values()) {
      if ((sleepEnd(run) ?? Infinity) <= now) this.stirred.add(run.call);
    }
    for (const keep of byLease(this.keeps)) {
      if (keep.isLost(now)) this.lose(keep, "silent");
      else if (keep.sends(now)) this.renew(keep);
    }
  }

  /** Resumes whoever can be. */
  advance(now: Micros): void {
    this.now = now;
    while (this.stirred.size > 0) {
      const call = Math.min(...this.stirred);
      this.stirred.delete(call);
      const run = this.runs.get(call);
      const news = run && this.newsFor(run);
      if (run !== undefined && news !== undefined) this.goOn(run, run.code.resume(news));
    }
  }

  deadline(): Micros | undefined {
    let least: Micros | undefined;
    for (const run of this.runs.values()) least = sooner(least, sleepEnd(run));
    for (const keep of this.keeps.values()) least = sooner(least, keep.deadline());
    return least;
  }

  fork(host: RecipeHost): RecipeRuns {
    const twin = new RecipeRuns(host);
    for (const [call, run] of this.runs)
      twin.runs.set(call, {...run, code: run.code.fork(), watches: new Map(run.watches)});
    for (const [call, parent] of this.parents) twin.parents.set(call, parent);
    for (const [call, lease] of this.renewals) twin.renewals.set(call, lease);
    for (const [lease, keep] of this.keeps) twin.keeps.set(lease, keep.fork());
    for (const [lease, reason] of this.losses) twin.losses.set(lease, reason);
    twin.memories = this.memories.fork();
    twin.now = this.now;
    return twin;
  }

  digest(into: Hasher, now: Micros): void {
    into.int(this.runs.size);
    for (const [, run] of [...this.runs].sort(([a], [b]) => a - b)) digestRun(run, into, now);
    into.int(this.renewals.size);
    for (const [call, lease] of [...this.renewals].sort(([a], [b]) => a - b)) {
      into.int(call);
      into.string(lease);
    }
    into.int(this.keeps.size);
    for (const keep of byLease(this.keeps)) keep.digest(into, now);
    into.int(this.losses.size);
    for (const [lease, reason] of [...this.losses].sort(([a], [b]) => (a < b ? -1 : 1))) {
      into.string(lease);
      into.string(reason);
    }
    this.memories.digest(into);
  }

  // ---- running

  private parentOf(call: number): Run | undefined {
    const parent = this.parents.get(call);
    return parent === undefined ? undefined : this.runs.get(parent);
  }

  /** Runs on from `step` until it has to wait. */
  private goOn(run: Run, first: Step<RecipeResult>): void {
    let step = first;
    while (step.kind === "waits") {
      run.waits = step.for;
      run.since = this.now;
      run.asked = undefined;
      run.outcome = undefined;
      const news = this.begin(run, step.for);
      if (news === undefined) return;
      step = run.code.resume(news);
    }
    this.finish(
      run,
      step.kind === "done"
        ? {kind: "done", result: step.result}
        : {kind: step.error.maybe ? "unknown" : "failed", error: step.error.error},
    );
  }

  /** Sets out for what the recipe wants; returns it if it is there already. */
  private begin(run: Run, wanted: Await): Resumed | undefined {
    switch (wanted.kind) {
      case "request":
        run.asked = this.invoke(run.call, wanted.request);
        return undefined;
      case "open": {
        const watch = this.invoke(run.call, wanted.request);
        run.watches.set(watch, {news: []});
        return {kind: "opened", watch};
      }
      case "shut":
        if (run.watches.get(wanted.watch)?.ended === undefined) this.host.cancel(wanted.watch);
        run.watches.delete(wanted.watch);
        return {kind: "done"};
      case "now":
        return {kind: "time", now: this.now};
      case "keep":
        this.memories.keeps(run.call, run.recipe, wanted.lease);
        this.keep(
          new KeepAlive({lease: wanted.lease, call: run.call}, wanted.ttl, this.now, this.host.believesUntil),
        );
        return {kind: "done"};
      case "forget":
        this.forget(wanted.lease);
        return {kind: "done"};
      case "recall": {
        const memory = this.memories.recall(wanted.call);
        return {kind: "memory", ...(memory === undefined ? {} : {memory})};
      }
      case "release":
        this.memories.release(wanted.call);
        return {kind: "done"};
      case "tell":
        if (wanted.told.kind === "holds") this.memories.holds(run.call, run.recipe, wanted.told);
        this.tell(run.call, wanted.told);
        return {kind: "done"};
      case "next":
      case "sleep":
      case "lost":
      case "any":
        return this.newsFor(run);
      default:
        return unreachable(wanted);
    }
  }

  /** What the recipe waits for, if it is there. */
  private newsFor(run: Run): Resumed | undefined {
    const {waits} = run;
    if (waits.kind === "request") return run.outcome && {kind: "outcome", outcome: run.outcome};
    if (run.canceled) {
      run.canceled = false;
      return {kind: "canceled"};
    }
    if (waits.kind !== "any") return isWait(waits) ? this.newsOf(run, waits, 0) : undefined;
    for (const [of, wait] of waits.of.entries()) {
      const news = this.newsOf(run, wait, of);
      if (news !== undefined) return news;
    }
    return undefined;
  }

  private newsOf(run: Run, wait: Wait, of: number): Waited | undefined {
    if (wait.kind === "sleep") return run.since + wait.micros <= this.now ? {kind: "slept", of} : undefined;
    if (wait.kind === "lost") {
      const reason = this.losses.get(wait.lease);
      return reason && {kind: "lost", of, reason};
    }
    const watch = run.watches.get(wait.watch);
    const [response, ...news] = watch?.news ?? [];
    if (watch !== undefined && response !== undefined) {
      run.watches.set(wait.watch, {...watch, news});
      return {kind: "news", of, response};
    }
    return watch?.ended && {kind: "ended", of, outcome: watch.ended};
  }

  private finish(run: Run, outcome: RecipeOutcome): void {
    this.runs.delete(run.call);
    for (const [watch, {ended}] of run.watches) if (ended === undefined) this.host.cancel(watch);
    this.host.emit({kind: "finished", call: run.call, outcome});
  }

  private invoke(parent: number, request: Request): number {
    const call = this.host.invoke(parent, request, false);
    this.parents.set(call, parent);
    return call;
  }

  private tell(call: number, told: Told): void {
    this.host.emit({kind: "told", call, told});
  }

  // ---- leases

  private keep(keep: KeepAlive): void {
    this.losses.delete(keep.lease);
    this.keeps.set(keep.lease, keep);
    if (keep.sends(this.now)) this.renew(keep);
  }

  private renew(keep: KeepAlive): void {
    const call = this.host.invoke(keep.call, {kind: "leaseKeepAlive", lease: keep.lease}, true);
    this.renewals.set(call, keep.lease);
  }

  private renewed(lease: LeaseId, outcome: Outcome): void {
    const keep = this.keeps.get(lease);
    if (keep === undefined) return;
    if (outcome.kind !== "ok") {
      // As etcd's closeRequireLeader: whoever does not require one asks on.
      if (this.host.requireLeader && outcome.error?.message === apiErrors.noLeader.message)
        this.lose(keep, "noLeader");
      return;
    }
    const {result} = outcome.response;
    if (result.kind !== "leaseKeepAlive") return;
    if (result.ttl <= 0) this.lose(keep, "expired");
    else keep.answered(result.ttl, this.now);
  }

  private lose(keep: KeepAlive, reason: LossReason): void {
    this.keeps.delete(keep.lease);
    this.losses.set(keep.lease, reason);
    this.tell(keep.call, {kind: "lost", lease: keep.lease, reason});
    for (const call of this.runs.keys()) this.stirred.add(call);
  }

  private forget(lease: LeaseId): void {
    this.keeps.delete(lease);
    this.losses.delete(lease);
    this.memories.forget(lease);
  }
}

function isWait(wanted: Await): wanted is Wait {
  return wanted.kind === "next" || wanted.kind === "sleep" || wanted.kind === "lost";
}

/** When the first sleep ends that the recipe waits for. */
function sleepEnd({waits, since}: Run): Micros | undefined {
  const waited = waits.kind === "any" ? waits.of : isWait(waits) ? [waits] : [];
  let least: Micros | undefined;
  for (const wait of waited) if (wait.kind === "sleep") least = sooner(least, since + wait.micros);
  return least;
}

function byLease(keeps: ReadonlyMap<LeaseId, KeepAlive>): readonly KeepAlive[] {
  return [...keeps.values()].sort((a, b) => (a.lease < b.lease ? -1 : 1));
}

function digestRun(run: Run, into: Hasher, now: Micros): void {
  into.int(run.call);
  digestPlain(run.recipe as unknown as Plain, into);
  run.code.digest(into);
  into.int(run.asked ?? 0);
  into.bool(run.canceled);
  into.int((sleepEnd(run) ?? now) - now);
  into.int(run.watches.size);
  for (const [call, {news, ended}] of [...run.watches].sort(([a], [b]) => a - b)) {
    into.int(call);
    into.int(news.length);
    for (const response of news) digestResponse(response, into);
    if (ended !== undefined) digestOutcome(ended, into);
  }
}
