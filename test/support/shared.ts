// Data of others that is not kept in this repository: it lies in a folder `shared/conformance` next to it, or up to two
// folders above. Tests that need it say so when it is not there, and are left out.

import {existsSync} from "node:fs";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";

/** The folder `shared/conformance/<name>`; undefined, and one line about it, if there is none. */
export function sharedFolder(name: string): string | undefined {
  let above = fileURLToPath(new URL("../..", import.meta.url));
  for (let i = 0; i < 3; i++) {
    above = dirname(above);
    const folder = join(above, "shared", "conformance", name);
    if (existsSync(folder)) return folder;
  }
  console.info(`left out: tests that need shared/conformance/${name}, which is not near this repository`);
  return undefined;
}
