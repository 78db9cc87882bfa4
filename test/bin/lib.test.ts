import {readFileSync, rmSync} from "node:fs";
import fc from "fast-check";
import {afterAll, describe, expect, it} from "vitest";
import {checks, facts, replay, run, scenario, scenarios, traceOf} from "../../bin/lib.ts";
import type {Scenario} from "../../bin/lib.ts";
import {faultPlans, judge} from "../../bin/libTest.ts";
import {actsOf} from "../../bin/link.ts";
import {readTrace} from "../../sim/trace/file.ts";
import {decodeHash} from "../../viz/app/link.ts";

const written: string[] = [];
afterAll(() => {
  for (const path of written) rmSync(path, {force: true});
});

describe('import … from "etcdscope"', () => {
  it("runs a scenario, saves it and replays it", () => {
    const done = run(scenario("leader-crash"), {seed: "5"});
    expect(done).toMatchObject({scenario: "leader-crash", seed: "5", verdict: "pass", expected: true});
    const {difference, executed, expected} = replay(traceOf(done));
    expect({difference, expected, hash: executed.traceHash}).toEqual({
      difference: undefined,
      expected: true,
      hash: done.traceHash,
    });
    expect(executed.checks).toEqual(done.checks);
  });

  it("takes a scenario as text, as an object, or by id, and says in one line what is wrong with it", () => {
    const [first] = scenarios;
    if (first === undefined) throw new Error("there is no scenario");
    expect(scenario(first.id)).toBe(first);
    expect(scenario(JSON.stringify(first))).toEqual(JSON.parse(JSON.stringify(first)));
    expect(() => scenario({...first, format: 2})).toThrow(
      /^format: found 2, expected 1, the format this build reads$/,
    );
    expect(() => scenario("leader-krash")).toThrow(
      /^found no scenario "leader-krash", expected one of leader-partition/,
    );
    expect(() => replay("{}")).toThrow(/^line 1/);
  });

  it("brings the vocabulary: facts and checks", () => {
    expect(facts.map(({name}) => name)).toContain("leader");
    expect(checks).toContain("Linearizability");
  });

  it("takes a replay of a person's own scenario, with faults, for what it is", () => {
    const own: Scenario = {...scenario("mvcc-walk"), id: "own"};
    for (const plan of fc.sample(faultPlans(own), {seed: 3, numRuns: 5})) {
      const done = run(own, {seed: "2", faults: plan});
      const skipped = new Set(done.skipped.map(({intervention: {id}}) => id));
      const ids = new Set(done.run.script.map(({id}) => id));
      expect(plan.filter(({id}) => !ids.has(id) && !skipped.has(id))).toEqual([]);
      expect(replay(traceOf(done)).difference).toBeUndefined();
    }
  });
});

describe('import … from "etcdscope/test"', () => {
  const of = scenario("leader-crash");
  /** A claim that is false in every run. */
  const doomed: Scenario = {
    ...of,
    id: "doomed",
    tell: [],
    run: {
      ...of.run,
      expect: [{id: "nobody-leads", claim: {leader: "none"}, says: {en: "Nobody leads", zh: "无人领导"}}],
    },
  };

  it("draws fault plans that are different, in order of time, and shrink by leaving faults out", () => {
    const plans = fc.sample(faultPlans(of, {until: "1500ms"}), {seed: 1, numRuns: 50});
    expect(new Set(plans.map((plan) => JSON.stringify(plan))).size).toBeGreaterThan(30);
    for (const plan of plans) {
      const times = plan.map(({when}) => when.at);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(Math.max(0, ...times)).toBeLessThanOrEqual(1_500_000);
      expect(new Set(plan.map(({id}) => id)).size).toBe(plan.length);
    }
    const crashes = fc.property(faultPlans(of), (plan) => !plan.some(({do: {kind}}) => kind === "crash"));
    const {counterexample} = fc.check(crashes, {seed: 1});
    expect(counterexample?.[0].map(({do: {kind}}) => kind)).toEqual(["crash"]);
  });

  it("toHold passes where a run holds, and is false about nothing else", () => {
    expect({of, seed: "1"}).toHold();
    expect({of: doomed, seed: "1"}).not.toHold();
    expect(() => expect({of, seed: "1"}).not.toHold()).toThrow(
      'leader-crash with seed "1" and 0 faults holds, expected it not to',
    );
  });

  it("a failure prints what was violated, seed, trace and link, and they lead there", () => {
    const {pass, message} = judge({of: doomed, seed: "4"});
    expect(pass).toBe(false);
    const lines = message.split("\n");
    expect(lines[0]).toBe('doomed with seed "4" and 0 faults does not hold: claim nobody-leads');
    expect(lines[1]).toContain('the scenario expects "nobody-leads", but it is not so: Nobody leads');
    expect(message).toMatch(/^seed: {3}4$/m);
    const path = /^trace: {2}(\S+)/m.exec(message)?.[1] ?? "";
    written.push(path);
    const {difference, executed} = replay(readFileSync(path, "utf8"));
    expect(difference).toBeUndefined();
    expect(executed.verdict).toBe("fail");
    const hash = /^link: {3}(#\S+)$/m.exec(message)?.[1] ?? "";
    const event = executed.violation?.evidence.at(-1);
    expect(decodeHash(hash)).toMatchObject({
      source: {kind: "link", link: {seed: "4", acts: [], cursor: {event}}},
    });
    expect(message).toContain(`npx etcdscope open ${path} --at '${event}'`);
  });

  it("claims of the scenario do not count under faults that it does not know", () => {
    const faults = [{id: 1, when: {at: 100_000}, do: {kind: "pause", member: "n1"}, origin: "plan"}] as const;
    expect({of: doomed, seed: "4", faults}).toHold();
  });

  it("ties what was done besides to the event before it, in the link", () => {
    const faults = [{id: 1, when: {at: 250_000}, do: {kind: "crash", member: "n1"}, origin: "plan"}] as const;
    const trace = traceOf(run(doomed, {seed: "4", faults}));
    const read = readTrace(trace);
    if (!read.ok) throw new Error(read.error);
    const ids = read.value.lines.map(({id}) => id);
    const after = ids.slice(0, ids.indexOf("script#1")).findLast((id) => !id.startsWith("script#"));
    const at = read.value.lines[ids.indexOf("script#1")]?.at;
    expect(after).toMatch(/#\d+$/);
    expect(actsOf(read.value)).toEqual([
      {id: 1, when: {at, after}, do: {kind: "crash", member: "n1"}, origin: "person"},
    ]);
  });
});
