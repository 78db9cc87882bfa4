// Committed results: what was played, by which code, and what came of it.

import {existsSync, readFileSync, writeFileSync} from "node:fs";
import type {Standing} from "./subject.ts";

export function readResults<Results extends Standing>(file: string): Results | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Results) : undefined;
}

export function writeResults(file: string, results: Standing): void {
  // As the formatter wants it: a short list stands on one line.
  const text = JSON.stringify(results, undefined, 2).replace(
    /"seeds": \[\s*(\d+),\s*(\d+)\s*\]/,
    '"seeds": [$1, $2]',
  );
  writeFileSync(file, `${text}\n`);
}
