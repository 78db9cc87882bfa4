// The committed results: what was played, by which code, and what came of it.

import {existsSync, readFileSync, writeFileSync} from "node:fs";
import {codeHash} from "../../build/codeHash.ts";
import {at} from "../../build/paths.ts";
import {nothingPlayed} from "./soak.ts";
import type {Played} from "./soak.ts";

export interface Results extends Played {
  readonly claim: string;
  /** Of core/base and core/raft. */
  readonly codeHash: string;
  /** The first one is included, the last is not. */
  readonly seeds: readonly [from: number, to: number];
  readonly seconds: number;
  readonly schedulesPerSecond: number;
}

/** The committed ones. */
export const resultsFile = at("test/soak/results/raft.json");

export function raftHash(): string {
  return codeHash(["core/base", "core/raft"]);
}

export function readResults(file: string): Results | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Results) : undefined;
}

export function nothingFrom(seed: number): Results {
  return {
    claim:
      "No interleaving of drops, duplicates, delays, cuts, uneven clocks, crashes between storage operations, changes of " +
      "membership, transfers, snapshots and limits breaks a claim about a member or about the cluster.",
    codeHash: raftHash(),
    seeds: [seed, seed],
    seconds: 0,
    schedulesPerSecond: 0,
    ...nothingPlayed,
  };
}

export function writeResults(file: string, results: Results): void {
  // As the formatter wants it: a short list stands on one line.
  const text = JSON.stringify(results, undefined, 2).replace(
    /"seeds": \[\s*(\d+),\s*(\d+)\s*\]/,
    '"seeds": [$1, $2]',
  );
  writeFileSync(file, `${text}\n`);
}
