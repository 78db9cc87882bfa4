// The soak of small histories: every one of a register, by up to three clients, judged by the search and by trying every order.

import {codeHash} from "../../../build/codeHash.ts";
import {at} from "../../../build/paths.ts";
import type {Standing, Subject} from "../subject.ts";
import {allParts, noRegistersPlayed, playPart, registersTogether, sizes} from "./play.ts";
import type {RegistersPlayed} from "./play.ts";

export type RegistersResults = RegistersPlayed & Standing;

const claim =
  "Of every history of a register that is read and written by three clients, up to eight operations, the search says what trying every order " +
  "says; which of them stand for all others, test/soak/registers/README.md argues.";

/** Of the search, of the register, and of what is asked of them. */
function hash(): string {
  return codeHash(["sim/check", "sim/record", "test/soak/registers"]);
}

const parts = allParts();

export const registers: Subject<RegistersPlayed, RegistersResults> = {
  name: "registers",
  file: at("test/soak/results/registers.json"),
  seeds: parts.length,
  taskSize: 1,
  hash,
  nothingFrom: (seed) => ({claim, codeHash: hash(), seeds: [seed, seed], seconds: 0, ...noRegistersPlayed}),
  play: (numbers) => {
    let played = noRegistersPlayed;
    for (const number of numbers) {
      const part = parts[number];
      if (part !== undefined) played = registersTogether(played, playPart(part));
    }
    return played;
  },
  add: (results, played, to, seconds) => ({
    ...results,
    ...registersTogether(results, played),
    seeds: [results.seeds[0], to],
    seconds: Math.round(seconds),
  }),
  news: ({disagreements}) =>
    disagreements.map(
      ({held, found, history}) => `${held ? "held" : "violated"}, found ${found}: ${history.join(", ")}`,
    ),
  progress: (results) =>
    `${total(results)} histories in ${results.seconds} s, ${results.disagreements.length} disagreements`,
  summary: (results) => [
    ...results.counts.map(
      ({parts: some, histories, held}, i) =>
        `${sizes[i]?.operations} operations (${sizes[i]?.which}, ${sizes[i]?.arranged} order of events): ${some} ways, ${histories} histories, ${held} held`,
    ),
    `${total(results)} in ${results.seconds} s: ${results.disagreements.length === 0 ? "all agree" : "NOT all agree"}`,
  ],
  isBroken: ({disagreements}) => disagreements.length > 0,
};

function total({counts}: RegistersPlayed): number {
  return counts.reduce((sum, {histories}) => sum + histories, 0);
}
