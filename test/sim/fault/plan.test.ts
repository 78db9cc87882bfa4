// What plans of faults promise: what is drawn, on whom, and that it is undone.

import {describe, expect, it} from "vitest";
import {versionOf} from "../../../sim/bug/museum.ts";
import {standardChecks} from "../../../sim/check/standard.ts";
import {harmOf} from "../../../sim/disk/fault.ts";
import type {Harm} from "../../../sim/disk/fault.ts";
import {execute} from "../../../sim/execute.ts";
import type {Executed} from "../../../sim/execute.ts";
import {betrayalKinds, damageKinds} from "../../../sim/fault/damage.ts";
import {faultKinds, faultPlan} from "../../../sim/fault/plan.ts";
import type {PlanOptions} from "../../../sim/fault/plan.ts";
import {resolve} from "../../../sim/profile.ts";
import type {Intervention} from "../../../sim/run.ts";
import {Mix} from "../../../sim/workload/mix.ts";
import {makeRun, ms} from "../stage.ts";

const seeds = Array.from({length: 60}, (_, i) => `plan ${i}`);
const until = 4000 * ms;

function plans(members: number, options: Partial<PlanOptions>): readonly (readonly Intervention[])[] {
  const config = resolve({members});
  return seeds.map((seed) => faultPlan(seed, config, {until, ...options}));
}

/** Members whose disks are struck by a fault that can do one of these. */
function struck(plan: readonly Intervention[], ...harms: readonly Harm[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const {do: action} of plan)
    if (action.kind === "disk" && harms.includes(harmOf[action.fault.kind])) found.add(action.member);
  return found;
}

function kindsOf(all: readonly (readonly Intervention[])[]): ReadonlySet<string> {
  return new Set(
    all.flat().map(({do: action}) => (action.kind === "disk" ? action.fault.kind : action.kind)),
  );
}

describe("a plan", () => {
  it("harms no disk unless it is asked for", () => {
    const all = plans(3, {});
    for (const plan of all) expect(struck(plan, "stops", "damages", "betrays")).toEqual(new Set());
    for (const kind of ["loseUnsynced", "tearUnsynced", "loseNames", "slow", "stall"])
      expect(kindsOf(all)).toContain(kind);
  });

  it("draws every kind that it knows, alone when it alone is named", () => {
    for (const kind of [...faultKinds, "isolate" as const])
      expect(plans(3, {kinds: [kind]}).flat().length, kind).toBeGreaterThan(0);
  });

  it("damages the disks of at most as many voters as the others can do without, in all kinds", () => {
    for (const [members, most] of [
      [1, 0],
      [2, 0],
      [3, 1],
      [5, 2],
    ] as const) {
      const all = plans(members, {damage: damageKinds});
      const counts = all.map((plan) => struck(plan, "stops", "damages").size);
      expect(Math.max(...counts)).toBe(most);
      if (most > 0) for (const kind of damageKinds) expect(kindsOf(all)).toContain(kind);
    }
  });

  it("lets a disk lie to exactly one voter, in all kinds", () => {
    const all = plans(5, {betrayal: betrayalKinds});
    expect(new Set(all.map((plan) => struck(plan, "betrays").size))).toEqual(new Set([1]));
    expect(new Set(all.flatMap((plan) => [...struck(plan, "betrays")])).size).toBe(5);
    for (const kind of betrayalKinds) expect(kindsOf(all)).toContain(kind);
  });

  it("is otherwise the same whether disks are damaged or not", () => {
    const [plain, damaged] = [plans(3, {}), plans(3, {damage: damageKinds, betrayal: betrayalKinds})];
    for (const [i, plan] of plain.entries()) {
      const texts = new Set(damaged[i]?.map(({when, do: action}) => JSON.stringify([when, action])));
      for (const {when, do: action} of plan) expect(texts).toContain(JSON.stringify([when, action]));
    }
  });
});

describe("a run with damaged disks", () => {
  function run(seed: string, options: Partial<PlanOptions>): Executed {
    const plain = makeRun({seed, members: 3, clients: 2, until: 6000});
    const script = faultPlan(seed, plain.config, {until: 2000 * ms, ...options});
    const director = new Mix({seed, until: 2000 * ms, operationsMax: 20});
    return execute({...plain, script}, {versions: versionOf, director, checkers: standardChecks()});
  }

  it.each(seeds.slice(0, 15))("keeps every promise while only a minority is damaged (%s)", (seed) => {
    const {violation, end} = run(seed, {damage: damageKinds});
    expect([violation, end]).toEqual([undefined, "done"]);
  });

  it("that lie breaks a promise in some run", () => {
    const broken = new Set(
      seeds.map(
        (seed) => run(seed, {kinds: ["crash", "split"], betrayal: ["wipe", "olderDisk"]}).violation?.check,
      ),
    );
    expect([...broken].some((check) => check !== undefined)).toBe(true);
  });
});
