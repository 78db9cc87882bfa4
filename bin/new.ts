// `etcdscope new`: a scenario to start from.

import {writeFile} from "node:fs/promises";
import {basename} from "node:path";
import {foundWords} from "./errno.ts";
import type {Exit, Io} from "./io.ts";
import {UsageError} from "./io.ts";
import {starter} from "./starter.ts";

/** Never overwrites. */
export async function writeStarter(path: string, io: Io): Promise<Exit> {
  try {
    await writeFile(path, starter(idOf(path)), {flag: "wx"});
  } catch (error) {
    throw new UsageError(
      `${path}: found ${foundWords(error, "no such folder")}, expected a place for a new file`,
    );
  }
  io.out(`wrote ${path}\n`);
  io.err(`run it:  ${io.command} run ${shown(path)}\n`);
  return 0;
}

/** As it must stand for the command to take it for a file. */
function shown(path: string): string {
  const file = /[./\\]/.test(path) ? path : `./${path}`;
  return /^[\w./\\-]+$/.test(file) ? file : JSON.stringify(file);
}

function idOf(path: string): string {
  const id = basename(path)
    .replace(/\.\w+$/, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[^a-z]+|-+$/g, "")
    .slice(0, 40);
  return id === "" ? "my-scenario" : id;
}
