// The page, served from its sources. The builds share this configuration.

import {defineConfig} from "vite";
import {defined} from "./codeHash.ts";
import {at} from "./paths.ts";

export default defineConfig({
  root: at("viz"),
  base: "./",
  publicDir: false,
  define: defined(),
  server: {host: "127.0.0.1", port: 5173, fs: {allow: [at(".")]}},
  preview: {host: "127.0.0.1"},
  worker: {format: "es"},
  build: {
    target: "es2023",
    outDir: at("dist/site"),
    emptyOutDir: true,
    modulePreload: {polyfill: false},
    chunkSizeWarningLimit: 2000,
  },
});
