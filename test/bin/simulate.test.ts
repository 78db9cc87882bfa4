import {rmSync} from "node:fs";
import {afterAll, describe, expect, it} from "vitest";
import {explain, replay, scenario, simulate, SimulationError, traceOf} from "../../bin/lib.ts";
import type {Program, SimulateOptions, Simulated} from "../../bin/lib.ts";
import {linkOfTrace} from "../../bin/link.ts";
import {scenarioOfRecord} from "../../scenarios/ofRun.ts";
import {perform} from "../../scenarios/perform.ts";
import {standardChecks} from "../../sim/check/standard.ts";
import {readTrace} from "../../sim/trace/file.ts";
import {decodeHash} from "../../viz/app/link.ts";
import {etcdscope, folder, jsonOf} from "./terminal.ts";

const files = folder();
const written: string[] = [];
afterAll(() => {
  for (const path of written) rmSync(path, {force: true});
});

const increment: Program = async ({client, clock}) => {
  const {kvs} = await client.get("n");
  await clock.sleep(5);
  await client.put("n", `${Number(kvs[0]?.value ?? 0) + 1}`);
};

/** Two have counted. */
const afterwards: Program = async ({client}) => {
  const {kvs} = await client.get("n");
  if (kvs[0]?.value !== "2") throw new Error(`counted to ${kvs[0]?.value}`);
};

/** How it does not hold. */
async function failure(
  options: SimulateOptions,
  programs: Parameters<typeof simulate>[1],
): Promise<SimulationError> {
  const error: unknown = await simulate(options, programs).catch((caught: unknown) => caught);
  if (!(error instanceof SimulationError)) throw new Error(`found ${String(error)}, expected it to fail`);
  written.push(/^trace:\s+(\S+)/m.exec(error.message)?.[1] ?? "");
  return error;
}

describe("simulate", () => {
  it("runs a function on a cluster; the run is saved and replays without the function", async () => {
    const done = await simulate({seed: "3", members: 5}, increment);
    expect(done).toMatchObject({verdict: "pass", seed: "3", programs: [{kind: "done", program: "c1"}]});
    expect(done.view.members.length).toBe(5);
    const {difference, executed} = replay(traceOf(done));
    expect(difference).toBeUndefined();
    expect(executed.traceHash).toBe(done.traceHash);
    expect((await simulate({seed: "3", members: 5}, increment)).traceHash).toBe(done.traceHash);
    expect((await simulate({seed: "4", members: 5}, increment)).traceHash).not.toBe(done.traceHash);
  });

  it("a failure is explained: check, stack, seed, faults, trace, and a link that is the run", async () => {
    const options = {members: 3, clients: 2, seed: "4"};
    const {message: text, run} = await failure(options, {c1: increment, c2: increment, afterwards});
    expect(text).toMatch(/^simulation with seed "4" and 0 faults does not hold: Program afterwards\n/);
    expect(text).toContain("program afterwards failed: counted to 1");
    expect(text).toMatch(/at .*simulate\.test\.ts/);
    for (const line of [/^seed: {3}4$/m, /^faults: none$/m, /^open: /m, /^link: {3}#run=/m])
      expect(text).toMatch(line);
    expect(explain(run)).toBe(text);
    expect(linked(text)).toContain(JSON.stringify(scriptOf(run)));
  });

  it("lets a schedule decide the order of events: the run replays, and its link is a scenario of its own", async () => {
    const schedule = {kind: "random", seed: "9", window: 5000} as const;
    const plain = await simulate({seed: "3"}, increment);
    const {message, run} = await failure({seed: "3", schedule}, async (tools) => {
      await increment(tools);
      throw new Error("on purpose");
    });
    expect(run.run.choices.length).toBeGreaterThan(0);
    expect(run.traceHash).not.toBe(plain.traceHash);
    expect(replay(traceOf(run)).difference).toBeUndefined();
    expect(linked(message)).toContain(JSON.stringify(JSON.stringify(run.run.choices)).slice(1, -1));
  });

  it("holds where all ended and what etcd promises was kept, and goes on for as long as is asked", async () => {
    const done = await simulate({linger: "200ms"}, increment);
    expect(done.checks.filter(({name}) => name === "Program c1")).toMatchObject([{verdict: "pass"}]);
    expect(done.checks.length).toBeGreaterThan(30);
    expect(done.at).toBeGreaterThan(200_000);
  });

  it("a failure's page begins where the program failed, and tells it in both languages", async () => {
    const {run} = await failure({}, async ({client}) => {
      await client.put("x", "1");
      throw new Error(`found {a: 1}${" ".repeat(5000)}\nexpected {a: 2}`);
    });
    const event = run.violation?.evidence.at(-1);
    const en = "program c1 failed: found (a: 1)";
    const zh = "程序 c1 失败：found (a: 1)";
    expect(run.of).toMatchObject({
      open: {happened: event},
      tell: [{at: {happened: event}, say: [{aside: true}]}],
    });
    const [beat] = run.of.tell ?? [];
    const [said] = beat !== undefined && "say" in beat ? (beat.say ?? []) : [];
    expect([said?.en.trim(), said?.zh.trim()]).toEqual([en, zh]);
    expect(said?.en.length).toBeLessThan(300);
    expect(replay(traceOf(run)).difference).toBeUndefined();
    const atOnce = await failure({}, () => Promise.reject(new Error("on purpose")));
    expect(atOnce.run.of.open).toBeUndefined();
    expect(atOnce.message).toContain("failed: on purpose\n  Error: on purpose\n");
  });

  it("tells of the program that failed, not of those that were cut short by that", async () => {
    const failing: Program = async ({client}) => {
      await client.get("x");
      throw new Error("on purpose");
    };
    const {message} = await failure({}, {c1: ({clock}) => clock.sleep(5000), c2: failing});
    expect(message).toMatch(/does not hold: Program c2\n {2}program c2 failed: on purpose\n/);
  });

  it("rejects with an error that reporters can print: its text, not the whole run", async () => {
    const error = await failure({}, () => Promise.reject(new Error("on purpose")));
    const printed = JSON.parse(JSON.stringify(error)) as object;
    expect(Object.keys(printed)).toEqual(["name", "message", "stack"]);
    expect(error.run.verdict).toBe("fail");
  });

  it("gives up on a program that takes longer than the limit", async () => {
    const {message} = await failure({limit: "1s"}, ({clock}) => clock.sleep(5000));
    expect(message).toContain("Program c1");
    expect(message).toContain("sleep 5000 ms");
  });

  it("lets a program do what goes wrong: the run fails its checks, and replays, opens and shrinks without it", async () => {
    const all = ["n1", "n2", "n3"];
    const {message, run} = await failure({clients: 1}, async ({client, clock, faults}) => {
      for (const member of all) {
        await faults.crash(member);
        await faults.restart(member, {versions: ["answer-before-sync"]});
      }
      await client.put("x", "0");
      for (const member of all) {
        await faults.do({kind: "disk", member, fault: {kind: "slow", factor: 100}});
        await faults.do({kind: "disk", member, fault: {kind: "loseUnsynced"}});
      }
      await client.put("x", "1");
      for (const member of all) await faults.crash(member);
      for (const member of all) await faults.restart(member);
      await clock.sleep(100);
    });
    expect(message).toContain("does not hold: Committed Is Durable\n");
    const {difference, executed, expected} = replay(traceOf(run));
    expect([difference, executed.traceHash, expected]).toEqual([undefined, run.traceHash, false]);
    expect(linked(message)).toContain(JSON.stringify(scriptOf(run)));
    const small = files.path("small");
    const shrunk = await etcdscope("shrink", written.at(-1) ?? "", "--out", small, "--json");
    expect(jsonOf(shrunk)).toMatchObject({
      check: "Committed Is Durable",
      minimal: true,
      from: {interventions: run.run.script.length},
    });
    const from = run.run.script.length;
    expect(from).toBeGreaterThan(15);
    expect((jsonOf(shrunk)["to"] as {interventions: number}).interventions).toBeLessThan(from / 3);
    expect((await etcdscope("run", `${small}.json`)).out).toContain("Committed Is Durable");
  });

  it("a run out of time's order with a program's faults can be said as a scenario, to the same trace", async () => {
    const {run} = await failure(
      {schedule: {kind: "random", seed: "9", window: 5000}},
      async ({client, clock, faults}) => {
        await faults.pause("c2");
        await faults.do({kind: "link", from: "n1", to: "n2", set: {lossPerMillion: 200_000}});
        await faults.do({kind: "connection", client: "c1", member: "n2", do: "refuse"});
        await client.put("x", "1");
        await faults.cut("n1", "n3", {oneWay: true});
        await faults.do({kind: "jump", who: "n2", by: 20_000});
        await clock.sleep(200);
        await faults.heal(["n1", "n3"]);
        throw new Error("on purpose");
      },
    );
    expect(run.run.choices.length).toBeGreaterThan(0);
    const said = scenario(scenarioOfRecord("said", run.run, standardChecks()));
    expect(perform(said).traceHash).toBe(run.traceHash);
  });

  const loose = simulate as (...given: readonly unknown[]) => Promise<unknown>;

  it.each<[readonly unknown[], RegExp]>([
    [
      [{}],
      /^programs: found nothing, expected an async function, or some by client, from c1 to c3: \{c1: async/,
    ],
    [[{}, {}], /^programs: found \{\}, expected an async function/],
    [[{}, {afterwards: increment}], /^programs: found \{afterwards\}, expected an async function/],
    [
      [{}, {c9: increment}],
      /^programs: found "c9", expected an async function, or some by client, from c1 to c3/,
    ],
    [[{}, {c1: 5}], /^programs\.c1: found 5, expected an async function/],
    [[{}, {c1: increment, afterwards: "x"}], /^programs\.afterwards: found "x", expected an async function/],
    [[undefined, increment], /^options: found nothing, expected an object/],
    [[{sed: "1"}, increment], /^options: found the key "sed", expected some of seed.*did you mean "seed"/],
    [[{seed: 1}, increment], /^options\.seed: found 1, expected a seed as text/],
    [[{linger: "2"}, increment], /^options\.linger: found "2", expected a time such as "800ms"/],
    [[{limit: "2"}, increment], /^options\.limit: found "2", expected a time such as "800ms"/],
    [[{members: 0}, increment], /^options\.members: found 0, expected/],
    [[{raft: {preVoted: true}}, increment], /^options\.raft.*preVoted/],
    [[{clients: 1, faults: [{}]}, increment], /^options\.faults\[0\]/],
    [[{schedule: "random"}, increment], /^options\.schedule: found "random", expected a schedule, such as/],
    [
      [{schedule: {kind: "rnd"}}, increment],
      /^options\.schedule\.kind: found "rnd", expected one of time, random/,
    ],
    [
      [{schedule: {kind: "fair", seed: "1"}}, increment],
      /^options\.schedule: found "seed", expected only window/,
    ],
    [
      [{schedule: {kind: "random", window: 5}}, increment],
      /^options\.schedule\.seed: found nothing, expected a seed/,
    ],
    [
      [{schedule: {kind: "fair", window: 0.5}}, increment],
      /^options\.schedule\.window: found 0.5, expected a whole/,
    ],
  ])("refuses %j in one line", async (given, error) => {
    await expect(loose(...given)).rejects.toThrow(error);
  });
});

/** What the link of a failure's text says. */
function linked(text: string): string {
  const [, hash = ""] = /^link: {3}(\S+)$/m.exec(text) ?? [];
  return JSON.stringify(decodeHash(hash));
}

function scriptOf(run: Simulated): unknown {
  const trace = readTrace(traceOf(run));
  if (!trace.ok) throw new Error(trace.error);
  return linkOfTrace(trace.value, undefined).recorded?.script;
}
