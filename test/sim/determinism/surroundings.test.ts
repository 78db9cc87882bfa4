// A run is a function (law 1): neither where it runs, nor what else is alive there, is an argument of it. The same seeds in
// other processes, under other locales, time zones, hash orders and garbage collections, and beside other worlds.

import {execFile} from "node:child_process";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";
import {promisify} from "node:util";
import {build} from "vite";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {below, draw} from "../../../sim/random.ts";
import {chains, lifeOf, seeds} from "./seeds.ts";

const here = chains();
const folder = mkdtempSync(join(tmpdir(), "etcdscope-seeds-"));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

beforeAll(async () => {
  await build({
    root: fileURLToPath(new URL("../../..", import.meta.url)),
    configFile: false,
    logLevel: "error",
    publicDir: false,
    build: {
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      target: "es2023",
      lib: {entry: "test/sim/determinism/seeds.ts", formats: ["es"], fileName: () => "seeds.mjs"},
    },
  });
}, 60_000);

interface Elsewhere {
  readonly chains: string;
  readonly locale: string;
  readonly zone: string;
  readonly collections: number;
}

/** Runs the seeds in a process of its own. */
async function elsewhere(
  flags: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Elsewhere> {
  const program = `
    import {chains} from ${JSON.stringify(pathToFileURL(join(folder, "seeds.mjs")).href)};
    let collections = 0;
    const collect = globalThis.gc === undefined ? undefined : (step) => { if (step % 64 === 0) { globalThis.gc({type: "minor"}); collections++; } };
    const {locale, timeZone: zone} = Intl.DateTimeFormat().resolvedOptions();
    console.log(JSON.stringify({chains: chains(collect), locale, zone, collections}));`;
  const {stdout} = await promisify(execFile)(
    process.execPath,
    [...flags, "--input-type=module", "--eval", program],
    {
      env: {...process.env, NODE_OPTIONS: "", ...env},
    },
  );
  return JSON.parse(stdout) as Elsewhere;
}

/** A process of its own starts, and the machine may be busy. */
const patience = 60_000;

describe("the chain of a run is the same", () => {
  it(
    "in a Turkish process in Tokyo, with another hash order, whose compiler does not optimise",
    async () => {
      const there = await elsewhere(["--hash-seed=1", "--random-seed=1", "--no-opt"], {
        LANG: "tr_TR.UTF-8",
        LC_ALL: "tr_TR.UTF-8",
        TZ: "Asia/Tokyo",
      });
      expect([there.locale, there.zone]).toEqual(["tr-TR", "Asia/Tokyo"]);
      expect(there.chains).toBe(here);
    },
    patience,
  );

  it(
    "in a Danish process in Newfoundland, with yet another, where garbage is collected every 64 events",
    async () => {
      const there = await elsewhere(["--hash-seed=987654321", "--random-seed=42", "--expose-gc"], {
        LANG: "da_DK.UTF-8",
        LC_ALL: "da_DK.UTF-8",
        TZ: "America/St_Johns",
      });
      expect([there.locale, there.zone]).toEqual(["da-DK", "America/St_Johns"]);
      expect(there.collections).toBeGreaterThan(50);
      expect(there.chains).toBe(here);
    },
    patience,
  );

  it("beside other worlds that are alive in the same process, whoever takes how many turns", () => {
    const lives = seeds.map((seed) => lifeOf(seed));
    const going = new Set(lives);
    for (let turn = 1; going.size > 0; turn++) {
      const life = [...going][below(draw("turns", "whose", turn), going.size)];
      const events = 1 + below(draw("turns", "how many", turn), 20);
      for (let i = 0; i < events && life !== undefined; i++)
        if (life.step() === undefined) going.delete(life);
    }
    const told = seeds.map((seed, i) => `${seed}: ${lives[i]?.world.step} ${lives[i]?.world.hash}`);
    expect(told.join(", ")).toBe(here);
  });
});
