// A program of ours in one file, for what is to be quick from the sources: the loader that reads TypeScript as it comes gives
// every function its name when it is made, which the hot path pays for a million times a second.

import {build} from "vite";
import {common} from "./common.ts";
import {at} from "./paths.ts";

/** What a process that does nothing but simulate is started with: it warms up sooner, and tidies up less often. */
export const nodeFlags: readonly string[] = ["--no-lazy-feedback-allocation", "--max-semi-space-size=64"];

/** Bundles `entry` (from the root of the repository) into `.build`; the path of the file. Packages stay outside. */
export async function bundled(entry: string): Promise<string> {
  const name = entry.replaceAll("/", "-").replace(/\.ts$/, "");
  await build({
    ...common(),
    ssr: {target: "node"},
    build: {
      ssr: true,
      target: "node20",
      outDir: at(".build"),
      emptyOutDir: false,
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        input: {[name]: at(entry)},
        output: {entryFileNames: "[name].mjs", chunkFileNames: `${name}-[hash].mjs`},
      },
    },
  });
  return at(`.build/${name}.mjs`);
}
