// What `npm run build` makes is what people install, serve and open, so it is made here and tried.

import {execFile, spawn} from "node:child_process";
import {rmSync} from "node:fs";
import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";
import {promisify} from "node:util";
import {build} from "vite";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {simulate} from "../../bin/lib.ts";
import {decodeHash} from "../../viz/app/link.ts";
import {launchChromium} from "../support/chromium.ts";
import {Outsider} from "./outsider.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const dist = join(root, "dist");

const written: string[] = [];
afterAll(() => {
  for (const path of written) rmSync(path, {force: true});
});

beforeAll(async () => {
  await run(process.execPath, ["--import", "tsx", "build/build.ts"], {cwd: root});
}, 120_000);

describe("the offline page", () => {
  it("opens from a disk, starts its worker and asks for nothing else", async () => {
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      const faults: string[] = [];
      const asked: string[] = [];
      page.on("pageerror", (error) => faults.push(error.message));
      page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
      page.on("request", (request) => asked.push(request.url().replace(/^(blob|data):.*/, "$1")));
      const started = page.waitForEvent("worker");
      await page.goto(pathToFileURL(join(dist, "etcdscope.html")).href);
      const worker = await started;
      expect(await worker.evaluate("typeof importScripts")).toBe("function");
      expect(faults).toEqual([]);
      expect(asked.filter((url) => url !== "blob" && url !== "data")).toHaveLength(1);
    } finally {
      await browser.close();
    }
  });
});

describe("the site", () => {
  it("works under any path: it names its files relatively", async () => {
    const html = await readFile(join(dist, "site/index.html"), "utf8");
    const named = [...html.matchAll(/\b(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(named.filter((name) => !name.startsWith("./") && !name.startsWith("data:"))).toEqual([]);
    expect(named.some((name) => name.endsWith(".js"))).toBe(true);
  });
});

describe("the command", () => {
  it("starts less than 0.2 s after Node itself", async () => {
    // Fastest of several, against Node doing nothing, measured in turns: a busy machine slows both.
    let [nodeMs, commandMs] = [Infinity, Infinity];
    for (let i = 0; i < 6; i++) {
      nodeMs = Math.min(nodeMs, await elapsed([process.execPath, "--eval", "0"]));
      commandMs = Math.min(commandMs, await elapsed([join(dist, "bin/etcdscope.js"), "--help"]));
    }
    expect(commandMs - nodeMs).toBeLessThan(200);
  });
});

async function elapsed([file, ...args]: [string, ...string[]]): Promise<number> {
  const start = performance.now();
  await run(file, args);
  return performance.now() - start;
}

describe("the library", () => {
  it("runs in a browser too: it imports nothing of Node", async () => {
    for (const file of await readdir(join(dist, "lib"))) {
      if (!file.endsWith(".js")) continue;
      expect(await readFile(join(dist, "lib", file), "utf8"), file).not.toMatch(/["']node:/);
    }
  });
});

/** What examples/README.md tells to write. */
async function wrongLock(): Promise<string> {
  const text = await readFile(join(root, "examples/README.md"), "utf8");
  const [, code = ""] = /^```ts\n(\/\/ lock\.test\.ts[^]*?)^```/m.exec(text) ?? [];
  return code;
}

describe("the package, installed in an empty folder", () => {
  let outsider: Outsider;
  beforeAll(async () => {
    outsider = await Outsider.install();
  }, 60_000);
  afterAll(() => outsider.remove());

  it("is typed, and the examples are", async () => {
    const examples = await Promise.all(
      (await readdir(join(root, "examples")))
        .filter((name) => name.endsWith(".test.ts"))
        .map((name) => outsider.example(name)),
    );
    expect(examples).toHaveLength(4);
    await outsider.write("wrongLock.test.ts", await wrongLock());
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const args = [tsc, "--noEmit", "--strict", "--target", "es2023", "--module", "nodenext"];
    expect(await outsider.node(...args, "wrongLock.test.ts", ...examples)).toEqual({code: 0, out: ""});
  }, 60_000);

  it("finds a wrong lock, makes its failure small, and opens it where both hold the lock", async () => {
    await outsider.write("wrongLock.test.ts", await wrongLock());
    const began = performance.now();
    const {code, out} = await outsider.node("node_modules/vitest/vitest.mjs", "run", "wrongLock.test.ts");
    expect(performance.now() - began).toBeLessThan(60_000);
    expect(code).toBe(1);
    expect(out).toMatch(/^Counterexample: \[\[\],"\d+"\]$/m);
    expect(out).toContain("failed: both hold the lock");
    // What a person is shown is a page, not the whole run.
    expect(out.split("\n").length).toBeLessThan(70);
    expect(out.length).toBeLessThan(10_000);
    expect(out).toMatch(/at worker .*wrongLock\.test\.ts:\d+/);
    const [, trace = "", event = ""] = /^ *open: {3}npx etcdscope open (\S+) --at '(\S+)'$/m.exec(out) ?? [];
    written.push(trace);
    const opened = await opening(["open", trace, "--at", event]);
    expect(opened.status).toBe(200);
    expect(decodeHash(new URL(opened.address).hash)).toMatchObject({
      source: {kind: "link", link: {cursor: {event}}},
    });
    const asked = await outsider.node("node_modules/.bin/etcdscope", "trace", trace, "--kind", "script");
    const puts = [...asked.out.matchAll(/c[12] asks: put lock (c[12])/g)].map(([, client]) => client);
    expect(new Set(puts)).toEqual(new Set(["c1", "c2"]));
  }, 120_000);

  /** Starts `etcdscope open` until its page was asked for. */
  async function opening(
    args: readonly string[],
  ): Promise<{readonly address: string; readonly status: number}> {
    const served = spawn(process.execPath, ["node_modules/.bin/etcdscope", ...args], {cwd: outsider.folder});
    try {
      const address = await new Promise<string>((resolve, reject) => {
        served.stdout.on("data", (data: Buffer) => resolve(data.toString().trim()));
        served.on("exit", (status) => reject(new Error(`open ended with ${status}`)));
      });
      const {status} = await fetch(address);
      return {address, status};
    } finally {
      served.kill("SIGINT");
    }
  }

  it("runs in a browser, bundled: a run is the same as here, and a property fails and shrinks to the same", async () => {
    await outsider.write("answered.js", everyPutIsAnswered);
    await outsider.write(
      "main.ts",
      `import {simulate} from "etcdscope";
       import {search} from "./answered.js";
       globalThis.done = simulate({seed: "7"}, ({client}) => client.put("x", "1")).then(({traceHash}) => traceHash);
       globalThis.found = search().then(([found, error]) => [found, error.message]);`,
    );
    await build({
      configFile: false,
      root: outsider.folder,
      logLevel: "error",
      build: {lib: {entry: "main.ts", formats: ["iife"], name: "main", fileName: "main"}, outDir: "out"},
    });
    const here = await outsider.node(
      "--input-type=module",
      "--eval",
      `import {search} from "./answered.js"; console.log(JSON.stringify((await search())[0]));`,
    );
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.addScriptTag({path: join(outsider.folder, "out/main.iife.js")});
      const {traceHash} = await simulate({seed: "7"}, ({client}) => client.put("x", "1"));
      expect(await page.evaluate("globalThis.done")).toBe(traceHash);
      const [found, says] = (await page.evaluate("globalThis.found")) as [Found, string];
      expect(found).toEqual(JSON.parse(here.out));
      expect(found.failed).toBe(true);
      expect(says).toMatch(/^link: {3}#run=/m);
      expect(found.numShrinks).toBeGreaterThan(0);
      expect(found.counterexample[0]).toMatchObject([{do: {kind: "crash"}}, {do: {kind: "restart"}}]);
    } finally {
      await browser.close();
    }
  }, 60_000);
});

/** What a search came to. */
interface Found {
  readonly failed: boolean;
  readonly counterexample: readonly [readonly unknown[], string];
  readonly numShrinks: number;
}

/** A property that faults break, as a module of somebody else's. */
const everyPutIsAnswered = `
import fc from "fast-check";
import {simulate} from "etcdscope";
import {faultPlans, seeds} from "etcdscope/test";

const cluster = {members: 1, clients: 1};
const faultsOf = faultPlans(cluster, {until: "3s"});
const isAnswered = fc.asyncProperty(faultsOf, seeds(), async (faults, seed) => {
  await simulate({...cluster, seed, faults}, async ({client, clock}) => {
    for (let i = 0; i < 10; i++) {
      await client.put("x", String(i));
      await clock.sleep(50);
    }
  });
});

export async function search() {
  const {failed, counterexample, numShrinks, errorInstance} = await fc.check(isAnswered, {seed: 1});
  return [{failed, counterexample, numShrinks}, errorInstance];
}
`;
