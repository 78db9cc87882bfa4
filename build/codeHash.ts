// Names the code that decides a run: a trace says which code made it, and another one warns. Told to the bundles as
// `__CODE_HASH__` (defined.d.ts); run from its sources, nothing is defined.

import {createHash} from "node:crypto";
import {readdirSync, readFileSync} from "node:fs";
import {at} from "./paths.ts";

/** The rooms that a run is made of. */
const rooms = ["core", "sim", "scenarios"];

/** `of`: the folders that are named, if it is not all that a run is made of. */
export function codeHash(of: readonly string[] = rooms): string {
  const hash = createHash("sha256");
  for (const room of of) {
    const paths = readdirSync(at(room), {recursive: true, encoding: "utf8"})
      .filter((path) => /\.(ts|json)$/.test(path) && !path.endsWith("tsconfig.json"))
      .map((path) => `${room}/${path.replaceAll("\\", "/")}`);
    for (const path of paths.toSorted()) {
      hash
        .update(`${path}\0`)
        .update(readFileSync(at(path), "utf8").replaceAll("\r\n", "\n"))
        .update("\0");
    }
  }
  return hash.digest("hex").slice(0, 16);
}

/** For a bundler's `define`. */
export function defined(): Record<string, string> {
  return {__CODE_HASH__: JSON.stringify(codeHash())};
}
