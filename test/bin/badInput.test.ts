// Whatever is wrong with what a person gives, the answer is one line: what, where, and what was expected.

import {execFile} from "node:child_process";
import {promisify} from "node:util";
import {beforeAll, describe, expect, it} from "vitest";
import {root} from "../../build/paths.ts";
import {malformedScenarios} from "../scenarios/malformed.ts";
import {malformedTraces} from "./malformed.ts";
import {etcdscope, folder} from "./terminal.ts";
import {rowsIn} from "../support/textTrace.ts";
import type {Ran} from "./terminal.ts";

const files = folder();
let good: readonly string[] = [];

beforeAll(async () => {
  const trace = files.path("good.trace");
  await etcdscope("run", "leader-partition", "--trace", trace);
  good = rowsIn(trace);
});

/** Exit 2, nothing on stdout, one line on stderr, no stack. */
function expectOneLine({exit, out, err}: Ran): void {
  expect(err).toMatch(/^etcdscope: [^\n]+\n$/);
  expect(err).not.toMatch(/internal error|\.ts:|\.js:|at .*\(/);
  expect(err.length).toBeLessThan(700);
  expect(out).toBe("");
  expect(exit).toBe(2);
}

describe("a malformed scenario file", () => {
  it("comes in at least 20 kinds", () => expect(malformedScenarios.length).toBeGreaterThanOrEqual(20));

  it.each(malformedScenarios.map((file, i) => [file.name, i, file] as const))(
    "with %s",
    async (_name, i, {text, where, says}) => {
      const path = files.write(`scenario${i}.json`, text);
      const ran = await etcdscope("run", path, "--json");
      expectOneLine(ran);
      expect(ran.err).toContain(`${path}: ${where}`);
      for (const part of says) expect(ran.err).toContain(part);
    },
  );
});

describe("a malformed trace file", () => {
  it("comes in at least 20 kinds", () => expect(malformedTraces.length).toBeGreaterThanOrEqual(20));

  it.each(malformedTraces.map((file, i) => [file.name, i, file] as const))(
    "with %s",
    async (_name, i, {edit, says}) => {
      const rows = edit(good);
      const path = files.write(`trace${i}.trace`, rows.length === 0 ? "" : `${rows.join("\n")}\n`);
      const ran = await etcdscope("replay", path, "--json");
      expectOneLine(ran);
      expect(ran.err).toContain(path);
      for (const part of says) expect(ran.err).toContain(part);
    },
  );

  it("is told what it is when it is run", async () => {
    const path = files.write("run-me.trace", `${good.join("\n")}\n`);
    const ran = await etcdscope("run", path);
    expectOneLine(ran);
    expect(ran.err).toContain(`this is a trace, expected a scenario's file: etcdscope replay ${path}`);
  });

  it("is refused by open too", async () => {
    expectOneLine(await etcdscope("open", files.write("short.trace", `${good.slice(0, 30).join("\n")}\n`)));
  });
});

describe("bad usage", () => {
  it.each([
    [
      ["rum"],
      'unknown command "rum", expected one of list, run, replay, sweep, shrink, merge, trace, diff, export, explore, bugs, check, inspect, console, open, new, schema',
    ],
    [["rum"], 'did you mean "run"?'],
    [["help", "rum"], 'unknown command "rum", expected one of list'],
    [["run"], "missing required argument 'scenario', expected etcdscope run [options] <scenario>; see"],
    [
      ["run", "leader-crash", "--sed", "7"],
      "unknown option '--sed' (Did you mean --seed?), expected etcdscope run",
    ],
    [["run", "leader-crash", "--sed", "7"], "; see etcdscope run --help"],
    [
      ["--prot", "7"],
      "unknown option '--prot' (Did you mean --port?), expected etcdscope [options] [command]",
    ],
    [["run", "leader-crash", "--seed"], "option '--seed <seed>' argument missing"],
    [["run", "leader-crash", "leader-partition"], "too many arguments"],
    [["run", "leader-crash", "--seed", "a\nb"], 'found "a\\nb", expected 1 to 100 characters in one line'],
    [["run", "leader-crash", "--seed", ""], "expected 1 to 100 characters"],
    [["run", "leader-crash", "--variant", "wishful"], 'found "wishful", expected one of control'],
    [
      ["run", "leader-crash", "--trace", "/nowhere/at/all"],
      "found no such folder, expected a file that can be written",
    ],
    [["run", "leader-krash"], 'found no scenario called "leader-krash", expected one of leader-partition'],
    [["run", "leader-krash"], 'did you mean "leader-crash"?'],
    [["run", "./package.json/x.json"], "found a file where a folder must be, expected a scenario's file"],
    [["run", "./nowhere.json"], "./nowhere.json: found no such file, expected a scenario's file"],
    [["run", "."], "found a folder, expected a scenario's file"],
    [["replay", "./nowhere.trace"], "found no such file, expected a trace"],
    [["open", "leader-crash", "--at", "yesterday"], 'found "yesterday", expected an event such as n1→n3#17'],
    [
      ["open", "leader-crash", "--at", "n1→n3#999999"],
      'found "n1→n3#999999", expected an event of leader-crash',
    ],
    [["open", "leader-crash", "--port", "http"], "expected a port from 0 to 65535"],
    [["inspect", "leader-crash", "--disk"], "--member: found nothing, expected a member, such as n1"],
    [
      ["inspect", "leader-crash", "--member", "n1", "--key", "x"],
      "--disk: found nothing, expected it beside",
    ],
    [["inspect", "leader-crash", "--member", "n9", "--disk"], 'found "n9", expected one of n1, n2, n3'],
    [["inspect", "leader-crash", "--member", "", "--disk"], '--member: found "", expected one of n1, n2, n3'],
    [
      ["inspect", "leader-crash", "--at", "12:00"],
      '--at: found "12:00", expected an event such as n1→n3#17, a step\'s id, or a time such as 500ms',
    ],
    [
      ["inspect", "leader-crash", "--at", "noon"],
      '--at: found "noon", expected an event, a step that was taken, or a time, of leader-crash with seed 1; its steps: elected, before, crash, ',
    ],
    [["inspect", "leader-crash", "--at", "0us"], 'found "0us", expected an event, a step that was taken'],
    [
      ["inspect", "leader-crash", "--at", "n1→n3#999999"],
      '--at: found "n1→n3#999999", expected an event, a step that was taken, or a time, of leader-crash',
    ],
    [["inspect", "leader-crash", "--variant", "wishful"], 'found "wishful", expected one of control'],
    [["inspect", "leader-krash"], 'did you mean "leader-crash"?'],
    [["inspect", "./nowhere.trace"], "found no such file, expected a trace or a scenario's file"],
    [["inspect"], "missing required argument 'what', expected etcdscope inspect [options] <what>"],
    [["new", "/nowhere/at/all.json"], "found no such folder, expected a place for a new file"],
    [
      ["sweep", "--seeds", "9..1"],
      "argument '9..1' is invalid. expected two numbers such as 0..1000, the first one less",
    ],
    [["shrink", "./x.trace"], "found no such file, expected a trace"],
    [
      ["sweep", "--seeds", "0..1", "--out", "/nowhere/x.ndjson"],
      "/nowhere/x.ndjson: found no such folder, expected a file that can be written",
    ],
    [["sweep", "--seeds", "0..1", "--out", "."], "found a folder, expected a sweep's results"],
    [["merge", "."], ".: found a folder, expected a sweep's results"],
    [["serve"], "is not there yet"],
  ])("%j", async (args, says) => {
    const ran = await etcdscope(...args);
    expectOneLine(ran);
    expect(ran.err).toContain(says);
  });
});

describe("the process", () => {
  const command = ["--import", "tsx", "bin/etcdscope.ts"];
  const start = async (...args: readonly string[]): Promise<Ran> => {
    const started = promisify(execFile)(process.execPath, [...command, ...args], {cwd: root});
    const ended = await started.catch((error: {code: number; stdout: string; stderr: string}) => error);
    return {exit: ("code" in ended ? ended.code : 0) as Ran["exit"], out: ended.stdout, err: ended.stderr};
  };

  it("answers bad input in one line and exits 2", async () => {
    expectOneLine(await start("run", files.write("bad.json", "{")));
    expectOneLine(await start("replay", files.write("bad.trace", "{")));
    expectOneLine(await start("nonsense"));
  });

  it("exits 0 when the run holds, 1 when a replay differs", async () => {
    const {exit, out} = await start("run", "leader-crash", "--json");
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({verdict: "pass"});
    const changed = good.with(20, (good[20] ?? "").replace(/"[0-9a-f]{16}"\]$/, '"0123456789abcdef"]'));
    expect((await start("replay", files.write("changed.trace", `${changed.join("\n")}\n`))).exit).toBe(1);
  });
});
