// The soak of what must be found: seeds until a planted bug, or a setting that no cluster survives, breaks a claim.

import {codeHash} from "../../../build/codeHash.ts";
import {at} from "../../../build/paths.ts";
import type {Standing, Subject} from "../subject.ts";
import {hunts, strategies} from "./hunts.ts";
import {detectionsTogether, noDetectionsPlayed, playDetections, smallOf} from "./play.ts";
import type {DetectionsPlayed, Small} from "./play.ts";
import {detectionsText, guidedText, page, pageWith} from "./tables.ts";

export interface DetectionsResults extends DetectionsPlayed, Standing {
  /** By hunt: its first failure, made small. */
  readonly small: Readonly<Record<string, Small>>;
}

const claim =
  "Every bug of the museum, and every setting that no cluster survives, is found by drawing seeds, whoever decides the order of events; its " +
  "first failure is made small in less than a minute.";

/** Of all that a run is made of, and of what is asked of it. */
function hash(): string {
  return codeHash(["core", "sim", "test/soak/detections"]);
}

export const detections: Subject<DetectionsPlayed, DetectionsResults> = {
  name: "detections",
  file: at("test/soak/results/detections.json"),
  seeds: Math.max(...hunts.map(({seeds}) => seeds)),
  taskSize: 1,
  hash,
  nothingFrom: (seed) => ({
    claim,
    codeHash: hash(),
    seeds: [seed, seed],
    seconds: 0,
    ...noDetectionsPlayed,
    small: {},
  }),
  play: (seeds) => playDetections(seeds),
  add: (results, played, to, seconds) => ({
    ...results,
    ...detectionsTogether(results, played),
    seeds: [results.seeds[0], to],
    seconds: Math.round(seconds),
  }),
  finish: (results) => {
    const small: Record<string, Small> = {...results.small};
    for (const hunt of hunts) {
      const found = small[hunt.name] ?? smallOf(hunt, results.table);
      if (found !== undefined) small[hunt.name] = found;
    }
    return {...results, small};
  },
  news: () => [],
  progress: ({seeds, runs, events, seconds}) =>
    `${seeds[1]} seeds, ${runs} runs, ${events} events in ${seconds} s`,
  summary: ({table, guided, small, seeds, runs, events, seconds}) => [
    `seeds ${seeds[0]}..${seeds[1]}: ${runs} runs, ${events} events in ${seconds} s`,
    ...hunts.map(({name}) => {
      const row = table[name];
      const cells = strategies.map((one) => `${one} ${row === undefined ? "" : detectionsText(row[one])}`);
      return `${name}: ${cells.join(", ")}`;
    }),
    ...Object.entries(guided).map(([name, one]) => `${name}, guided: ${guidedText(one)}`),
    ...Object.entries(small).map(([name, one]) => `${name}, made small: ${smallText(one)}`),
  ],
  isBroken: () => false,
  page: (results) => ({file: page, text: pageWith(results)}),
};

function smallText({seed, strategy, check, from, to, seconds}: Small): string {
  return `${check}, seed ${seed} by ${strategy}: from ${from.interventions} interventions and ${from.choices} choices to ${to.interventions} and ${to.choices}, ${to.events} events, in ${seconds} s`;
}
