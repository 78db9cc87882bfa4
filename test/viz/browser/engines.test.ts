// The same run in every engine: law 1. The library's scenarios, and seeds of faults of every kind, run in a browser's worker
// and tell their hashes, seed by seed; Node's are the same. Chromium comes with the tests; Firefox joins in where one is
// installed, as Debian's firefox-esr is in continuous integration.

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
import {chains} from "../../sim/determinism/seeds.ts";
import {launchChromium} from "../../support/chromium.ts";

const seed = "7";

/** What Node makes of every scenario, and of every seed. */
const due = [...scenarios.map(({id}) => `${id}: ${run(scenario(id), {seed}).traceHash}`), chains()].join(
  ", ",
);

const page = `<!doctype html><script type="module">
  new Worker("/worker.js", {type: "module"}).onerror = (e) => fetch("/told", {method: "POST", body: String(e.message)});
</script>`;

const worker = `import {run, scenario, scenarios} from "/lib.js";
  import {chains} from "/seeds.js";
  const hashes = scenarios.map(({id}) => id + ": " + run(scenario(id), {seed: "${seed}"}).traceHash);
  fetch("/told", {method: "POST", body: [...hashes, chains()].join(", ")});`;

/** The library and the seeds as modules, by their names. */
async function modules(): Promise<ReadonlyMap<string, string>> {
  const built = await build({
    root: fileURLToPath(new URL("../../..", import.meta.url)),
    configFile: false,
    logLevel: "error",
    define: {__CODE_HASH__: JSON.stringify("0".repeat(16))},
    build: {
      write: false,
      target: "es2023",
      lib: {entry: {lib: "bin/lib.ts", seeds: "test/sim/determinism/seeds.ts"}, formats: ["es"]},
      rolldownOptions: {output: {entryFileNames: "[name].js", chunkFileNames: "[name].js"}},
    },
  });
  const output = Array.isArray(built) ? built[0]?.output : "output" in built ? built.output : undefined;
  const chunks = (output ?? []).flatMap((one) =>
    one.type === "chunk" ? [[one.fileName, one.code] as const] : [],
  );
  return new Map(chunks);
}

/** Opens the page with `browse` and resolves to what its worker tells. */
async function told(browse: (address: string) => Promise<() => Promise<void>>): Promise<string> {
  const files: Record<string, readonly [string, string]> = {
    "/": ["text/html", page],
    "/worker.js": ["text/javascript", worker],
  };
  for (const [name, code] of await modules()) files[`/${name}`] = ["text/javascript", code];
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
    console.log(
      "NO FIREFOX is installed (Debian: firefox-esr): runs are compared in Node and Chromium alone",
    );
    return false;
  }
}

const engines = [["Chromium", chromium] as const, ...(hasFirefox() ? [["Firefox", firefox] as const] : [])];

it.each(engines)(
  "%s's worker gives every scenario and every seed the hash that Node gives it",
  async (_, browse) => {
    expect((await told(browse)).split(", ")).toEqual(due.split(", "));
  },
  90_000,
);
