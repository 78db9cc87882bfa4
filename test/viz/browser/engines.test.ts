// The same run in every engine: law 1. The library runs in a browser's worker and tells its hash; Node's is the same.
// Chromium comes with the tests; Firefox joins in where one is installed.

import {execFileSync, spawn} from "node:child_process";
import {mkdtempSync, rmSync} from "node:fs";
import {createServer} from "node:http";
import type {AddressInfo} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {build} from "vite";
import {expect, it} from "vitest";
import {run, scenario, scenarios} from "../../../bin/lib.ts";
import {launchChromium} from "../../support/chromium.ts";

const seed = "7";

/** What Node makes of every scenario. */
const due = scenarios.map(({id}) => run(scenario(id), {seed}).traceHash).join(" ");

const page = `<!doctype html><script type="module">
  new Worker("/worker.js", {type: "module"}).onerror = (e) => fetch("/told", {method: "POST", body: String(e.message)});
</script>`;

const worker = `import {run, scenario, scenarios} from "/lib.js";
  const hashes = scenarios.map(({id}) => run(scenario(id), {seed: "${seed}"}).traceHash);
  fetch("/told", {method: "POST", body: hashes.join(" ")});`;

/** The library as one module. */
async function library(): Promise<string> {
  const built = await build({
    root: fileURLToPath(new URL("../../..", import.meta.url)),
    configFile: false,
    logLevel: "error",
    define: {__CODE_HASH__: JSON.stringify("0".repeat(16))},
    build: {write: false, target: "es2023", lib: {entry: "bin/lib.ts", formats: ["es"], fileName: "lib"}},
  });
  const output = Array.isArray(built) ? built[0]?.output : "output" in built ? built.output : undefined;
  const chunk = output?.[0];
  if (chunk?.type !== "chunk") throw new Error("the library is not one chunk");
  return chunk.code;
}

/** Opens the page with `browse` and resolves to what its worker tells. */
async function told(browse: (address: string) => Promise<() => Promise<void>>): Promise<string> {
  const code = await library();
  const files: Record<string, readonly [string, string]> = {
    "/": ["text/html", page],
    "/worker.js": ["text/javascript", worker],
    "/lib.js": ["text/javascript", code],
  };
  let tell: (text: string) => void = () => {};
  const answer = new Promise<string>((resolve) => (tell = resolve));
  const server = createServer((request, response) => {
    if (request.method === "POST") {
      let body = "";
      request.on("data", (part: Buffer) => (body += part.toString()));
      request.on("end", () => tell(body));
      response.end();
      return;
    }
    const file = files[request.url ?? ""];
    response.writeHead(file === undefined ? 404 : 200, {"content-type": file?.[0] ?? "text/plain"});
    response.end(file?.[1]);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = await browse(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  try {
    return await answer;
  } finally {
    await close();
    server.close();
  }
}

async function chromium(address: string): Promise<() => Promise<void>> {
  const browser = await launchChromium();
  const tab = await browser.newPage();
  await tab.goto(address);
  return () => browser.close();
}

/** Firefox as it is installed: nothing drives it, the page speaks for itself. */
async function firefox(address: string): Promise<() => Promise<void>> {
  const profile = mkdtempSync(join(tmpdir(), "etcdscope-firefox-"));
  const child = spawn("firefox", ["--headless", "--no-remote", "--profile", profile, address], {
    stdio: "ignore",
    env: {...process.env, HOME: profile, MOZ_DISABLE_AUTO_SAFE_MODE: "1"},
  });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  return async () => {
    const over = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await over;
    rmSync(profile, {recursive: true, force: true, maxRetries: 5});
  };
}

function hasFirefox(): boolean {
  try {
    execFileSync("firefox", ["--version"], {stdio: "ignore"});
    return true;
  } catch {
    console.log("no Firefox is installed: the run is compared in Node and Chromium alone");
    return false;
  }
}

const engines = [["Chromium", chromium] as const, ...(hasFirefox() ? [["Firefox", firefox] as const] : [])];

it.each(engines)(
  "%s's worker gives every scenario the hash that Node gives it",
  async (_, browse) => {
    expect(await told(browse)).toBe(due);
  },
  90_000,
);
