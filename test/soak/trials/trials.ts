// The soak of short trials: ten thousand, each with all that a sound cluster survives.

import {codeHash} from "../../../build/codeHash.ts";
import {at} from "../../../build/paths.ts";
import type {Standing, Subject} from "../subject.ts";
import {noTrialsPlayed, playTrials, trialsTogether, trialsZeros} from "./play.ts";
import type {TrialsPlayed} from "./play.ts";

export type TrialsResults = TrialsPlayed & Standing;

const claim =
  "Three members, 60 simulated seconds at etcd's default timings, some hundred operations: nothing that a sound cluster " +
  "survives, of networks, processes, clocks and disks, in whatever order events come, breaks any claim.";

/** Of all that a run is made of, and of what is asked of it. */
function hash(): string {
  return codeHash(["core", "sim", "test/soak/trials"]);
}

export const trials: Subject<TrialsPlayed, TrialsResults> = {
  name: "trials",
  file: at("test/soak/results/trials.json"),
  seeds: 10_000,
  taskSize: 20,
  hash,
  nothingFrom: (seed) => ({claim, codeHash: hash(), seeds: [seed, seed], seconds: 0, ...noTrialsPlayed}),
  play: playTrials,
  add: (results, played, to, seconds) => ({
    ...results,
    ...trialsTogether(results, played),
    seeds: [results.seeds[0], to],
    seconds: Math.round(seconds),
  }),
  news: ({violations}) =>
    violations.map(
      ({seed, check, said}) => `seed ${seed}: ${check}: ${JSON.stringify(said)}\n  ${againLine(seed)}`,
    ),
  progress: ({runs, events, seconds, cpuMs, violations}) =>
    `${runs} runs, ${events} events in ${seconds} s, ${Math.round(cpuMs / Math.max(1, runs))} ms of a core each, ${violations.length} violations`,
  summary: (results) => {
    const {runs, events, operations, seeds, seconds, cpuMs, undecided, violations} = results;
    const never = trialsZeros(results);
    return [
      `seeds ${seeds[0]}..${seeds[1]}: ${runs} runs, ${events} events, ${operations} operations in ${seconds} s`,
      `${Math.round(cpuMs / Math.max(1, runs))} ms of a core for each`,
      never.length === 0 ? "everything was exercised" : `never exercised: ${never.join(", ")}`,
      violations.length === 0 ? "nothing was broken" : `${violations.length} runs broke a claim`,
      ...undecided.map(({seed, check}) => `${check} undecided: ${againLine(seed)}`),
    ];
  },
  isBroken: ({violations}) => violations.length > 0,
};

function againLine(seed: number): string {
  return `npm run -s etcdscope -- sweep --short --seeds ${seed}..${seed + 1}`;
}
