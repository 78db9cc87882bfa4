// Data of others that is not kept in this repository: it lies in a folder `shared` next to it, or up to two folders above, or
// at ETCDSCOPE_SHARED. Tests that need it say so when it is not there, and are left out.

import {existsSync} from "node:fs";
import process from "node:process";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";

/** The folder `shared/conformance/<name>`; undefined, and one line about it, if there is none. */
export function sharedFolder(name: string): string | undefined {
  return sharedPath(`conformance/${name}`);
}

/** A file or folder in `shared`; undefined, and one line about it, if there is none. */
export function sharedPath(name: string): string | undefined {
  const given = process.env["ETCDSCOPE_SHARED"];
  if (given !== undefined && existsSync(join(given, name))) return join(given, name);
  let above = fileURLToPath(new URL("../..", import.meta.url));
  for (let i = 0; i < 3; i++) {
    above = dirname(above);
    const path = join(above, "shared", name);
    if (existsSync(path)) return path;
  }
  console.info(`left out: tests that need shared/${name}, which is not near this repository`);
  return undefined;
}
