// The README's commands, run: what it shows is what they print.

import {spawnSync} from "node:child_process";
import type {SpawnSyncReturns} from "node:child_process";
import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";

/** What a document says that a command prints. */
function blocksOf(path: string): readonly (readonly [command: string, output: string])[] {
  const text = readFileSync(new URL(path, import.meta.url), "utf8");
  return [...text.matchAll(/```console\n\$ (?<command>[^\n]+)\n(?<output>[^`]*)```/g)].map(({groups}) => [
    groups?.["command"] ?? "",
    groups?.["output"] ?? "",
  ]);
}

const blocks = blocksOf("../README.md");

/** Times differ from machine to machine, and say so in the README. */
function timeless(output: string): string {
  return output.replace(/time=[\d.]+ms/g, "time=…").trimEnd();
}

describe("the README", () => {
  it("shows a command for each of the three people", () => {
    expect(blocks).toHaveLength(3);
  });

  it.each(blocks)(
    "shows what `%s` prints",
    (command, output) => {
      const ran = runOf(command);
      expect(timeless(ran.stdout)).toBe(timeless(output));
      expect(ran.status).toBe(0);
    },
    60_000,
  );
});

describe("the command's own document", () => {
  const own = blocksOf("../bin/README.md");

  it("shows what a disk looks like", () => expect(own.length).toBeGreaterThan(0));

  it.each(own)(
    "shows of what `%s` prints some, and … for the rest",
    (command, output) => {
      const ran = runOf(command);
      const parts = output.split("…\n").filter((part) => part !== "");
      const places = parts.map((part) => ran.stdout.indexOf(part));
      expect(places.map((place, i) => (place < 0 ? parts[i] : ""))).toEqual(parts.map(() => ""));
      expect(places).toEqual(places.toSorted((a, b) => a - b));
      expect(ran.status).toBe(0);
    },
    60_000,
  );
});

function runOf(command: string): SpawnSyncReturns<string> {
  const {ETCDSCOPE_SEED: _, ...inherited} = process.env;
  const env = {...inherited, NO_COLOR: "1"};
  return spawnSync(command, {shell: true, encoding: "utf8", env, cwd: new URL("..", import.meta.url)});
}
