// Files that a command writes. What cannot be written is told in one line, as whatever else a person gave wrong.

import {renameSync, writeFileSync} from "node:fs";
import {foundWords} from "./errno.ts";
import {UsageError} from "./io.ts";

/** What `write` answers; `where` is the file, behind the option that named it if there is one. */
export function written<T>(where: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    const found = foundWords(error, "no such folder");
    throw new UsageError(`${where}: found ${found}, expected a file that can be written`);
  }
}

/** All of it or nothing, whenever the process ends. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const part = `${path}.part`;
  written(path, () => {
    writeFileSync(part, content);
    renameSync(part, path);
  });
}
