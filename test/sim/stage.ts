// Small worlds for tests: a configuration, a script in short hand, and running to where something holds.

import type {Version} from "../../core/server/config.ts";
import {soundVersion} from "../../core/server/config.ts";
import {present} from "../../core/base/assert.ts";
import type {Action} from "../../sim/action.ts";
import type {EventRecord} from "../../sim/event.ts";
import type {Settings} from "../../sim/profile.ts";
import {resolve} from "../../sim/profile.ts";
import type {Intervention, Run} from "../../sim/run.ts";
import {World} from "../../sim/world/world.ts";

export const ms = 1000;

export const sound = (): Version => soundVersion;

/** An intervention at a time in milliseconds. */
export function at(id: number, time: number, action: Action): Intervention {
  return {id, when: {at: time * ms}, do: action, origin: "plan"};
}

export function put(client: string, key: string, value: string, to?: string): Action {
  return {kind: "client", client, op: `put ${key} ${value}`, ...(to === undefined ? {} : {to})};
}

export interface RunOptions extends Partial<Settings> {
  readonly seed?: string;
  readonly script?: readonly Intervention[];
  /** Milliseconds. */
  readonly until?: number;
  readonly events?: number;
}

export function makeRun({
  seed = "7",
  script = [],
  until = 10_000,
  events = 100_000,
  ...settings
}: RunOptions = {}): Run {
  const config = resolve({members: 3, clients: 2, ...settings});
  return {format: 1, config, seed, versions: {}, script, choices: [], limits: {events, until: until * ms}};
}

export function makeWorld(options: RunOptions = {}): World {
  return World.create(makeRun(options), sound);
}

/** Takes the next `count` events of the base schedule. */
export function take(world: World, count: number): readonly EventRecord[] {
  return Array.from({length: count}, () => world.take(present(world.next(), "a next event")));
}

/** Goes on until something holds. Fails after 20,000 events. */
export function until(world: World, what: string, holds: () => boolean): readonly EventRecord[] {
  const records: EventRecord[] = [];
  while (!holds()) {
    if (records.length > 20_000) throw new Error(`never came to: ${what}`);
    records.push(world.take(present(world.next(), "a next event")));
  }
  return records;
}

/** Goes on through all events up to a time in milliseconds. */
export function runTo(world: World, time: number): readonly EventRecord[] {
  const records: EventRecord[] = [];
  for (let next = world.next(); next !== undefined && next.due <= time * ms; next = world.next())
    records.push(world.take(next));
  return records;
}

/** The member that leads the highest term. */
export function leaderOf(world: World): number {
  let best = 0;
  let term = 0;
  for (const {id, server} of world.members) {
    if (server?.raft.role === "leader" && server.raft.term > term) [best, term] = [id, server.raft.term];
  }
  return best;
}

export function untilLeader(world: World): number {
  until(world, "a leader", () => leaderOf(world) !== 0);
  return leaderOf(world);
}

export function act(world: World, action: Action): EventRecord {
  return present(world.act({do: action, origin: "person"}), `${action.kind} applies`);
}
