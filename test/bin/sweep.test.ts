// `etcdscope sweep` and `merge`: in processes of their own, stopped at any moment, in parts.

import {spawn} from "node:child_process";
import {appendFileSync, existsSync, readFileSync, statSync, truncateSync} from "node:fs";
import {createRequire} from "node:module";
import {pathToFileURL} from "node:url";
import {describe, expect, it} from "vitest";
import {at} from "../../build/paths.ts";
import {readTrace} from "../../sim/trace/file.ts";
import {replay} from "../../sim/trace/replay.ts";
import {versionOf} from "../../sim/bug/museum.ts";
import {behaviours} from "../../sim/explore/behaviours.ts";
import type {CoverageTotals, SeedResult} from "../../sim/explore/sweep.ts";
import {etcdscope, folder, jsonOf} from "./terminal.ts";

const {path, write} = folder();
const timeout = 60_000;

/** Seed 33 fails with it, the one before does not. */
const buggy = ["--bug", "vote-twice", "--seeds", "32..34"] as const;

/** Lines in order of seeds, the head first. */
function linesOf(file: string): readonly string[] {
  const [head = "", ...lines] = readFileSync(file, "utf8").trimEnd().split("\n");
  const seedOf = (line: string): number => (JSON.parse(line) as SeedResult).seed;
  return [head, ...lines.toSorted((a, b) => seedOf(a) - seedOf(b))];
}

describe("a sweep", () => {
  it(
    "tells what came of all seeds, and saves a failure as a trace that runs again to it",
    async () => {
      const out = path("buggy.ndjson");
      const ran = await etcdscope("sweep", ...buggy, "--jobs", "1", "--out", out, "--json");
      expect(ran.exit).toBe(1);
      const trace = path("buggy-33.trace");
      expect(jsonOf(ran)).toMatchObject({
        seeds: 2,
        passed: 1,
        failed: 1,
        failures: [{seed: 33, check: "Election Safety", trace}],
        missing: [],
      });
      expect(ran.err).toMatch(/seed 33: Election Safety: n\d and n\d both led term \d\n/);
      const read = readTrace(readFileSync(trace));
      expect(read.ok && replay(read.value, {versions: versionOf}).difference).toBeUndefined();
      const again = await etcdscope("replay", trace, "--json");
      expect([again.exit, jsonOf(again)["verdict"]]).toEqual([1, "fail"]);
      // The run was over where it broke: what should be so at its end is not asked.
      const checks = jsonOf(again)["checks"] as readonly {readonly name: string; readonly verdict: string}[];
      expect(checks.find(({name}) => name === "Convergence")?.verdict).toBe("pass");
    },
    timeout,
  );

  it(
    "that is stopped at any moment goes on where it was, though a line be torn",
    async () => {
      const out = path("buggy.ndjson");
      const whole = linesOf(out);
      truncateSync(out, statSync(out).size - 9);
      const ran = await etcdscope("sweep", ...buggy, "--jobs", "0", "--out", out, "--json");
      expect(ran.err).toMatch(
        /goes on, seeds done: 1 \(run from its sources: whether they changed since is not noticed;/,
      );
      expect(jsonOf(ran)).toMatchObject({seeds: 2, failed: 1, missing: []});
      expect(linesOf(out)).toEqual(whole);
      // Of the seed that was read and the one that was played.
      const {reached, of, never, rare} = jsonOf(ran)["coverage"] as CoverageTotals;
      expect([reached > 50, of, rare]).toEqual([true, behaviours.length, {}]);
      expect(never).toContain("call/userAdd/ok");
      expect(reached + never.length).toBe(of);
      expect((await etcdscope("sweep", "--seeds", "31..36", "--out", out)).err).toMatch(
        /found another sweep \(its options is \{"bugs":\["vote-twice"\]\}\), expected a new file/,
      );
    },
    timeout,
  );

  it(
    "that is killed leaves every seed that was done; while it is at work its file is its own",
    async () => {
      const out = path("killed.ndjson");
      const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
      const args = ["--import", tsx, at("bin/etcdscope.ts"), "sweep", "--seeds", "0..5000", "--jobs", "1"];
      const child = spawn(process.execPath, [...args, "--out", out], {stdio: "ignore"});
      const ended = new Promise((resolve) => child.on("exit", resolve));
      while (!existsSync(out) || readFileSync(out, "utf8").split("\n").length < 3)
        await new Promise((resolve) => setTimeout(resolve, 50));
      const second = await etcdscope("sweep", "--seeds", "0..5000", "--out", out, "--budget", "0s");
      expect([second.exit, second.err]).toEqual([
        2,
        `etcdscope: --out ${out}: found process ${child.pid} at work on it, expected a file of its own\n`,
      ]);
      child.kill("SIGKILL");
      await ended;
      const done = linesOf(out).length - 1;
      const ran = await etcdscope("sweep", "--seeds", "0..5000", "--out", out, "--budget", "0s", "--json");
      expect(ran.exit).toBe(3);
      expect(jsonOf(ran)["seeds"]).toBeGreaterThanOrEqual(done);
      expect(done).toBeGreaterThan(0);
      expect(existsSync(`${out}.lock`)).toBe(false);
    },
    timeout,
  );

  it(
    "in parts is the whole, and tells which seeds never ran",
    async () => {
      const whole = path("buggy.ndjson");
      for (const part of ["1/2", "2/2"])
        await etcdscope(
          "sweep",
          ...buggy,
          "--shard",
          part,
          "--jobs",
          "0",
          "--out",
          path(`part${part[0]}.ndjson`),
        );
      const merged = path("merged.ndjson");
      const ran = await etcdscope(
        "merge",
        path("part1.ndjson"),
        path("part2.ndjson"),
        "--out",
        merged,
        "--json",
      );
      expect(ran.exit).toBe(1);
      expect(jsonOf(ran)).toMatchObject({seeds: 2, passed: 1, failed: 1, missing: []});
      const named = (line: string): string => line.replaceAll(/part\d-|buggy-/g, "");
      expect(linesOf(merged).map(named)).toEqual(linesOf(whole).map(named));
      const half = await etcdscope("merge", path("part1.ndjson"), "--json");
      expect(jsonOf(half)["missing"]).toEqual([[33, 34]]);
      const {out} = await etcdscope("merge", path("part1.ndjson"));
      expect(out).toContain("never ran: 33..34");
    },
    timeout,
  );

  it(
    "of sound members says which behaviours were never reached, by kind, in lines that a terminal shows whole",
    async () => {
      const {out} = await etcdscope("sweep", "--seeds", "32..33", "--jobs", "0");
      const from = out.indexOf("\nnever reached:\n");
      const lines = out.slice(from + 1).split("\n");
      expect(lines.filter((line) => /^ {2}(call|pause|recipe)\/ /.test(line))).toHaveLength(3);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    },
    timeout,
  );

  it(
    "of a scenario runs its steps under faults",
    async () => {
      const ran = await etcdscope(
        "sweep",
        "--scenario",
        "leader-crash",
        "--seeds",
        "0..2",
        "--json",
        "--jobs",
        "1",
      );
      expect([ran.exit, jsonOf(ran)["passed"]]).toEqual([0, 2]);
    },
    timeout,
  );
});

describe("is refused in one line", () => {
  it.each([
    [["sweep", "--seeds", "5..5"], /two numbers such as 0\.\.1000/],
    [["sweep", "--shard", "0/3"], /i\/n, i from 1 to n/],
    [["sweep", "--budget", "3"], /90s, 30m or 2h/],
    [["sweep", "--bug", "nope"], /--bug: found "nope", expected one of those that etcdscope bugs lists/],
    [["sweep", "--schedule", "nope"], /--schedule: found "nope", expected one of time, random, pct/],
    [["sweep", "--scenario", "leader-crash", "--short"], /--short: found --scenario/],
    [["sweep", "--guided", "--shard", "1/2"], /--guided: found --scenario or --shard/],
    [["merge", "/nowhere/x"], /found no such file/],
  ])("%j", async (args, says) => {
    const ran = await etcdscope(...args);
    expect(ran.exit).toBe(2);
    expect(ran.err).toMatch(says);
    expect(ran.err.trimEnd().split("\n").length).toBe(1);
  });

  it("when files are of two sweeps, or of none", async () => {
    const file = write("no.ndjson", "{}\n");
    expect((await etcdscope("merge", file)).err).toMatch(/expected a sweep's results/);
    const one = path("one.ndjson");
    const stopped = await etcdscope(
      "sweep",
      "--seeds",
      "0..1",
      "--jobs",
      "0",
      "--budget",
      "0s",
      "--out",
      one,
    );
    expect(stopped.err).toBe(`${one} has what was done: the same command goes on\n`);
    const two = path("two.ndjson");
    await etcdscope("sweep", "--seeds", "0..2", "--jobs", "0", "--budget", "0s", "--out", two);
    expect((await etcdscope("merge", one, two)).err).toMatch(/found another sweep than in/);
    expect((await etcdscope("sweep", "--seeds", "0..3", "--out", two)).err).toMatch(
      /found another sweep \(its seeds are 0\.\.2\), expected a new file/,
    );
    appendFileSync(one, "{\n");
    expect((await etcdscope("merge", one)).err).toMatch(/line 2: found "\{"/);
  });
});
