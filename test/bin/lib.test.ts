import {readFileSync, rmSync} from "node:fs";
import fc from "fast-check";
import {afterAll, describe, expect, it} from "vitest";
import {checks, explain, facts, replay, run, scenario, scenarios, traceOf} from "../../bin/lib.ts";
import type {Intervention, Scenario} from "../../bin/lib.ts";
import {faultPlans} from "../../bin/libTest.ts";
import {holds} from "../../bin/matchers.ts";
import {linkOfTrace} from "../../bin/link.ts";
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

  it("takes an id for the scenario", () => {
    expect(run("leader-crash", {seed: "5"}).traceHash).toBe(
      run(scenario("leader-crash"), {seed: "5"}).traceHash,
    );
  });

  const of = scenario("leader-crash");
  /** As plain JavaScript calls it. */
  const loose = {run, replay, scenario, traceOf, explain, holds, faultPlans} as unknown as Readonly<
    Record<string, (...args: readonly unknown[]) => unknown>
  >;

  it.each<[string, readonly unknown[], string]>([
    [
      "run",
      [],
      'scenario: found nothing, expected a scenario: scenario("leader-partition"), its id, or its JSON',
    ],
    ["run", [7], "scenario: found 7, expected a scenario"],
    ["run", ["leader-krash"], 'did you mean "leader-crash"?'],
    ["run", [{id: "x"}], "scenario: found {id}, expected a scenario"],
    ["run", [of, {variant: "zz"}], 'options.variant: found "zz", expected one of control'],
    ["run", [of, {variant: "toString"}], 'options.variant: found "toString", expected one of control'],
    ["run", [of, {seed: 7}], "options.seed: found 7, expected a seed as text"],
    ["run", [of, {seed: ""}], 'options.seed: found "", expected 1 to 100 characters in one line'],
    [
      "run",
      [of, {sed: "7"}],
      'options: found the key "sed", expected some of seed, variant, faults, schedule, onProgress; did you mean "seed"?',
    ],
    ["run", [of, "7"], 'options: found "7", expected an object with some of seed'],
    ["run", [of, {faults: "many"}], 'options.faults: found "many", expected a list'],
    [
      "run",
      [of, {faults: [{id: 1, when: {at: 0}, do: {kind: "crash", member: "n9"}, origin: "plan"}]}],
      'options.faults[0].do.member: "n9", expected one of this run\'s names: n1 to n3',
    ],
    ["replay", [], "trace: found nothing, expected a trace's bytes"],
    ["replay", [{}], "trace: found {}, expected a trace's bytes"],
    ["replay", ['{"etcdscope":"trace"}\r\n'], "expected LF alone"],
    ["replay", ["\ufffdetr\r\n\u001a\n"], "expected the file's bytes, read without an encoding"],
    ["traceOf", [of], "expected what run(…) or simulate(…) gives"],
    ["explain", [undefined], "run: found nothing, expected what run(…) or simulate(…) gives"],
    [
      "holds",
      ["leader-crash"],
      'toHold: found "leader-crash", expected a trial: {of: scenario(…), seed, faults, claims}, or a run',
    ],
    ["holds", [of], "expected a trial"],
    ["holds", [{of, sed: "7"}], 'trial: found the key "sed"'],
    ["holds", [{of, claims: ["caught-pu"]}], '; did you mean "caught-up"?'],
    ["holds", [{of, claims: "some"}], 'trial.claims: found "some", expected "all", or some of another-leads'],
    ["faultPlans", [of, {until: 5}], "options.until: found 5, expected a time"],
    ["faultPlans", [of, {kinds: ["crush"]}], 'options.kinds: found "crush", expected a list of cut'],
  ])("%s refuses %j in one line", (name, args, says) => {
    const refused = (): unknown => loose[name]?.(...args);
    expect(refused).toThrow(says);
    expect(refused).toThrow(/^[^\n]{10,400}$/);
  });

  it("refuses a whole run in a scenario's place, and what no JSON can say, as quickly", () => {
    expect(() => loose["run"]?.(run(of, {seed: "5"}))).toThrow(
      /^scenario: found \{verdict, events.*…, expected/,
    );
    expect(() => loose["run"]?.(of, {seed: 7n})).toThrow(
      "options.seed: found a bigint, expected a seed as text",
    );
  });

  it("brings the vocabulary: facts and checks", () => {
    expect(facts.map(({name}) => name)).toEqual(expect.arrayContaining(["leader", "always"]));
    for (const {doc, example} of facts) expect([doc, typeof example]).toEqual([expect.any(String), "object"]);
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

  it("toHold passes where a run holds, and is false about nothing else", () => {
    expect({of, seed: "1"}).toHold();
    expect({of: doomed, seed: "1", claims: "all"}).not.toHold();
    expect(() => expect({of, seed: "1"}).not.toHold()).toThrow(
      'leader-crash with seed "1" and 0 faults holds, expected it not to',
    );
  });

  it("a failure prints what was violated, seed, trace and link, and they lead there", () => {
    const {pass, message: text} = holds({of: doomed, seed: "4", claims: ["nobody-leads"]});
    const message = text();
    expect(pass).toBe(false);
    const lines = message.split("\n");
    expect(lines[0]).toBe('doomed with seed "4" and 0 faults does not hold: claim nobody-leads');
    expect(lines[1]).toContain('the scenario expects "nobody-leads", but it is not so: Nobody leads');
    expect(message).toMatch(/^seed: {3}4$/m);
    expect(message).toMatch(/^faults: none$/m);
    const path = /^trace: {2}(\S+)/m.exec(message)?.[1] ?? "";
    written.push(path);
    const {difference, executed} = replay(readFileSync(path));
    expect(difference).toBeUndefined();
    expect(executed.verdict).toBe("fail");
    const hash = /^link: {3}(#\S+)$/m.exec(message)?.[1] ?? "";
    const event = executed.violation?.evidence.at(-1);
    expect(decodeHash(hash)).toMatchObject({
      source: {kind: "link", link: {seed: "4", acts: [], cursor: {event}}},
    });
    expect(message).toContain(`npx etcdscope open ${path} --at '${event}'`);
  });

  const paused = [
    {id: 1, when: {at: 100_000}, do: {kind: "pause", member: "n1"}, origin: "plan"},
    {id: 2, when: {at: 200_000}, do: {kind: "resume", member: "n1"}, origin: "plan"},
  ] as const satisfies readonly Intervention[];

  it.each([
    ["without faults", []],
    ["under faults", paused],
  ] as const)("counts the claims that a trial names, and no others, %s", (_, faults) => {
    expect({of: doomed, seed: "4", faults}).toHold();
    expect({of: doomed, seed: "4", faults, claims: []}).toHold();
    expect({of: doomed, seed: "4", faults, claims: ["nobody-leads"]}).not.toHold();
    expect({of: doomed, seed: "4", faults, claims: "all"}).not.toHold();
    expect({of, seed: "4", claims: "all"}).toHold();
  });

  it("prints a claim's failure under faults as any other, with the faults; explain gives the same text", () => {
    const trial = {of: doomed, seed: "4", faults: paused};
    const message = holds({...trial, claims: "all"}).message();
    written.push(/^trace: {2}(\S+)/m.exec(message)?.[1] ?? "");
    expect(message).toContain('doomed with seed "4" and 2 faults does not hold: claim nobody-leads');
    expect(message).toContain(`\nfaults: ${JSON.stringify(paused)}\n`);
    for (const line of [/^seed: {3}4$/m, /^trace: {2}\S+\.trace/m, /^open: {3}npx/m, /^link: {3}#run=/m])
      expect(message).toMatch(line);
    const done = run(doomed, {seed: "4", faults: paused});
    expect(explain(done)).toBe(message);
    expect(explain(done, {claims: []})).toBe('doomed with seed "4" and 2 faults holds');
  });

  it("puts all that was done on record into the link, faults as well as steps", () => {
    const done = run(doomed, {seed: "4", faults: paused});
    const read = readTrace(traceOf(done));
    if (!read.ok) throw new Error(read.error);
    const link = linkOfTrace(read.value, "script#1");
    const line = read.value.lines.named("script#1");
    expect(link).toMatchObject({
      seed: "4",
      acts: [],
      recorded: {script: done.run.script, events: done.events},
      cursor: {event: "script#1", time: line?.at},
    });
    expect(link.recorded?.script.map(({do: {kind}}) => kind)).toEqual(
      expect.arrayContaining(["pause", "resume", "crash"]),
    );
  });
});
