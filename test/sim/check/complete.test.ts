// The list of checks is whole: every check stands in the README, and so does every name of the lists that were to be claimed.

import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {checksToName} from "../../../scenarios/checks.ts";
import {watchCatchesUp} from "../../../sim/check/watchGuarantees.ts";
import {sharedPath} from "../../support/shared.ts";

const textOf = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const readme = textOf("../../../sim/check/README.md");
const ofOneMember = textOf("../../../core/raft/README.md");

/** A section of a text: from a heading up to the next of any depth, or of that depth. */
function section(text: string, heading: string): string {
  const from = text.indexOf(`${heading}`);
  expect(from, heading).toBeGreaterThanOrEqual(0);
  const end = text.slice(from + 3).search(/^#{1,2} /m);
  return end < 0 ? text.slice(from) : text.slice(from, from + 3 + end);
}

describe("the list of checks", () => {
  it.each([...checksToName(), watchCatchesUp(0, 0)].map(({name}) => name))("has %s", (name) => {
    expect(readme.replaceAll(/\s+/g, " ")).toContain(name);
  });

  const raft = sharedPath("reference/raft.md");
  const etcd = sharedPath("reference/etcd.md");

  it.skipIf(raft === undefined)(
    "has every name of the TLA+ specification's and of the white-box list",
    () => {
      const whole = section(readFileSync(raft ?? "", "utf8"), "## Appendix B.");
      // What stands in parentheses explains.
      const list = whole.replaceAll(/\([^)]*\)/g, "");
      const names = [...list.matchAll(/\b(?:[A-Z][a-z]+){2,}\b/g)].map(([name]) => name);
      expect(names.length).toBeGreaterThan(55);
      const raftPart = section(readme, "## Raft, name by name");
      expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(raftPart))).toEqual([]);
      // What one member is asked stands there claim by claim.
      const invariants = section(ofOneMember, "## Invariants");
      const asked = names.filter((name) => !name.endsWith("Inv"));
      expect(asked.filter((name) => !new RegExp(`\\b${name}\\b`).test(invariants))).toEqual([]);
    },
  );

  it.skipIf(etcd === undefined)("has every guarantee that etcd documents", () => {
    const list = section(readFileSync(etcd ?? "", "utf8"), "# 3. Documented guarantees");
    const numbers = [...list.matchAll(/^\| ([A-Z]\d) \|/gm)].map(([, number]) => number ?? "");
    expect(numbers.length).toBeGreaterThan(20);
    const rows = section(readme, "## What etcd documents, claim by claim")
      .split("\n")
      .flatMap((row) => /^\| ((?:[A-Z]\d ?)+)\|/.exec(row)?.[1]?.trim().split(" ") ?? []);
    expect(numbers.filter((number) => !rows.includes(number))).toEqual([]);
  });
});
