// One process at a time on a file: beside it stands another that names who is at work. What a process left that was killed is
// taken over.

import {readFileSync, rmSync, writeFileSync} from "node:fs";
import process from "node:process";
import {foundWords} from "./errno.ts";
import {UsageError} from "./io.ts";

/** Takes `path` for this process; `where` is how a person named it. Returns how to let go of it. */
export function lock(path: string, where: string): () => void {
  const file = `${path}.lock`;
  const owner = ownerOf(file);
  if (owner !== undefined && isAlive(owner))
    throw new UsageError(`${where}: found process ${owner} at work on it, expected a file of its own`);
  rmSync(file, {force: true});
  try {
    // Who was faster has it.
    writeFileSync(file, `${process.pid}\n`, {flag: "wx"});
  } catch (error) {
    throw new UsageError(
      `${where}: found ${foundWords(error, "no such folder")}, expected a file that can be written`,
    );
  }
  return () => rmSync(file, {force: true});
}

function ownerOf(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  // Another sweep of this very process has let go, or is a mistake of ours.
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // One of another user's is there, too.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
