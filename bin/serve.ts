// The page from this machine, for this machine: the built page's files over loopback, or where there are sources instead
// of a build, the page straight from these.

import {createReadStream} from "node:fs";
import {stat} from "node:fs/promises";
import {createServer} from "node:http";
import type {IncomingMessage, Server, ServerResponse} from "node:http";
import {createRequire} from "node:module";
import type {AddressInfo} from "node:net";
import {extname, join, normalize, sep} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";
import type * as Vite from "vite";
import {foundWords} from "./errno.ts";
import {UsageError} from "./io.ts";

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
};

export interface Serving {
  /** `http://127.0.0.1:4321/` */
  readonly address: string;
  readonly close: () => Promise<void>;
}

/** The page on 127.0.0.1: the built one beside a bundle of the command; in a clone, from its sources. Port 0 takes a free one. */
export function servePage(port: number): Promise<Serving> {
  const fromSources = import.meta.url.endsWith(".ts");
  return fromSources ? serveSources(port) : serve(fileURLToPath(new URL("../site/", import.meta.url)), port);
}

/** A clone's page, compiled as it is asked for: what `npm start` does, with a port of its own. */
export async function serveSources(port: number): Promise<Serving> {
  // Looked up only now: the bundled command must not contain a bundler.
  const path = createRequire(import.meta.url).resolve("vite");
  const {createServer: create} = (await import(pathToFileURL(path).href)) as typeof Vite;
  const server = await create({
    configFile: fileURLToPath(new URL("../build/vite.config.ts", import.meta.url)),
    logLevel: "silent",
    clearScreen: false,
    server: {port: port === 0 ? await freePort() : port, strictPort: true},
  });
  try {
    await server.listen();
  } catch {
    // Vite says in a sentence of its own that the port is taken: with `strictPort` nothing else goes wrong here.
    await server.close();
    throw taken(port, "the port is taken");
  }
  return {address: addressOf(server.config.server.port), close: () => server.close()};
}

/** One that nobody has now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await listen(server, 0);
  const {port} = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Serves a built page's folder on 127.0.0.1. Port 0 takes a free one. */
export async function serve(folder: string, port: number): Promise<Serving> {
  const index = await stat(join(folder, "index.html")).catch(() => undefined);
  if (index === undefined) {
    throw new UsageError(`${folder}: found no index.html, expected the built page (npm run build makes it)`);
  }
  const server = createServer((request, response) => {
    answer(folder, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await listen(server, port);
  return {
    address: addressOf((server.address() as AddressInfo).port),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(taken(port, foundWords(error, "no such address"))));
    server.listen(port, "127.0.0.1", resolve);
  });
}

function addressOf(port: number): string {
  return `http://127.0.0.1:${port}/`;
}

function taken(port: number, found: string): UsageError {
  return new UsageError(`port ${port}: ${found}, expected a free port; leave --port out to be given one`);
}

async function answer(folder: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD")
    return void response.writeHead(405, {allow: "GET, HEAD"}).end();
  const path = pathOf(request.url ?? "/");
  const file = path === undefined ? undefined : fileIn(folder, path);
  const found = file === undefined ? undefined : await stat(file).catch(() => undefined);
  if (file === undefined || found?.isFile() !== true) return void response.writeHead(404).end();
  response.writeHead(200, {
    "content-type": types[extname(file)] ?? "application/octet-stream",
    "content-length": found.size,
    "cache-control": "no-cache",
    "x-content-type-options": "nosniff",
  });
  if (request.method === "HEAD") return void response.end();
  createReadStream(file)
    .on("error", () => response.destroy())
    .pipe(response);
}

function pathOf(url: string): string | undefined {
  try {
    return decodeURIComponent(new URL(url, "http://localhost").pathname);
  } catch {
    return undefined;
  }
}

/** A file below `folder`, and nowhere else. */
function fileIn(folder: string, path: string): string | undefined {
  const root = normalize(folder.endsWith(sep) ? folder : folder + sep);
  const file = normalize(join(root, path.endsWith("/") ? `${path}index.html` : path));
  return file.startsWith(root) && !file.includes("\0") ? file : undefined;
}
