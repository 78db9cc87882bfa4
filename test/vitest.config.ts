// Two projects: `node`, and `browser` for *.browser.test.ts, which run in a real Chromium (support/chromium.ts).
// A process per core runs one file after another, and keeps what it has loaded and compiled: no module holds state
// (architecture/), so a file cannot tell whether it is the first. A process per file took half as long again.
// Property tests start from one fixed seed; ETCDSCOPE_SEED changes it.

import {availableParallelism} from "node:os";
import {fileURLToPath} from "node:url";
import {playwright} from "@vitest/browser-playwright";
import type {Plugin} from "vite";
import {defineConfig} from "vitest/config";
import {chromiumLaunchOptions} from "./support/chromium.ts";

const seed = Number(process.env["ETCDSCOPE_SEED"] ?? 20261122);
if (!Number.isSafeInteger(seed)) throw new Error("ETCDSCOPE_SEED: expected an integer");

const exclude = ["**/node_modules/**", "test/fixtures/**"];
const setupFiles = ["test/support/seed.ts"];

const real = fileURLToPath(new URL("../sim/execute.ts", import.meta.url));
const twice = fileURLToPath(new URL("support/twice.ts", import.meta.url));

/** Whoever imports sim/execute.ts gets support/twice.ts instead, which runs what it is given once more. */
const runsTwice: Plugin = {
  name: "runs-twice",
  enforce: "pre",
  async resolveId(source, importer, options) {
    if (!source.endsWith("/execute.ts") || importer === twice) return undefined;
    const found = await this.resolve(source, importer, {...options, skipSelf: true});
    return found?.id === real ? twice : undefined;
  },
};

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
    provide: {seed},
    globalSetup: ["test/support/announce.ts"],
    maxWorkers: availableParallelism(),
    projects: [
      {
        extends: true,
        plugins: [runsTwice],
        test: {
          name: "node",
          include: ["test/**/*.test.ts", "examples/**/*.test.ts"],
          exclude: [...exclude, "test/**/*.browser.test.ts"],
          setupFiles,
          isolate: false,
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        optimizeDeps: {include: ["fast-check", "seedrandom", "axe-core", "fflate"]},
        test: {
          name: "browser",
          include: ["test/**/*.browser.test.ts"],
          exclude,
          setupFiles,
          testTimeout: 30_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            viewport: {width: 1280, height: 720},
            provider: playwright({launchOptions: await chromiumLaunchOptions()}),
            instances: [{browser: "chromium"}],
          },
        },
      },
    ],
  },
});
