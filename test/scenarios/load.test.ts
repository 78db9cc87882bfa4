import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {versionOf} from "../../sim/bug/museum.ts";
import {Life} from "../../sim/timeline/life.ts";
import {replay, traceOf} from "../../sim/trace/replay.ts";
import {codeHash} from "../../sim/trace/code.ts";
import {loadNames} from "../../sim/workload/loads.ts";
import type {Scenario} from "../../scenarios/format.ts";
import {perform} from "../../scenarios/perform.ts";
import type {Performed} from "../../scenarios/perform.ts";
import {ScenarioReader} from "../../scenarios/read.ts";
import {stage} from "../../scenarios/resolve.ts";

const text = readFileSync(new URL("../../examples/kubernetes.json", import.meta.url), "utf8");
const reader = new ScenarioReader();

function read(from: string): Scenario {
  const found = reader.read(from);
  if (!found.ok) throw new Error(found.error);
  return found.value;
}

function asked(done: Performed, client: string): readonly string[] {
  return done.run.script.flatMap(({do: action}) =>
    action.kind === "client" && action.client === client ? [action.op] : [],
  );
}

describe("a load with a name", () => {
  const scenario = read(text);
  const done = perform(scenario, {seed: "3", lines: true});

  it("asks what its table says, from and until its facts, with its claims among the checks", () => {
    expect(done.expected).toBe(true);
    expect(done.checks.find(({name}) => name === "Sum Is Kept")).toMatchObject({verdict: "pass"});
    expect(done.checks.find(({name}) => name === "Sum Is Kept")?.exercised).toBeGreaterThan(0);
    const [first, third] = [asked(done, "c1"), asked(done, "c3")];
    expect(
      first.some((line) => line.startsWith("watch registry/pods/ --prefix --rev {listRevision+1}")),
    ).toBe(true);
    expect(first.some((line) => line.includes("{modRevisionOf:registry/pods/"))).toBe(true);
    expect(third.some((line) => line.startsWith("compact {revision-"))).toBe(true);
    expect(third.some((line) => line.startsWith("stm add bank/"))).toBe(true);
    const enough = done.run.script.find(({step}) => step === "enough")?.when.at ?? 0;
    const late = done.operations.filter(
      ({parent, invoked, request}) =>
        parent === undefined && request.kind === "put" && invoked.at > enough + 500_000,
    );
    expect(late).toEqual([]);
  });

  it("is recorded, and runs again without the scenario", () => {
    const {difference} = replay(traceOf(done, {code: codeHash}), {versions: versionOf});
    expect(difference).toBeUndefined();
  });

  it("a fork goes on as the run does", () => {
    const {run, director} = stage(scenario, {seed: "3"});
    const life = Life.create(run, {versions: versionOf, director});
    for (let i = 0; i < 1500; i++) life.step();
    const twin = life.fork();
    while (twin.step() !== undefined);
    expect(twin.world.hash).toBe(done.traceHash);
  });

  it("every name reads", () => {
    for (const name of loadNames)
      expect(read(text.replace('"load": "kubernetes"', `"load": "${name}"`)).run.load?.[0]?.load).toBe(name);
  });

  it("may be an open loop, and a step's line may have operands", () => {
    const open = read(
      text
        .replace('"keys": 6', '"every": "30ms", "waiting": 3')
        .replace('{"id": "enough",', '{"client": "c1", "op": "put seen {revision}"}, {"id": "enough",'),
    );
    const ran = perform(open, {seed: "3"});
    expect(ran.expected).toBe(true);
    expect(asked(ran, "c1")).toContain("put seen {revision}");
  });

  const wrong = (from: string, to: string): string => {
    const found = reader.read(text.replace(from, to));
    return found.ok ? "reads" : found.error;
  };

  it.each([
    [
      '"load": "kubernetes"',
      '"load": "kubernets"',
      /^run\.load\[0\]\.load: found "kubernets", expected "loop", "registers"/,
    ],
    ['"keys": 6', '"keys": 0', /^run\.load\[0\]\.keys: found 0, expected a whole number from 1 to 100$/],
    [
      '"by": ["c1", "c2"]',
      '"by": ["c1", "c7"]',
      /^run\.load\[0\]\.by\[1\]: found "c7", expected a client from c1 to c3$/,
    ],
    [
      '"keys": 6',
      '"ops": ["get x"]',
      /^run\.load\[0\]: found the key "ops", expected one of load, by, to, keys/,
    ],
    [
      '"20ms..60ms"',
      '"60ms..20ms"',
      /^run\.load\[2\]\.think: found "60ms\.\.20ms", expected a range of times/,
    ],
    [
      '"keys": 6',
      '"think": "1ms", "every": "1ms"',
      /^run\.load\[0\]\.every: found "1ms", expected either think/,
    ],
    [
      '{"id": "enough",',
      '{"client": "c1", "op": "get x --rev {revison}"}, {"id": "enough",',
      /^run\.steps\[2\]\.op: found "get x --rev \{revison\}", expected an etcdctl line \(get: --rev at column 7: expected an integer, found "\{revison\}"\)$/,
    ],
    [
      '{"id": "enough",',
      '{"client": "c1", "op": "put x \\"{valuOf:y}\\""}, {"id": "enough",',
      /^run\.steps\[2\]\.op: found .*unknown operand \{valuOf:y\} at column 8; expected one of: \{revision\}/,
    ],
  ])("refuses %s as %s in one line", (from, to, error) => {
    expect(wrong(from, to)).toMatch(error);
    expect(wrong(from, to)).not.toContain("\n");
  });
});
