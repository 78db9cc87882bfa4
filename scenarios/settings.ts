// A scenario's configuration as the simulation takes it: times become microseconds.

import type {Settings} from "../sim/profile.ts";
import type {Config} from "./format.ts";
import {betweenOf, microsOf} from "./time.ts";

/** The same settings, of a configuration that was validated; what is absent stays absent. */
export function settingsOf(config: Config): Settings {
  const {members, learners, spares, clients, profile, raft, store, network, disk, clock, client} = config;
  return {
    members,
    ...(learners === undefined ? {} : {learners}),
    ...(spares === undefined ? {} : {spares}),
    ...(clients === undefined ? {} : {clients}),
    profile,
    ...(raft === undefined ? {} : {raft}),
    ...(store === undefined ? {} : {store: converted(store)}),
    ...(network === undefined ? {} : {network: converted(network, ["peerLatency", "clientLatency"])}),
    ...(disk === undefined ? {} : {disk: converted(disk, ["write", "sync"])}),
    ...(clock === undefined ? {} : {clock: converted(clock, ["apply"])}),
    ...(client === undefined ? {} : {client: converted(client)}),
  };
}

/** Texts become times; those named in `ranges`, ranges of them. */
function converted(settings: object, ranges: readonly string[] = []): Record<string, never> {
  const entries = Object.entries(settings).map(([key, value]) => {
    if (typeof value !== "string") return [key, value as unknown];
    return [key, ranges.includes(key) ? betweenOf(value) : microsOf(value)];
  });
  return Object.fromEntries(entries) as Record<string, never>;
}
