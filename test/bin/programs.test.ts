import {rmSync} from "node:fs";
import {afterAll, describe, expect, it} from "vitest";
import {cluster, explain, replay, runPrograms, traceOf} from "../../bin/lib.ts";
import type {Program} from "../../bin/lib.ts";
import {programsHold} from "../../bin/libTest.ts";
import {linkOfTrace} from "../../bin/link.ts";
import {readTrace} from "../../sim/trace/file.ts";
import {decodeHash} from "../../viz/app/link.ts";

const written: string[] = [];
afterAll(() => {
  for (const path of written) rmSync(path, {force: true});
});

const increment: Program = async ({client, sleep}) => {
  const {kvs} = await client.get("n");
  await sleep(5);
  await client.put("n", `${Number(kvs[0]?.value ?? 0) + 1}`);
};

/** Two have counted. */
const two: Program = async ({client}) => {
  const {kvs} = await client.get("n");
  if (kvs[0]?.value !== "2") throw new Error(`counted to ${kvs[0]?.value}`);
};

describe("programs of the package", () => {
  it("run, are saved, and replay without the functions", async () => {
    const done = await runPrograms({c1: increment}, {seed: "3"});
    expect(done).toMatchObject({verdict: "pass", seed: "3", programs: [{kind: "done", program: "c1"}]});
    const {difference, executed} = replay(traceOf(done));
    expect(difference).toBeUndefined();
    expect(executed.traceHash).toBe(done.traceHash);
    expect((await runPrograms({c1: increment}, {seed: "3"})).traceHash).toBe(done.traceHash);
  });

  it("that fail are explained: check, stack, seed, faults, trace, and a link that is the run", async () => {
    const of = cluster({members: 3, clients: 2});
    const trial = {of, seed: "4", programs: {c1: increment, c2: increment}, afterwards: two};
    const error: unknown = await programsHold(trial).catch((caught: unknown) => caught);
    const text = error instanceof Error ? error.message : "it held";
    const [, path = ""] = /^trace:\s+(\S+)/m.exec(text) ?? [];
    written.push(path);
    expect(text).toMatch(/^programs with seed "4" and 0 faults does not hold: Program afterwards\n/);
    expect(text).toContain("program afterwards failed: counted to 1");
    expect(text).toMatch(/at .*programs\.test\.ts/);
    for (const line of [/^seed: {3}4$/m, /^faults: none$/m, /^open: /m, /^link: {3}#run=/m])
      expect(text).toMatch(line);
    const done = await runPrograms(trial.programs, {of, seed: "4", afterwards: two});
    expect(explain(done)).toContain("counted to 1");
    const trace = readTrace(traceOf(done));
    if (!trace.ok) throw new Error(trace.error);
    const [, hash = ""] = /^link: {3}(\S+)$/m.exec(text) ?? [];
    const decoded = decodeHash(hash);
    expect(JSON.stringify(decoded)).toContain(
      JSON.stringify(linkOfTrace(trace.value, undefined).recorded?.script),
    );
  });

  it("hold where they ended and what etcd promises was kept", async () => {
    const done = await programsHold({programs: {c1: increment}, linger: "200ms"});
    expect(done.checks.filter(({name}) => name === "Program c1")).toMatchObject([{verdict: "pass"}]);
    expect(done.checks.length).toBeGreaterThan(30);
    expect(done.at).toBeGreaterThan(200_000);
  });

  const loose = runPrograms as (...given: readonly unknown[]) => Promise<unknown>;

  it.each<[readonly unknown[], RegExp]>([
    [[], /^programs: found nothing, expected programs by client, from c1 to c3: \{c1: async/],
    [[{}], /^programs: found \{\}, expected programs by client/],
    [[{c9: increment}], /^programs: found "c9", expected programs by client, from c1 to c3/],
    [[{c1: 5}], /^programs\.c1: found 5, expected an async function/],
    [
      [{c1: increment}, {sed: "1"}],
      /^options: found the key "sed", expected some of of, seed.*did you mean "seed"/,
    ],
    [[{c1: increment}, {seed: 1}], /^options\.seed: found 1, expected a seed as text/],
    [[{c1: increment}, {linger: "2"}], /^options\.linger: found "2", expected a time such as "800ms"/],
    [[{c1: increment}, {afterwards: "x"}], /^options\.afterwards: found "x", expected an async function/],
    [[{c1: increment}, {of: cluster({clients: 1}), faults: [{}]}], /^options\.faults\[0\]/],
  ])("refuses %j in one line", async (given, error) => {
    await expect(loose(...given)).rejects.toThrow(error);
  });
});
