// The committed results of the soak of what must be found, and a part of it played again.

import {readFileSync} from "node:fs";
import {describe, expect, inject, it} from "vitest";
import {museum} from "../../sim/bug/museum.ts";
import {detections} from "./detections/detections.ts";
import type {DetectionsResults} from "./detections/detections.ts";
import {hunts, strategies} from "./detections/hunts.ts";
import type {Hunt} from "./detections/hunts.ts";
import {playDetections, searchGuided, smallEnough} from "./detections/play.ts";
import {guidedText, page, tablesOf} from "./detections/tables.ts";
import {Luck} from "./luck.ts";
import {readResults} from "./results.ts";

/** Milliseconds; about three seconds of one core. */
const timeout = 60_000;

const results = readResults<DetectionsResults>(detections.file);

function present(): DetectionsResults {
  if (results === undefined) throw new Error(`${detections.file} is absent: npm run soak -- detections`);
  return results;
}

const hunted = new Set(hunts.flatMap(({trial}) => trial.bugs ?? []));

describe("the committed results", () => {
  it("are of five bugs of the museum, and of what is hunted now", () => {
    const ids = new Set(museum.map(({id}) => id));
    expect([...hunted].filter((bug) => !ids.has(bug))).toEqual([]);
    expect(hunted.size).toBe(5);
    expect(Object.keys(present().table)).toEqual(hunts.map(({name}) => name));
  });

  it("have something found of every bug, and of every setting that no cluster survives, by one strategy at least", () => {
    const {table} = present();
    const isFound = ({name}: Hunt): boolean =>
      strategies.some((one) => (table[name]?.[one].found.length ?? 0) > 0);
    const bugs = hunts.filter(isFound).flatMap(({trial}) => trial.bugs ?? []);
    expect(new Set(bugs)).toEqual(hunted);
    const settings = hunts.filter(({trial}) => trial.bugs === undefined);
    expect(settings.filter((hunt) => !isFound(hunt))).toEqual([]);
    expect(settings.length).toBe(4);
  });

  it("are those that the page shows", () => {
    expect(readFileSync(page, "utf8")).toContain(tablesOf(present()));
  });

  it("have failures made small: at most 20 interventions, in less than a minute, and nothing can be left out", () => {
    const {small} = present();
    for (const [name, {to, seconds, minimal}] of Object.entries(small)) {
      expect([name, minimal]).toEqual([name, true]);
      expect([name, to.interventions <= smallEnough]).toEqual([name, true]);
      expect(seconds).toBeLessThan(60);
    }
    expect(Object.keys(small).length).toBeGreaterThan(7);
  });
});

it("a guided search ends with its first detection, and says how many trials it took", () => {
  const wiped = hunts.filter(({name}) => name === "wipe").map((hunt) => searchGuided(hunt, 0));
  expect(wiped).toMatchObject([{searches: 1, found: [expect.any(Number)]}]);
  expect(guidedText({searches: 50, found: [...Array.from({length: 39}, () => 1), 2]})).toBe(
    "40 of 50 (1, 1)",
  );
  expect(guidedText({searches: 50, found: [3]})).toBe("1 of 50");
});

it(
  "a drawn seed is found, or is not, as before",
  () => {
    const luck = new Luck();
    luck.begin(inject("seed"), 0);
    const {table, codeHash, seeds} = present();
    const seed = luck.below(seeds[1]);
    const drawn = strategies[luck.below(strategies.length)];
    const again = playDetections([seed], (_, strategy) => strategy === drawn, false);
    if (drawn === undefined || codeHash !== detections.hash()) return;
    for (const {name} of hunts)
      expect([name, again.table[name]?.[drawn].found]).toEqual([
        name,
        table[name]?.[drawn].found.filter((one) => one === seed),
      ]);
  },
  timeout,
);
