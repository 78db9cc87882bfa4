// The command with all that it imports, in one flat folder: nothing is resolved or compiled when it starts.

import {existsSync} from "node:fs";
import {chmod, readdir, readFile, writeFile} from "node:fs/promises";
import {build} from "vite";
import {common} from "./common.ts";
import {at} from "./paths.ts";

export async function buildCommand(): Promise<void> {
  const entries: Record<string, string> = {etcdscope: at("bin/etcdscope.ts")};
  for (const file of await readdir(at("bin"))) {
    if (file.endsWith(".worker.ts")) entries[file.slice(0, -".ts".length)] = at(`bin/${file}`);
  }
  if (!existsSync(at("bin/etcdscope.ts"))) throw new Error("command: there is no bin/etcdscope.ts");
  await build({
    ...common(),
    ssr: {noExternal: true, target: "node"},
    build: {
      ssr: true,
      target: "node20",
      outDir: at("dist/bin"),
      emptyOutDir: true,
      rolldownOptions: {
        input: entries,
        output: {entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js"},
      },
    },
  });
  const file = at("dist/bin/etcdscope.js");
  const code = await readFile(file, "utf8");
  if (!code.startsWith("#!")) await writeFile(file, `#!/usr/bin/env node\n${code}`);
  await chmod(file, 0o755);
}
