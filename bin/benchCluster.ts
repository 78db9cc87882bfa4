// The simulated world, measured: a cluster on byte disks under a fixed closed workload (puts and linearizable gets, three to
// one, a hundred keys, values of 64 bytes), with all checks and without, in several sizes; idle; the event queue alone; and
// the time that passes in it against the time that it takes.

import type {Micros} from "../core/base/quantity.ts";
import {versionOf} from "../sim/bug/museum.ts";
import {standardChecks} from "../sim/check/standard.ts";
import type {Cue, Director} from "../sim/director.ts";
import type {EventRecord} from "../sim/event.ts";
import {execute} from "../sim/execute.ts";
import {trialOf} from "../sim/explore/trial.ts";
import type {Executed} from "../sim/execute.ts";
import {resolve} from "../sim/profile.ts";
import {Agenda} from "../sim/world/agenda.ts";
import {LaneTable} from "../sim/world/lanes.ts";
import type {WorldView} from "../sim/view.ts";
import {processorSeconds, tidiedHeap} from "./benchMeter.ts";

interface Loop {
  readonly client: string;
  /** When it asks next; undefined while it waits for an answer, and at the end. */
  due: Micros | undefined;
  asked: number;
  askedAt: Micros;
}

const nothing: readonly Cue[] = [];

/** Each client asks so many things, one after the other, and not sooner than `every` after the last. */
class FixedLoad implements Director {
  private readonly perClient: number;
  private readonly every: Micros;
  private loops: readonly Loop[] = [];
  private open = 0;
  private settledInAll = 0;

  constructor(perClient: number, every: Micros) {
    this.perClient = perClient;
    this.every = every;
  }

  after(view: WorldView, event: EventRecord | undefined): readonly Cue[] {
    // Not before there is a leader.
    if (this.loops.length === 0)
      this.loops = view.clients.map((client, i) => ({
        client,
        due: 2_000_000 + i * 1000,
        asked: 0,
        askedAt: 0,
      }));
    for (const change of event?.changes ?? [])
      if (change.kind === "settled") this.settled(change.client, view.now);
    if ((this.deadline() ?? Infinity) > view.now) return nothing;
    const due = this.loops.filter((loop) => loop.due !== undefined && loop.due <= view.now);
    return due.map((loop) => this.ask(loop, view.now));
  }

  deadline(): Micros | undefined {
    let least: Micros | undefined;
    for (const {due} of this.loops)
      if (due !== undefined && (least === undefined || due < least)) least = due;
    return least;
  }

  done(): boolean {
    return (
      this.open === 0 && this.loops.length > 0 && this.settledInAll === this.loops.length * this.perClient
    );
  }

  fork(): this {
    throw new Error("a benchmark's load is not forked");
  }

  private settled(client: string, now: Micros): void {
    this.open--;
    this.settledInAll++;
    const loop = this.loops[Number(client.slice(1)) - 1];
    if (loop !== undefined && loop.asked < this.perClient)
      loop.due = Math.max(now, loop.askedAt + this.every);
  }

  private ask(loop: Loop, now: Micros): Cue {
    const {client} = loop;
    loop.asked++;
    loop.askedAt = now;
    loop.due = undefined;
    this.open++;
    const key = `k${(loop.asked * 7 + Number(client.slice(1)) * 13) % 100}`;
    const op =
      loop.asked % 4 === 0 ? `get ${key}` : `put ${key} ${`${client}.${loop.asked}`.padEnd(64, "-")}`;
    return {do: {kind: "client", client, op}, origin: "plan"};
  }
}

/** A cluster to be measured. */
export interface Shape {
  readonly members: number;
  readonly clients: number;
  readonly perClient: number;
  readonly checked: boolean;
  /** Micros between two questions of a client at least. */
  readonly every?: Micros;
  /** With this, it goes on so long in any case, at etcd's default timings. */
  readonly until?: Micros;
}

export interface Measured {
  readonly operations: number;
  readonly events: number;
  readonly kinds: ReadonlyMap<string, number>;
  readonly virtualSeconds: number;
  readonly seconds: number;
}

/** Plays it once. The seconds are the processor's. */
export function play(shape: Shape): Measured {
  const kinds = new Map<string, number>();
  const began = processorSeconds();
  const done = runShape(shape, (kind) => kinds.set(kind, (kinds.get(kind) ?? 0) + 1));
  const seconds = processorSeconds() - began;
  const operations = done.operations.filter(({outcome}) => outcome?.kind === "ok").length;
  if (operations < shape.clients * shape.perClient) throw new Error(`${operations} operations were answered`);
  const failing = done.checks.find(({verdict}) => verdict !== "pass");
  if (failing !== undefined) throw new Error(`${JSON.stringify(shape)} ${failing.name}: ${failing.verdict}`);
  return {operations, events: done.events, kinds, virtualSeconds: done.at / 1e6, seconds};
}

export function runShape(
  {members, clients, perClient, checked, every = 0, until}: Shape,
  told: (kind: string) => void,
): Executed {
  const profile = until === undefined ? "datacentre" : "etcd";
  const config = resolve({members, clients: Math.max(1, clients), profile});
  const load = clients === 0 ? undefined : new FixedLoad(perClient, every);
  return execute(
    {
      format: 1,
      config,
      seed: "bench",
      versions: {},
      script: [],
      choices: [],
      limits: {events: 100_000_000, until: until ?? 1e12},
    },
    {
      versions: versionOf,
      director: until === undefined ? load : load && new OnAndOn(load),
      checkers: checked ? standardChecks() : [],
      onEvent: ({payload: {kind}}) => told(kind),
    },
  );
}

/** Ends with the time alone. */
class OnAndOn implements Director {
  private readonly of: Director;

  constructor(of: Director) {
    this.of = of;
  }

  after(view: WorldView, event: EventRecord | undefined): readonly Cue[] {
    return this.of.after(view, event);
  }

  deadline(): Micros | undefined {
    return this.of.deadline();
  }

  done(): boolean {
    return false;
  }

  fork(): this {
    throw new Error("a benchmark's load is not forked");
  }
}

/** Events through the queue and nothing else, as many waiting as in a cluster of five: what no world can be faster than. */
export function emptyEvents(events: number): number {
  const lanes = new LaneTable();
  const agenda = new Agenda(lanes);
  const payload = {kind: "tick", member: 1} as const;
  const indices = Array.from({length: 40}, (_, i) => lanes.index(`lane${i}`));
  for (const lane of indices) agenda.queue.push(agenda.name(lane, {due: lane, cause: 0, payload}, true));
  for (let step = 1; step <= events; step++) {
    const event = agenda.queue.pop();
    if (event === undefined) throw new Error("the queue ran empty");
    const due = event.due + 1000 + ((step * 7919) % 997);
    agenda.queue.push(agenda.name(event.laneIndex, {due, cause: step, payload}, true));
  }
  return events;
}

/** Short seeds of a sweep, with all that goes wrong in them and all checks: what came of them. The seconds are the processor's. */
export function playSeeds(
  from: number,
  to: number,
): {readonly seeds: number; readonly operations: number; readonly events: number; readonly seconds: number} {
  const began = processorSeconds();
  let [operations, events] = [0, 0];
  for (let seed = from; seed < to; seed++) {
    const {run: its, director, schedule, checkers} = trialOf(seed, {short: true});
    const done = execute(its, {versions: versionOf, director, schedule, checkers: checkers()});
    operations += done.operations.length;
    events += done.events;
  }
  return {seeds: to - from, operations, events, seconds: processorSeconds() - began};
}

/** Bytes of the heap that a run holds at its end, per million events: its log, store, disks, history. */
export function bytesPerMillionEvents(shape: Shape): number {
  const before = tidiedHeap();
  const done = runShape(shape, () => undefined);
  const bytes = tidiedHeap() - before;
  return Math.round((bytes / done.events) * 1e6);
}
