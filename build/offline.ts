// The page as one HTML file that opens from a disk: styles and script are inlined, and the worker is a classic one, inlined
// as a blob, since a browser starts no module worker for a page without an origin.

import {writeFile} from "node:fs/promises";
import {build, type Plugin, type Rolldown} from "vite";
import {at} from "./paths.ts";

export async function buildOffline(): Promise<void> {
  const inliner = inlineWorkers();
  const built = await build({
    configFile: at("build/vite.config.ts"),
    logLevel: "warn",
    plugins: [inliner.plugin],
    worker: {format: "iife"},
    build: {
      write: false,
      cssCodeSplit: false,
      assetsInlineLimit: Number.MAX_SAFE_INTEGER,
      rolldownOptions: {output: {codeSplitting: false}},
    },
  });
  if (inliner.count() === 0)
    throw new Error("offline page: found no `new Worker(new URL(…, import.meta.url))` to inline");
  const {output} = built as Rolldown.RolldownOutput;
  await writeFile(at("dist/etcdscope.html"), inlined(output));
}

/** Turns `new Worker(new URL("./x.ts", import.meta.url), …)` into an inlined worker. */
function inlineWorkers(): {plugin: Plugin; count(): number} {
  let count = 0;
  const pattern = /new Worker\(\s*new URL\(\s*(["'][^"']+["'])\s*,\s*import\.meta\.url\s*\)[^)]*\)/g;
  const plugin: Plugin = {
    name: "inline-workers",
    enforce: "pre",
    transform(code, id) {
      if (!id.startsWith(at("viz"))) return undefined;
      const imports: string[] = [];
      const replaced = code.replace(pattern, (_, path: string) => {
        const name = `InlineWorker${imports.length}`;
        imports.push(`import ${name} from ${path.slice(0, -1)}?worker&inline${path.slice(-1)};`);
        return `new ${name}()`;
      });
      count += imports.length;
      return imports.length === 0 ? undefined : {code: `${imports.join("\n")}\n${replaced}`, map: null};
    },
  };
  return {plugin, count: () => count};
}

function inlined(output: Rolldown.RolldownOutput["output"]): string {
  const files = new Map(output.map((file) => [file.fileName, file]));
  const page = textOf(files.get("index.html"), "index.html");
  const html = page
    .replace(/<script\b[^>]*\bsrc="\.\/([^"]+)"[^>]*><\/script>/g, (_, name: string) => {
      return `<script type="module">${textOf(files.get(name), name).replaceAll("</script", "<\\/script")}</script>`;
    })
    .replace(/<link\b[^>]*\brel="stylesheet"[^>]*\bhref="\.\/([^"]+)"[^>]*>/g, (_, name: string) => {
      return `<style>${textOf(files.get(name), name).replaceAll("</style", "<\\/style")}</style>`;
    });
  const left = /<(?:script|link)\b[^>]*\b(?:src|href)="\.\/([^"]+)"/.exec(html)?.[1];
  if (left !== undefined) throw new Error(`offline page: ${left} is still a file of its own`);
  return html;
}

function textOf(file: Rolldown.OutputChunk | Rolldown.OutputAsset | undefined, name: string): string {
  if (file === undefined) throw new Error(`offline page: the build has no ${name}`);
  if (file.type === "chunk") return file.code;
  return typeof file.source === "string" ? file.source : new TextDecoder().decode(file.source);
}
