// What `npm run build` makes is what people install, serve and open, so it is made here and tried.

import {execFile} from "node:child_process";
import {mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";
import {promisify} from "node:util";
import {beforeAll, describe, expect, it} from "vitest";
import {launchChromium} from "../support/chromium.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const dist = join(root, "dist");

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

  it("is typed for whoever installs it", async () => {
    const consumer = await mkdtemp(join(tmpdir(), "etcdscope-"));
    try {
      await mkdir(join(consumer, "node_modules"));
      await symlink(root, join(consumer, "node_modules/etcdscope"));
      await writeFile(join(consumer, "package.json"), `{"type": "module"}`);
      const program = `import * as lib from "etcdscope";\nimport * as test from "etcdscope/test";\nexport const all = [lib, test];\n`;
      await writeFile(join(consumer, "main.ts"), program);
      const tsc = join(root, "node_modules/typescript/bin/tsc");
      const args = [tsc, "--noEmit", "--strict", "--target", "es2023", "--module", "nodenext", "main.ts"];
      const found = await run(process.execPath, args, {cwd: consumer}).catch(
        (error: {stdout: string}) => error,
      );
      expect(found.stdout).toBe("");
    } finally {
      await rm(consumer, {recursive: true});
    }
  });
});
