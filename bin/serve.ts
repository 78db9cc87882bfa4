// The page from this machine, for this machine: static files over loopback, and the file that was opened.

import {createReadStream} from "node:fs";
import {stat} from "node:fs/promises";
import {createServer} from "node:http";
import type {IncomingMessage, Server, ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";
import {extname, join, normalize, sep} from "node:path";
import {fileURLToPath} from "node:url";
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

/** A file that the page may fetch under `/opened/<name>`. */
export interface Opened {
  readonly name: string;
  readonly text: string;
}

/** The built page: beside a bundle of the command, or where the sources are built to. */
export function siteFolder(): string {
  const fromSources = import.meta.url.endsWith(".ts");
  return fileURLToPath(new URL(fromSources ? "../dist/site/" : "../site/", import.meta.url));
}

/** Serves `folder` on 127.0.0.1. Port 0 takes a free one. */
export async function serve(
  folder: string,
  port: number,
  opened?: Opened,
): Promise<{server: Server; address: string}> {
  const index = await stat(join(folder, "index.html")).catch(() => undefined);
  if (index === undefined) {
    throw new UsageError(`${folder}: found no index.html, expected the built page (npm run build makes it)`);
  }
  const server = createServer((request, response) => {
    answer(folder, opened, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(new UsageError(`port ${port}: found ${error.code ?? "an error"}, expected a free port`));
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  const {port: taken} = server.address() as AddressInfo;
  return {server, address: `http://127.0.0.1:${taken}/`};
}

async function answer(
  folder: string,
  opened: Opened | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD")
    return void response.writeHead(405, {allow: "GET, HEAD"}).end();
  const path = pathOf(request.url ?? "/");
  if (opened !== undefined && path === `/opened/${opened.name}`) {
    response.writeHead(200, {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store"});
    return void response.end(request.method === "HEAD" ? undefined : opened.text);
  }
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
