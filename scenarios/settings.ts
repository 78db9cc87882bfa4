// A scenario's configuration as the simulation takes it: times become microseconds.

import type {Point} from "../core/server/io.ts";
import type {Settings} from "../sim/profile.ts";
import type {Between, Regions} from "../sim/run.ts";
import type {Config, NetworkSettings, RegionSettings} from "./format.ts";
import {betweenOf, microsOf, timesText, timeText} from "./time.ts";

/** Settings of a configuration whose numbers are times, written as such: `150ms`. */
export const timeSettings: readonly string[] = [
  "watchSyncEvery",
  "requestTimeout",
  "readIndexRetry",
  "commitEvery",
  "compactionSleep",
  "watchVictimEvery",
  "progressNotifyEvery",
  "leaseCheckEvery",
  "leaseCheckpointEvery",
  "healthInterval",
  "autoCompactEvery",
  "corruptCheckEvery",
  "compactHashCheckEvery",
  "authTokenTtl",
  "tick",
];

/** The same settings, of a configuration that was validated; what is absent stays absent. */
export function settingsOf(config: Config): Settings {
  const {members, learners, spares, clients, profile, raft, store, network, disk, clock, client} = config;
  const {pausePoints} = config;
  return {
    members,
    ...(learners === undefined ? {} : {learners}),
    ...(spares === undefined ? {} : {spares}),
    ...(clients === undefined ? {} : {clients}),
    profile,
    ...(raft === undefined ? {} : {raft}),
    ...(store === undefined ? {} : {store: converted(store)}),
    ...(network === undefined ? {} : {network: networkOf(network)}),
    ...(disk === undefined ? {} : {disk: converted(disk, ["write", "sync"])}),
    ...(clock === undefined ? {} : {clock: converted(clock, ["apply"])}),
    ...(client === undefined ? {} : {client: converted(client)}),
    // The schema lets no other names through.
    ...(pausePoints === undefined ? {} : {pausePoints: pausePoints as readonly Point[]}),
  };
}

function networkOf({regions, ...rest}: NetworkSettings): NonNullable<Settings["network"]> {
  const settings = converted(rest, ["peerLatency", "clientLatency"]);
  return regions === undefined ? settings : {...settings, regions: regionsOf(regions)};
}

function regionsOf({of = {}, latency}: RegionSettings): Regions {
  const rows = Object.entries(latency).map(([from, row]) => {
    const ways = Object.entries(row).map(([to, times]) => [to, betweenOf(times)] as const);
    return [from, Object.fromEntries(ways)] as const;
  });
  return {of, latency: Object.fromEntries(rows)};
}

/** Texts become times; those named in `ranges`, ranges of them. */
export function converted(settings: object, ranges: readonly string[] = []): Record<string, never> {
  const entries = Object.entries(settings).map(([key, value]) => {
    if (typeof value !== "string") return [key, value as unknown];
    return [key, ranges.includes(key) ? betweenOf(value) : microsOf(value)];
  });
  return Object.fromEntries(entries) as Record<string, never>;
}

/** The other way round: what is a time, or a range of times, becomes text. */
export function worded(settings: object): Record<string, never> {
  const entries = Object.entries(settings as Readonly<Record<string, number | boolean | Between | Regions>>);
  return Object.fromEntries(entries.map(([key, value]) => [key, valueText(key, value)])) as Record<
    string,
    never
  >;
}

function valueText(key: string, value: number | boolean | Between | Regions): unknown {
  if (typeof value === "number") return timeSettings.includes(key) ? timeText(value) : value;
  if (typeof value === "boolean") return value;
  return "latency" in value ? regionsText(value) : timesText(value);
}

function regionsText({of, latency}: Regions): RegionSettings {
  const rows = Object.entries(latency).map(([from, row]) => {
    const ways = Object.entries(row).map(([to, times]) => [to, timesText(times)] as const);
    return [from, Object.fromEntries(ways)] as const;
  });
  return {of, latency: Object.fromEntries(rows)};
}
