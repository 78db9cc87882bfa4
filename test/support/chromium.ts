// The browser that tests run in. By default the Chromium that npm installs (x64 Linux), so that `npm ci && npm test` needs
// no system package; CHROME_PATH names another one. The npm package unpacks into the temporary folder and trusts whatever
// it finds there, so it is unpacked once into a folder of its own, named for its version, and moved into place whole.

import {execFile} from "node:child_process";
import {existsSync} from "node:fs";
import {mkdir, mkdtemp, readFile, rename, rm, writeFile} from "node:fs/promises";
import {createRequire} from "node:module";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import {promisify} from "node:util";
import {chromium, type Browser, type LaunchOptions} from "playwright-core";

const args = [
  "--no-sandbox",
  "--headless=shell",
  "--disable-gpu",
  "--hide-scrollbars",
  "--force-color-profile=srgb",
];

/** Starts the browser. Close it yourself. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch(await chromiumLaunchOptions());
}

/** What Playwright needs to start the browser; unpacks it first, if need be. */
export async function chromiumLaunchOptions(): Promise<LaunchOptions> {
  const chosen = process.env["CHROME_PATH"];
  if (chosen !== undefined && chosen !== "") return {executablePath: chosen, args};
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error(`no Chromium from npm for ${process.platform} ${process.arch}; set CHROME_PATH to one`);
  }
  const folder = await unpacked();
  return {executablePath: join(folder, "chromium"), args, env: environmentOf(folder)};
}

function environmentOf(folder: string): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) env[name] = value;
  const libraries = [join(folder, "al2023", "lib"), process.env["LD_LIBRARY_PATH"] ?? ""].filter(
    (path) => path !== "",
  );
  return {...env, LD_LIBRARY_PATH: libraries.join(":"), FONTCONFIG_FILE: join(folder, "fonts.conf")};
}

async function unpacked(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const manifest: unknown = JSON.parse(await readFile(join(dirname(entry), "../../package.json"), "utf8"));
  const {version} = manifest as {version: string};
  const cache = fileURLToPath(new URL("../../node_modules/.cache/etcdscope", import.meta.url));
  const folder = join(cache, `chromium-${version}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, {recursive: true});
  const staging = await mkdtemp(join(cache, "unpacking-"));
  try {
    await unpackInto(staging);
    await writeFile(join(staging, "fonts.conf"), fontsOf(folder));
    await rename(staging, folder);
  } catch (error) {
    // Another process was quicker: its folder is as good as ours.
    if (!existsSync(folder)) throw error;
  } finally {
    await rm(staging, {recursive: true, force: true});
  }
  return folder;
}

/** In a process of its own: the package reads TMPDIR, and writes to the environment, when it is imported. */
async function unpackInto(folder: string): Promise<void> {
  const program = `import chromium from "@sparticuz/chromium"; await chromium.executablePath();`;
  await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: dirname(fileURLToPath(import.meta.url)),
    env: {...process.env, TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: "nodejs20.x", NODE_OPTIONS: ""},
  });
}

/** The system's fonts, when it has any, and the one that came along. */
function fontsOf(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${join(folder, "fonts")}</dir>
  <cachedir>${join(folder, "fonts-cache")}</cachedir>
</fontconfig>
`;
}
