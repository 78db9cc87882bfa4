// The soak of the kill matrix: which check catches which bug of the museum.

import {codeHash} from "../../../build/codeHash.ts";
import {at} from "../../../build/paths.ts";
import {museum} from "../../../sim/bug/museum.ts";
import type {Standing, Subject} from "../subject.ts";
import {matrixSeeds, matrixTogether, noMatrixPlayed, playMatrix} from "./play.ts";
import type {MatrixPlayed} from "./play.ts";
import {page, pageWith} from "./tables.ts";

export interface MatrixResults extends MatrixPlayed, Standing {}

const claim =
  "Every bug of the museum is caught in drawn seeds, by the way of hunting that its plaque names, and each check catches one.";

/** Of all that a run is made of, and of what is asked of it. */
function hash(): string {
  return codeHash(["core", "sim", "scenarios/museum", "test/soak/matrix"]);
}

export const matrix: Subject<MatrixPlayed, MatrixResults> = {
  name: "matrix",
  // Beside the command that prints it: it goes with the package.
  file: at("bin/killMatrix.json"),
  seeds: matrixSeeds,
  taskSize: 1,
  hash,
  nothingFrom: (seed) => ({claim, codeHash: hash(), seeds: [seed, seed], seconds: 0, ...noMatrixPlayed}),
  play: (seeds) => playMatrix(seeds),
  add: (results, played, to, seconds) => ({
    ...results,
    ...matrixTogether(results, played),
    seeds: [results.seeds[0], to],
    seconds: Math.round(seconds),
  }),
  news: () => [],
  progress: ({seeds, runs, events, seconds}) =>
    `${seeds[1]} seeds, ${runs} runs, ${events} events in ${seconds} s`,
  summary: ({rows, seeds, runs, events, seconds}) => [
    `seeds ${seeds[0]}..${seeds[1]}: ${runs} runs, ${events} events in ${seconds} s`,
    ...Object.entries(rows)
      .filter(([, {found}]) => found.length === 0)
      .map(([id]) => `${id}: found in no seed`),
  ],
  isBroken: ({rows}) => museum.some(({id}) => (rows[id]?.found.length ?? 0) === 0),
  page: (results) => ({file: page, text: pageWith(results)}),
};
