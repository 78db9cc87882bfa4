import {expect, test} from "vitest";
import {draw} from "../../../sim/random.ts";
import {Visited} from "../../../sim/explore/visited.ts";

test("a table of fingerprints is a map from them to rows", () => {
  const visited = new Visited();
  const rows = new Map<string, number>();
  for (let n = 0; n < 20_000; n++) {
    // Few different low bits and lanes, so that slots are fought for and pairs come again.
    const [a, b] = [(draw("7", "a", n) % 300) << 8, (draw("7", "b", n) % 40) - 20];
    const name = `${a} ${b}`;
    const known = rows.get(name);
    const row = visited.add(a, b, n, n % 60);
    if (row !== (known === undefined ? rows.size : ~known)) throw new Error(`${name} is in row ${row}`);
    if (known !== undefined) continue;
    rows.set(name, row);
    visited.setSleep(row, n);
    if (visited.actionOf(row) !== n % 60) throw new Error(`row ${row} has another action`);
  }
  expect(visited.size).toBe(rows.size);
  expect(rows.size).toBeGreaterThan(8000);
  expect([...rows.values()].filter((row) => visited.sleepOf(row) !== visited.parentOf(row))).toEqual([]);
  expect(visited.bytes / visited.size).toBeLessThan(60);
});
