// The page and the sample page, built once as they are shipped and served from memory-sized files, for the browser tests.

import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {build, preview} from "vite";

export interface Site {
  /** The workbench. */
  readonly page: string;
  /** The page over frames made by hand. */
  readonly sample: string;
  close(): Promise<void>;
}

export async function serveSite(): Promise<Site> {
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  const outDir = await mkdtemp(join(tmpdir(), "etcdscope-site-"));
  const shared = {
    root,
    configFile: false,
    logLevel: "error",
    base: "./",
    publicDir: false,
    define: {__CODE_HASH__: JSON.stringify("test")},
    worker: {format: "es"},
  } as const;
  await build({
    ...shared,
    build: {
      target: "es2023",
      outDir,
      emptyOutDir: true,
      minify: false,
      modulePreload: {polyfill: false},
      rolldownOptions: {input: [join(root, "viz/index.html"), join(root, "test/viz/browser/sample.html")]},
    },
  });
  const server = await preview({...shared, build: {outDir}, preview: {host: "127.0.0.1", port: 0}});
  const address = server.httpServer.address();
  if (address === null || typeof address === "string") throw new Error("the preview server has no port");
  const base = `http://127.0.0.1:${address.port}`;
  return {
    page: `${base}/viz/index.html`,
    sample: `${base}/test/viz/browser/sample.html`,
    async close(): Promise<void> {
      await server.close();
      await rm(outDir, {recursive: true, force: true});
    },
  };
}
