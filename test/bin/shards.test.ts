// The lines of the README that start a part of a sweep, as a shell runs them where Kubernetes, Slurm or a CI matrix says which
// part it is: together they are the whole.

import {execFileSync} from "node:child_process";
import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {at} from "../../build/paths.ts";
import {etcdscope, folder, jsonOf} from "./terminal.ts";

const {path} = folder();
const readme = readFileSync(at("bin/README.md"), "utf8").replaceAll("\\\n", " ");

/** Each engine's line, and what it sets for each of its parts. */
const engines = [
  ["kubernetes", /JOB_COMPLETION_INDEX/, 8, (i: number) => ({JOB_COMPLETION_INDEX: `${i}`})],
  [
    "slurm",
    /SLURM_ARRAY_TASK_ID/,
    8,
    (i: number) => ({
      SLURM_ARRAY_TASK_ID: `${i + 1}`,
      SLURM_ARRAY_TASK_COUNT: "8",
      SLURM_CPUS_PER_TASK: "4",
    }),
  ],
  ["matrix", /"\$SHARD\/4"/, 4, (i: number) => ({SHARD: `${i + 1}`})],
] as const;

/** The words that the shell makes of the line, without `npx etcdscope`. */
function wordsOf(line: string, env: Readonly<Record<string, string>>): readonly string[] {
  const command = line.slice(line.indexOf("npx etcdscope") + "npx etcdscope".length);
  const printed = execFileSync("sh", ["-c", `for word in ${command}; do echo "$word"; done`], {env});
  return printed.toString().trimEnd().split("\n");
}

describe.each(engines)("the line for %s", (name, mark, parts, envOf) => {
  const line = readme.split("\n").find((one) => one.includes("npx etcdscope sweep") && mark.test(one)) ?? "";

  it("gives each part its seeds, and all of them together every seed once", async () => {
    const files: string[] = [];
    for (let i = 0; i < parts; i++) {
      const words = [...wordsOf(line, envOf(i))];
      const file = path(`${name}-${i}.ndjson`);
      files.push(file);
      words[words.indexOf("--out") + 1] = file;
      // None is played: what is asked here is which seeds would be.
      const ran = await etcdscope(...words, "--jobs", "0", "--budget", "0s", "--json");
      expect([ran.exit, ran.err]).toEqual([3, ""]);
      const ranges = jsonOf(ran)["missing"] as readonly (readonly [number, number])[];
      expect(ranges[0]?.[0]).toBe(i);
      expect(ranges[1]?.[0]).toBe(i + parts);
    }
    const merged = jsonOf(await etcdscope("merge", ...files, "--json"));
    const [[from, to]] = merged["missing"] as [[number, number]];
    expect([from, (to - from) % 1000]).toEqual([0, 0]);
  });
});
