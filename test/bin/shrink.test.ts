// `etcdscope shrink`: a failing trace in, a scenario to read and a trace to open out.

import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {hashOf} from "../../bin/open.ts";
import {etcdscope, folder, jsonOf} from "./terminal.ts";

const {path} = folder();
const timeout = 60_000;

describe("a failing trial", () => {
  it(
    "becomes a scenario that fails the same check, as it says, and a trace of it that opens",
    async () => {
      const swept = [
        "--seeds",
        "33..34",
        "--bug",
        "vote-twice",
        "--jobs",
        "0",
        "--out",
        path("found.ndjson"),
      ];
      expect((await etcdscope("sweep", ...swept)).exit).toBe(1);
      const ran = await etcdscope("shrink", path("found-33.trace"), "--json");
      expect(ran.exit).toBe(0);
      const files = {trace: path("found-33-small.trace"), scenario: path("found-33-small.json")};
      expect(jsonOf(ran)).toMatchObject({check: "Election Safety", minimal: true, ...files});
      const {from, to} = jsonOf(ran) as Record<"from" | "to", Record<string, number>>;
      expect(from["interventions"]).toBeGreaterThan(100);
      expect(to["interventions"]).toBeLessThanOrEqual(20);

      const again = await etcdscope("run", files.scenario, "--as-expected", "--json");
      expect([again.exit, jsonOf(again)["verdict"]]).toEqual([0, "fail"]);
      const replayed = await etcdscope("replay", files.trace, "--json");
      expect(jsonOf(replayed)["traceHash"]).toBe(jsonOf(again)["traceHash"]);

      const warnings: string[] = [];
      const hash = await hashOf(files.trace, {}, (line) => void warnings.push(line));
      expect(hash).toMatch(/^#run=/);
      expect(warnings).toEqual([]);
      expect(readFileSync(files.scenario, "utf8")).toContain('"vote-twice"');

      // Stopped before anything is left out, with what came with an event at that event: it ends in a scenario all the same.
      const stopped = await etcdscope(
        "shrink",
        path("found-33.trace"),
        "--budget",
        "1s",
        "--out",
        path("whole"),
      );
      expect(stopped.out).toContain(`wrote ${path("whole.json")} and ${path("whole.trace")}\n`);
      expect((await etcdscope("run", path("whole.json"), "--as-expected")).exit).toBe(0);
    },
    timeout,
  );

  it(
    "that holds, or holds what is asked for, is refused in one line",
    async () => {
      const trace = path("held.trace");
      await etcdscope("run", "leader-crash", "--trace", trace);
      const held = await etcdscope("shrink", trace);
      expect([held.exit, held.err]).toEqual([
        2,
        `etcdscope: ${trace}: found that every check holds, expected a run that fails one\n`,
      ]);
      expect((await etcdscope("shrink", trace, "--check", "Nope")).err).toMatch(/--check: found "Nope"/);
      expect((await etcdscope("shrink", trace, "--check", "Log Matching")).err).toMatch(
        /found that Log Matching holds/,
      );
      const nowhere = ["--check", "Log Matching", "--out", "/nowhere/small"];
      expect((await etcdscope("shrink", trace, ...nowhere)).err).toBe(
        "etcdscope: /nowhere/small.json: found no such folder, expected a file that can be written\n",
      );
    },
    timeout,
  );
});
