// The soak of the client's recipes: a thousand seeds, each with fencing and without.

import {codeHash} from "../../../build/codeHash.ts";
import {at} from "../../../build/paths.ts";
import type {Standing, Subject} from "../subject.ts";
import {noRecipesPlayed, playRecipes, recipesTogether, recipesZeros} from "./play.ts";
import type {Locked, RecipesPlayed} from "./play.ts";

export type RecipesResults = RecipesPlayed & Standing;

const claim =
  "Partitions, crashes, pauses of members and clients, and clocks that lie break none of etcd's documented promises. A lock " +
  "lets two clients take themselves for its holder, and their plain writes lose updates; writes that are fenced lose none.";

/** Of all that a run is made of, and of what is asked of it. */
function hash(): string {
  return codeHash(["core", "sim", "test/soak/recipes"]);
}

export const recipes: Subject<RecipesPlayed, RecipesResults> = {
  name: "recipes",
  file: at("test/soak/results/recipes.json"),
  seeds: 1000,
  taskSize: 5,
  hash,
  nothingFrom: (seed) => ({claim, codeHash: hash(), seeds: [seed, seed], seconds: 0, ...noRecipesPlayed}),
  play: playRecipes,
  add: (results, played, to, seconds) => ({
    ...results,
    ...recipesTogether(results, played),
    seeds: [results.seeds[0], to],
    seconds: Math.round(seconds),
  }),
  news: ({violations}) =>
    violations.map(
      ({seed, fenced, check, said}) =>
        `seed ${seed}${fenced ? "" : ", unfenced"}: ${check}: ${JSON.stringify(said)}\n  ${replayLine(seed, fenced)}`,
    ),
  progress: ({runs, events, seconds, violations, unfenced}) =>
    `${runs} runs, ${events} events in ${seconds} s, ${violations.length} violations, ${unfenced.lostRuns} lost updates without fencing`,
  summary: (results) => {
    const {runs, events, operations, seeds, seconds, undecided, violations} = results;
    const never = recipesZeros(results);
    return [
      `seeds ${seeds[0]}..${seeds[1]}: ${runs} runs, ${events} events, ${operations} operations in ${seconds} s`,
      never.length === 0 ? "everything was exercised" : `never exercised: ${never.join(", ")}`,
      violations.length === 0 ? "nothing was broken" : `${violations.length} claims were broken`,
      ...undecided.map(({seed, fenced, check}) => `${check} undecided: ${replayLine(seed, fenced)}`),
      lockLine("without fencing", results.unfenced),
      lockLine("with fencing", results.fenced),
    ];
  },
  isBroken: ({violations, fenced}) => violations.length > 0 || fenced.lostRuns > 0,
};

function replayLine(seed: number, fenced: boolean): string {
  return `npm run soak -- recipes --replay ${seed}${fenced ? "" : " --unfenced"}`;
}

function lockLine(how: string, {held, sharedRuns, lostRuns, refused}: Locked): string {
  return `${how}: held ${held} times, by two at once in ${sharedRuns} runs, an update lost in ${lostRuns}, ${refused} writes refused`;
}
