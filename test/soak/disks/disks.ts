// The soak of whole clusters on disks that fail: a thousand of them.

import {codeHash} from "../../../build/codeHash.ts";
import {at} from "../../../build/paths.ts";
import {betrayalKinds} from "../../../sim/fault/damage.ts";
import type {Standing, Subject} from "../subject.ts";
import {disksTogether, disksZeros, noDisksPlayed, playDisks} from "./play.ts";
import type {DisksPlayed} from "./play.ts";

export type DisksResults = DisksPlayed & Standing;

const claim =
  "Lost, torn, reordered and late operations on any disks, and a minority of disks damaged, break no claim about a " +
  "cluster of five, and once they have ended all members that can run hold the same. One disk that betrays its member " +
  "breaks a promise, and it is said which.";

/** Of all that a run is made of, and of what is asked of it. */
function hash(): string {
  return codeHash(["core", "sim", "test/soak/disks"]);
}

export const disks: Subject<DisksPlayed, DisksResults> = {
  name: "disks",
  file: at("test/soak/results/disks.json"),
  seeds: 1000,
  taskSize: 5,
  hash,
  nothingFrom: (seed) => ({claim, codeHash: hash(), seeds: [seed, seed], seconds: 0, ...noDisksPlayed}),
  play: (seeds) => playDisks(seeds, true),
  add: (results, played, to, seconds) => ({
    ...results,
    ...disksTogether(results, played),
    seeds: [results.seeds[0], to],
    seconds: Math.round(seconds),
  }),
  news: ({violations}) =>
    violations.map(
      ({seed, check, said}) => `seed ${seed}: ${check}: ${JSON.stringify(said)}\n  ${replayLine(seed)}`,
    ),
  progress: ({runs, events, seconds, violations}) =>
    `${runs} runs, ${events} events in ${seconds} s, ${violations.length} violations`,
  summary: (results) => {
    const {runs, events, operations, seeds, seconds, undecided, violations} = results;
    const never = disksZeros(results);
    return [
      `seeds ${seeds[0]}..${seeds[1]}: ${runs} runs, ${events} events, ${operations} operations in ${seconds} s`,
      never.length === 0 ? "everything was exercised" : `never exercised: ${never.join(", ")}`,
      violations.length === 0 ? "nothing was broken" : `${violations.length} runs broke a claim`,
      ...undecided.map(({seed, check}) => `${check} undecided: ${replayLine(seed)}`),
      ...betrayalLines(results),
    ];
  },
  isBroken: ({violations}) => violations.length > 0,
};

function replayLine(seed: number): string {
  return `npm run soak -- disks --replay ${seed}`;
}

function betrayalLines({betrayals}: DisksPlayed): readonly string[] {
  return betrayalKinds.map((kind) => {
    const {seeds, foundOut, caught} = betrayals[kind];
    const claims = Object.entries(caught).map(([check, {seeds: times}]) => `${check} in ${times}`);
    const found = Object.entries(foundOut).map(([id, times]) => `${id} in ${times}`);
    return `${kind}, of ${seeds} seeds: ${[...claims, ...found].join(", ")}`;
  });
}
