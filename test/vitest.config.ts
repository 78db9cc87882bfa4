// Two projects: `node`, and `browser` for *.browser.test.ts, which run in a real Chromium (support/chromium.ts).
// Property tests start from one fixed seed; ETCDSCOPE_SEED changes it.

import {fileURLToPath} from "node:url";
import {playwright} from "@vitest/browser-playwright";
import {defineConfig} from "vitest/config";
import {chromiumLaunchOptions} from "./support/chromium.ts";

const seed = Number(process.env["ETCDSCOPE_SEED"] ?? 20261122);
if (!Number.isSafeInteger(seed)) throw new Error("ETCDSCOPE_SEED: expected an integer");

const exclude = ["**/node_modules/**", "test/fixtures/**"];
const setupFiles = ["test/support/seed.ts"];

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
    provide: {seed},
    globalSetup: ["test/support/announce.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          include: ["test/**/*.test.ts", "examples/**/*.test.ts"],
          exclude: [...exclude, "test/**/*.browser.test.ts"],
          setupFiles,
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
