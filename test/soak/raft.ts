// The soak of bare raft nodes: hundreds of thousands of schedules.

import {codeHash} from "../../build/codeHash.ts";
import {at} from "../../build/paths.ts";
import {replayLine, shrink} from "./shrink.ts";
import {nothingPlayed, playSeeds, together, zeros} from "./soak.ts";
import type {Played} from "./soak.ts";
import type {Standing, Subject} from "./subject.ts";

export interface RaftResults extends Played, Standing {
  readonly schedulesPerSecond: number;
}

const claim =
  "No interleaving of drops, duplicates, delays, cuts, uneven clocks, crashes between storage operations, changes of " +
  "membership, transfers, snapshots and limits breaks a claim about a member or about the cluster.";

/** Of core/base and core/raft. */
function hash(): string {
  return codeHash(["core/base", "core/raft"]);
}

export const raft: Subject<Played, RaftResults> = {
  name: "raft",
  file: at("test/soak/results/raft.json"),
  seeds: 300_000,
  taskSize: 200,
  hash,
  nothingFrom: (seed) => ({
    claim,
    codeHash: hash(),
    seeds: [seed, seed],
    seconds: 0,
    schedulesPerSecond: 0,
    ...nothingPlayed,
  }),
  play: (seeds) => playSeeds(seeds),
  add: (results, played, to, seconds) => {
    const all = together(results, played);
    return {
      ...results,
      ...all,
      seeds: [results.seeds[0], to],
      seconds: Math.round(seconds),
      schedulesPerSecond: Math.round(all.schedules / seconds),
    };
  },
  news: ({violations}) =>
    violations.map(({seed, said}) => {
      const shrunk = shrink(seed);
      const smaller = shrunk && `\n  ${shrunk.keep.length} events: ${replayLine(shrunk)}`;
      return `seed ${seed}: ${said}${smaller ?? ""}`;
    }),
  progress: ({schedules, events, schedulesPerSecond, violations}) =>
    `${schedules} schedules, ${events} events, ${schedulesPerSecond} schedules/s, ${violations.length} violations`,
  summary: (results) => {
    const {schedules, events, seeds, seconds, schedulesPerSecond, violations} = results;
    const never = zeros(results);
    return [
      `seeds ${seeds[0]}..${seeds[1]}: ${schedules} schedules, ${events} events in ${seconds} s`,
      `${schedulesPerSecond} schedules per second, ${Math.round(events / seconds)} events per second`,
      never.length === 0 ? "everything was exercised" : `never exercised: ${never.join(", ")}`,
      violations.length === 0 ? "nothing was broken" : `${violations.length} schedules broke a claim`,
    ];
  },
  isBroken: ({violations}) => violations.length > 0,
};
