// What `import "etcdscope"` and `import "etcdscope/test"` give: two bundles that run in Node and in a browser, and the
// declarations that the compiler wrote for them.

import {execFile} from "node:child_process";
import {existsSync} from "node:fs";
import {mkdir, readFile, rm, writeFile} from "node:fs/promises";
import {posix} from "node:path";
import {promisify} from "node:util";
import {build} from "vite";
import {common} from "./common.ts";
import {at} from "./paths.ts";

const entries = {index: "bin/lib.ts", test: "bin/libTest.ts"};

/** Installed beside etcdscope by whoever imports etcdscope/test. */
const peers = ["fast-check", "vitest"];

export async function buildLibrary(): Promise<void> {
  await rm(at("dist/lib"), {recursive: true, force: true});
  await build({
    ...common(),
    build: {
      target: "es2023",
      outDir: at("dist/lib"),
      minify: false,
      lib: {
        entry: Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, at(path)])),
        formats: ["es"],
      },
      rolldownOptions: {external: [...peers, /^node:/]},
    },
  });
  await promisify(execFile)(process.execPath, [at("node_modules/typescript/bin/tsc"), "-b", at("bin")]).catch(
    (error: {stdout: string}) => {
      throw new Error(`library: the types do not compile\n${error.stdout}`);
    },
  );
  await copyTypes();
}

/** Copies the declarations that the entries reach, and makes their imports name the files that are there. */
async function copyTypes(): Promise<void> {
  const queue = Object.values(entries).map((path) => path.replace(/\.ts$/, ".d.ts"));
  const seen = new Set<string>();
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    if (!existsSync(at(`.build/${path}`))) throw new Error(`library: .build/${path} is missing`);
    const folder = posix.dirname(path);
    const text = await readFile(at(`.build/${path}`), "utf8");
    const named = text.replace(/((?:from |import\()")(\.[^"]+)\.ts"/g, (_, before: string, name: string) => {
      queue.push(`${posix.join(folder, name)}.d.ts`);
      return `${before}${name}.js"`;
    });
    await mkdir(at(`dist/lib/types/${folder}`), {recursive: true});
    await writeFile(at(`dist/lib/types/${path}`), named);
  }
}
