// Histories recorded by others, with the verdicts of others: by Jepsen from an etcd of long ago, and Porcupine's own.

import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import fc from "fast-check";
import {afterAll, describe, expect, it} from "vitest";
import type {Call} from "../../sim/record/call.ts";
import {readRecording} from "../../sim/record/formats.ts";
import type {Recording} from "../../sim/record/formats.ts";
import {judge} from "../../sim/record/judge.ts";
import {plainSearch} from "../sim/record/plainSearch.ts";
import {sharedFolder} from "../support/shared.ts";
import {main} from "./command.ts";
import {runHistories, totalsOf} from "./linearizability.ts";

const shared = sharedFolder("linearizability");

describe.skipIf(shared === undefined)("recorded histories", () => {
  const run = shared === undefined ? undefined : runHistories(shared);
  const outcomes = run?.ok === true ? run.value : [];

  it("are there", () => expect(outcomes.length).toBeGreaterThan(50));

  it.each(outcomes)("$file is judged as the list has it", ({agrees, operations, ours}) => {
    expect(agrees).toBe(true);
    expect(ours.operations).toBe(operations);
  });

  it("take in all less than a tenth of Porcupine's steps", () => {
    const {steps, listedSteps} = totalsOf(outcomes);
    expect(listedSteps).toBeGreaterThan(1_000_000);
    expect(steps).toBeLessThan(listedSteps / 10);
  });
});

describe.skipIf(shared === undefined)("Porcupine's own search, with nothing left out", () => {
  const run = shared === undefined ? undefined : runHistories(shared);
  const logs = (run?.ok === true ? run.value : []).filter(
    ({file, steps = Infinity}) => file.endsWith(".log") && steps < 5000,
  );
  const nothing = {value: null, version: 0};
  const recordingOf = (file: string): Recording => {
    const read = readRecording(readFileSync(join(shared ?? "", file), "utf8"));
    if (!read.ok) throw new Error(read.error);
    return read.value;
  };

  it.each(logs)("takes the steps that are listed for $file", ({file, steps, linearizable}) => {
    expect(plainSearch(recordingOf(file).calls, nothing, 10_000)).toEqual({held: linearizable, steps});
  });

  it("has the same verdicts on prefixes, and on copies in which answers were changed or lost", () => {
    let [settled, violated] = [0, 0];
    const change = fc.record({
      at: fc.nat(),
      value: fc.constantFrom(null, 0, 1, 2, 3, 4),
      isLost: fc.boolean(),
    });
    const doctored = fc.record({
      log: fc.constantFrom(...logs),
      length: fc.integer({min: 10, max: 80}),
      changes: fc.array(change, {maxLength: 2}),
    });
    fc.assert(
      fc.property(doctored, ({log, length, changes}) => {
        const recording = recordingOf(log.file);
        const calls = recording.calls.slice(0, length);
        for (const {at, value, isLost} of changes) {
          const place = at % calls.length;
          const call = calls[place] as Call;
          if (call.kind === "read") calls[place] = {...call, value};
          else if (isLost) calls[place] = {...call, outcome: "unknown", returned: undefined};
        }
        const {held} = plainSearch(calls, nothing, 20_000);
        if (held === undefined) return;
        settled++;
        if (!held) violated++;
        expect(judge({...recording, calls}, {budget: 1_000_000}).verdict).toBe(held ? "pass" : "fail");
      }),
      {numRuns: 300},
    );
    expect(settled).toBeGreaterThan(200);
    expect(violated).toBeGreaterThan(50);
    expect(settled - violated).toBeGreaterThan(50);
  });
});

describe("the command, of histories", () => {
  const folder = mkdtempSync(join(tmpdir(), "histories-"));
  afterAll(() => rmSync(folder, {recursive: true, force: true}));
  const event = (type: string, f: string, value: string): string =>
    `{:process 0, :type :${type}, :f :${f}, :value ${value}}\n`;
  const history = (read: string): string =>
    event("invoke", "write", "1") +
    event("ok", "write", "1") +
    event("invoke", "read", "nil") +
    event("ok", "read", read);
  const inFolder = (name: string, files: Readonly<Record<string, string>>): string => {
    mkdirSync(join(folder, name));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, name, file), text);
    return join(folder, name);
  };
  const list = (...rows: readonly string[]): string =>
    ["file\tevents\toperations\tpartitions\tlinearizable\tgo_steps\tgo_best_us\tgo_median_us", ...rows].join(
      "\n",
    );
  const ran = (...words: readonly string[]): readonly [number, string, string] => {
    let [out, err] = ["", ""];
    const status = main(words, {out: (text) => (out += text), err: (text) => (err += text)});
    return [status, out, err];
  };
  const held = "held.edn\t4\t2\t1\ttrue\t2\t90\t100";

  it("tells whose verdicts agree, with steps beside those of the list", () => {
    const right = inFolder("right", {
      "held.edn": history("1"),
      "not.edn": history("2"),
      "expected.tsv": list(
        held,
        "not.edn\t4\t2\t1\tfalse\t3\t90\t100",
        "not.edn (no partition)\t4\t2\t1\tfalse\t\t\t",
      ),
    });
    const [status, out] = ran("linearizability", right);
    expect(status).toBe(0);
    expect(out).toMatch(/^agrees pass +2 \(2\) +steps/);
    expect(out).toMatch(/2 files: 2 agree; 4 steps \(listed: 5\)/);
    const [, json] = ran("linearizability", right, "--json");
    expect(JSON.parse(json)).toMatchObject({
      files: [
        {file: "held.edn", verdict: "pass", agrees: true, operations: 2, steps: 2, listedSteps: 2},
        {file: "not.edn", verdict: "fail", agrees: true},
      ],
      total: {files: 2, agree: 2, steps: 4, listedSteps: 5},
    });
  });

  it("exits 1 where one does not", () => {
    const [status, out] = ran(
      "linearizability",
      inFolder("wrong", {"held.edn": history("2"), "expected.tsv": list(held)}),
    );
    expect([status, out]).toEqual([1, expect.stringMatching(/^WRONG {2}fail .*held\.edn\n1 files: 0 agree/)]);
  });

  it("says in one line what is wrong with a folder", () => {
    expect(ran("linearizability", inFolder("bare", {}))).toEqual([
      2,
      "",
      expect.stringMatching(/^conformance: no expected\.tsv in .*\n$/),
    ]);
    const broken = inFolder("broken", {"held.edn": "nothing", "expected.tsv": list(held)});
    expect(ran("linearizability", broken)).toEqual([
      2,
      "",
      expect.stringMatching(/^conformance: held\.edn: line 1: found "nothing", .*\n$/),
    ]);
  });
});
