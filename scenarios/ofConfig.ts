// A run's configuration as a person would write it: settings.ts the other way round.

import {profiles} from "../sim/profile.ts";
import type {Config as SimConfig} from "../sim/run.ts";
import type {Config} from "./format.ts";
import {worded} from "./settings.ts";

/** What differs from the profile. */
export function configOf(given: SimConfig): Config {
  const config = withoutEmptyRegions(given);
  const base = profiles[config.profile];
  const rooms = Object.fromEntries(
    (["raft", "store", "network", "disk", "clock", "client"] as const).flatMap((room) => {
      const differs = Object.entries(config[room]).filter(
        ([key, value]) =>
          JSON.stringify(value) !== JSON.stringify((base[room] as Record<string, unknown>)[key]),
      );
      if (differs.length === 0) return [];
      return [[room, worded(Object.fromEntries(differs))]];
    }),
  );
  const points =
    JSON.stringify(config.pausePoints) === JSON.stringify(base.pausePoints)
      ? {}
      : {pausePoints: config.pausePoints};
  return {
    members: config.members,
    ...(config.learners === 0 ? {} : {learners: config.learners}),
    ...(config.spares === 0 ? {} : {spares: config.spares}),
    clients: config.clients,
    profile: config.profile,
    ...(rooms as Partial<Config>),
    ...points,
  };
}

/** Where nobody is in a region there is none: a scenario that has regions puts everybody into one. */
function withoutEmptyRegions(config: SimConfig): SimConfig {
  const {regions, ...network} = config.network;
  if (regions === undefined || Object.keys(regions.of).length > 0) return config;
  // The same profile, but for its regions.
  const profile = config.profile === "regions" ? "wan" : config.profile;
  return {...config, profile, network};
}
