// A mixed workload: every client asks one thing after another (a closed loop), of a few keys, so that operations meet.
// What each asks is drawn from a stream of its own; what it asked is recorded in the run's script like any intervention.

import type {Micros} from "../../core/base/quantity.ts";
import type {Cue, Director} from "../director.ts";
import type {EventRecord} from "../event.ts";
import {Draws} from "../random.ts";
import type {WorldView} from "../view.ts";

export interface MixOptions {
  readonly seed: string;
  /** No operation begins later. */
  readonly until: Micros;
  /** Different keys; few make conflicts. */
  readonly keys?: number;
  /** Longest time between an answer and the next question. */
  readonly think?: Micros;
  /** Per client. */
  readonly operationsMax?: number;
  /** Of 100 questions of a client that writes: compactions, and defragmentations of the member that it is connected to. */
  readonly compact?: number;
  readonly defrag?: number;
  /** Of leases: granted, attached to, renewed, asked about, revoked, or left to run out. */
  readonly leases?: number;
  /** Of everything else that etcd can be asked: serializable and bounded reads, ranged compares, watches with all they can have. */
  readonly rest?: number;
  /** How long the run goes on after `until`, for what takes its time: leases that run out, watches that catch up. */
  readonly linger?: Micros;
  /** Values are lengthened by up to so many bytes. */
  readonly padding?: number;
}

interface Loop {
  readonly client: string;
  /** When it asks next; undefined while it waits for an answer. */
  readonly due: Micros | undefined;
  readonly asked: number;
  readonly watches: number;
}

/** What a line is made of. */
interface Drawn {
  readonly key: string;
  readonly value: string;
  /** A revision that there was, and the newest. */
  readonly old: number;
  readonly newest: number;
  readonly asked: number;
}

/** How often of 100 each kind is asked; the rest are puts. */
const writers = [
  ["get", 20],
  ["getAll", 6],
  ["getOld", 6],
  ["del", 6],
  ["delRange", 2],
  ["txn", 14],
  ["watch", 4],
] as const;

/** A client that only reads is never held up by a write: it is the one that sees a stale leader's answers. */
const readers = [
  ["get", 60],
  ["getAll", 20],
  ["getOld", 10],
  ["watch", 10],
] as const;

/** What is asked of leases, and of the rest: drawn evenly. */
const ofLeases = [
  "grant",
  "grant",
  "attach",
  "attach",
  "keepAlive",
  "keepAlive",
  "timeToLive",
  "revoke",
] as const;
const ofRest = [
  "stale",
  "bounded",
  "keysOnly",
  "rangedTxn",
  "ignoreTxn",
  "nestedTxn",
  "pair",
  "keepValue",
  "physical",
  "hashKv",
  "watchAll",
] as const;

type Kind =
  | (typeof writers)[number][0]
  | (typeof ofLeases)[number]
  | (typeof ofRest)[number]
  | "compact"
  | "defrag"
  | "put";

export class Mix implements Director {
  private readonly options: Required<MixOptions>;
  private readonly draws: Draws;
  private loops: Loop[] | undefined;
  /** Clients that cannot be asked just now. */
  private paused: readonly string[] = [];

  constructor(options: MixOptions, draws = new Draws(options.seed)) {
    this.options = {
      keys: 4,
      think: 30_000,
      operationsMax: 1_000_000,
      compact: 2,
      defrag: 0,
      leases: 0,
      rest: 0,
      linger: 0,
      padding: 0,
      ...options,
    };
    this.draws = draws;
  }

  after(view: WorldView, event: EventRecord | undefined): readonly Cue[] {
    this.loops ??= view.clients.map((client) => ({
      client,
      due: this.think(client, view.now),
      asked: 0,
      watches: 0,
    }));
    for (const change of event?.changes ?? []) {
      if (change.kind !== "settled") continue;
      this.change(change.client, (loop) => ({...loop, due: loop.due ?? this.think(loop.client, view.now)}));
    }
    const cues: Cue[] = [];
    this.paused = view.pausedClients;
    for (const loop of this.loops) if (this.isDue(loop, view.now)) cues.push(this.ask(view, loop));
    return cues;
  }

  deadline(): Micros | undefined {
    const dues = (this.loops ?? [])
      .map((loop) => (this.isOver(loop) || this.paused.includes(loop.client) ? undefined : loop.due))
      .filter((due) => due !== undefined);
    return dues.length === 0 ? undefined : Math.min(...dues);
  }

  /** All answers are in; watches go on. */
  done(view: WorldView): boolean {
    if (this.options.linger > 0 && view.now < this.options.until + this.options.linger) return false;
    return (
      this.loops !== undefined &&
      this.loops.every(
        (loop) => loop.due !== undefined && (this.isOver(loop) || view.now > this.options.until),
      )
    );
  }

  fork(): this {
    const twin = new Mix(this.options, this.draws.fork());
    if (this.loops !== undefined) twin.loops = this.loops.slice();
    twin.paused = this.paused;
    return twin as this;
  }

  private isOver(loop: Loop): boolean {
    return loop.asked >= this.options.operationsMax || (loop.due ?? 0) > this.options.until;
  }

  private isDue(loop: Loop, now: Micros): boolean {
    if (this.paused.includes(loop.client)) return false;
    return loop.due !== undefined && loop.due <= now && !this.isOver(loop);
  }

  private change(client: string, how: (loop: Loop) => Loop): void {
    this.loops = this.loops?.map((loop) => (loop.client === client ? how(loop) : loop));
  }

  private ask(view: WorldView, loop: Loop): Cue {
    const kind = this.kind(view, loop);
    // A watch is answered for ever: the loop goes on without waiting for its end.
    const isWatch = kind === "watch" || kind === "watchAll";
    const due = isWatch ? this.think(loop.client, view.now) : undefined;
    const watches = loop.watches + (isWatch ? 1 : 0);
    this.change(loop.client, (old) => ({...old, due, asked: old.asked + 1, watches}));
    return {do: {kind: "client", client: loop.client, op: this.line(view, loop, kind)}, origin: "plan"};
  }

  private kind(view: WorldView, loop: Loop): Kind {
    // One watch of everything in each run: what it is told pins down writes whose answers were lost.
    if (loop.asked === 0 && loop.client === view.clients[0]) return "watch";
    const reads = view.clients.length > 1 && loop.client === view.clients.at(-1);
    let left = this.below(loop.client, 100);
    const {compact, defrag, leases, rest} = this.options;
    if (!reads && leases + rest > 0) {
      const drawn = this.below(`${loop.client}/more`, 100);
      if (drawn < leases) return this.oneOf(loop.client, ofLeases);
      if (drawn < leases + rest) {
        const kind = this.oneOf(loop.client, ofRest);
        return kind === "watchAll" && loop.watches >= 2 ? "stale" : kind;
      }
    }
    const upkeep = [
      ["compact", compact],
      ["defrag", defrag],
    ] as const;
    for (const [kind, weight] of reads ? readers : [...writers, ...upkeep]) {
      if (left < weight) return kind === "watch" && loop.watches >= 2 ? "get" : kind;
      left -= weight;
    }
    return "put";
  }

  /** In etcdctl's language (core/client/command.ts). */
  private line(view: WorldView, {client, asked}: Loop, kind: Kind): string {
    const key = String.fromCharCode(97 + this.below(client, this.options.keys));
    const value = `${client}.${asked + 1}${this.pad(client)}`;
    const newest = view.members.reduce(
      (most, member) => Math.max(most, member.server?.store.currentRevision ?? 1),
      1,
    );
    const old = 1 + this.below(client, newest);
    switch (kind) {
      case "put":
        return asked % 4 === 0 ? `put ${key} ${value} --prev-kv` : `put ${key} ${value}`;
      case "get":
        return `get ${key}`;
      case "getAll":
        return asked % 2 === 0
          ? "get a --from-key"
          : "get a --from-key --limit 2 --order DESCEND --sort-by MODIFY";
      case "getOld":
        return `get ${key} --rev ${old}`;
      case "del":
        return `del ${key}`;
      case "delRange":
        return "del a c --prev-kv";
      case "txn":
        return `txn mod("${key}")>${old} : put ${key} ${value} ; get ${key} : get ${key}`;
      case "watch":
        if (asked === 0) return "watch a --from-key --rev 1";
        return asked % 2 === 0 ? `watch a --from-key --rev ${old}` : `watch ${key} --filter nodelete`;
      case "compact":
        return `compact ${Math.max(1, newest - 5)}`;
      case "defrag":
        return "defrag";
      default:
        return this.more(client, kind, {key, value, old, newest, asked});
    }
  }

  /** What is asked beyond the basic mix. */
  private more(
    client: string,
    kind: (typeof ofLeases)[number] | (typeof ofRest)[number],
    {key, value, old, newest, asked}: Drawn,
  ): string {
    // Few leases, that several clients use, grant and revoke: of one second, so that some run out.
    const lease = `${16 + this.below(client, 8)}`;
    const other = String.fromCharCode(97 + this.below(client, this.options.keys));
    switch (kind) {
      case "grant":
        return `lease grant ${1 + this.below(client, 2)} --id ${lease}`;
      case "attach":
        return `put ${key} ${value} --lease ${lease}`;
      case "keepAlive":
        return `lease keep-alive ${lease} --once`;
      case "timeToLive":
        return `lease timetolive ${lease} --keys`;
      case "revoke":
        return `lease revoke ${lease}`;
      case "stale":
        return asked % 3 === 0
          ? `get ${key} --consistency s --rev ${old}`
          : "get a --from-key --consistency s";
      case "bounded":
        return asked % 2 === 0
          ? `get a --from-key --min-mod-rev ${old} --limit 2`
          : `get a --from-key --max-create-rev ${old} --order DESCEND --sort-by VERSION`;
      case "keysOnly":
        return asked % 2 === 0 ? "get a --from-key --keys-only" : "get a --from-key --count-only";
      case "rangedTxn":
        return `txn mod(a,z)<${old} : put ${key} ${value} : get a --from-key --limit 1`;
      case "ignoreTxn":
        return `txn lease("${key}")="${lease}" : put ${key} --ignore-value ; get ${key} : put ${key} ${value} --ignore-lease --prev-kv`;
      case "nestedTxn":
        return `txn ver(${key})>0 : ( txn ver(${other})>0 : del ${other} ; get ${other} : get ${other} ) ; get a --from-key : put ${key} ${value} ; get ${key}`;
      case "pair":
        return `txn : put a ${value} ; put b ${value} --prev-kv ; get a --from-key :`;
      case "keepValue":
        return `put ${key} --ignore-value`;
      case "physical":
        return `compact ${Math.max(1, newest - 8)} --physical`;
      case "hashKv":
        return "endpoint hashkv";
      case "watchAll":
        return `watch a --from-key --prev-kv --progress-notify --rev ${newest + this.below(client, 3)}`;
    }
  }

  private oneOf<T>(client: string, list: readonly [T, ...T[]]): T {
    return list[this.below(`${client}/more`, list.length)] ?? list[0];
  }

  private pad(client: string): string {
    const {padding} = this.options;
    return padding === 0 ? "" : `.${"x".repeat(this.below(client, padding))}`;
  }

  private think(client: string, now: Micros): Micros {
    return now + this.below(client, this.options.think);
  }

  private below(client: string, bound: number): number {
    return this.draws.next(this.draws.stream(`mix/${client}`), bound);
  }
}
