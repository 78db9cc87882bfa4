// What plans of faults promise: what is drawn, on whom, in which mixture, and that it is undone.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {present} from "../../../core/base/assert.ts";
import {points} from "../../../core/server/io.ts";
import type {Action} from "../../../sim/action.ts";
import {versionOf} from "../../../sim/bug/museum.ts";
import {standardChecks} from "../../../sim/check/standard.ts";
import {harmOf} from "../../../sim/disk/fault.ts";
import type {Harm} from "../../../sim/disk/fault.ts";
import {execute} from "../../../sim/execute.ts";
import type {Executed} from "../../../sim/execute.ts";
import {betrayalKinds, damageKinds} from "../../../sim/fault/damage.ts";
import {clockKinds, diskKinds} from "../../../sim/fault/kinds.ts";
import type {FaultKind} from "../../../sim/fault/kinds.ts";
import {faultKinds, faultPlan, numbered, timeKinds} from "../../../sim/fault/plan.ts";
import {recovery} from "../../../sim/fault/recovery.ts";
import {decodeIntervention} from "../../../sim/trace/runText.ts";
import type {PlanOptions} from "../../../sim/fault/plan.ts";
import {Luck} from "../../../sim/fault/luck.ts";
import {swarm} from "../../../sim/fault/swarm.ts";
import {resolve} from "../../../sim/profile.ts";
import type {Config, Intervention} from "../../../sim/run.ts";
import {Mix} from "../../../sim/workload/mix.ts";
import {World} from "../../../sim/world/world.ts";
import {makeRun, ms, sound} from "../stage.ts";

const seeds = Array.from({length: 60}, (_, i) => `plan ${i}`);
const until = 4000 * ms;
const allKinds = [...faultKinds, ...timeKinds];

function plans(members: number, options: Partial<PlanOptions>): readonly (readonly Intervention[])[] {
  const config = resolve({members, pausePoints: points});
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

/** As texts: when, and what. */
function texts(plan: readonly Intervention[]): ReadonlySet<string> {
  return new Set(plan.map(({when, do: action}) => JSON.stringify([when, action])));
}

describe("a plan", () => {
  it("harms no disk unless it is asked for", () => {
    const all = plans(3, {});
    for (const plan of all) expect(struck(plan, "stops", "damages", "betrays")).toEqual(new Set());
    for (const kind of ["loseUnsynced", "tearUnsynced", "loseNames", "slow", "stall"])
      expect(kindsOf(all)).toContain(kind);
  });

  it("draws every kind that it knows, alone when it alone is named", () => {
    for (const kind of allKinds) expect(plans(3, {kinds: [kind]}).flat().length, kind).toBeGreaterThan(0);
  });

  it("draws nothing that can befall nobody", () => {
    const drawn = (config: Config): readonly FaultKind[] =>
      allKinds.filter((kind) =>
        seeds.some((seed) => faultPlan(seed, config, {until, kinds: [kind]}).length > 0),
      );
    const alone = drawn(resolve({members: 1, clients: 0, pausePoints: []}));
    const own: readonly FaultKind[] = [
      "crash",
      "pause",
      "timeout",
      "crashAtDisk",
      "crashTwice",
      "reconfigure",
    ];
    const ofAll: readonly FaultKind[] = ["blackout", "rolling"];
    expect(alone).toEqual([...own, ...ofAll, ...diskKinds, ...clockKinds]);
    const two = drawn(resolve({members: 2, clients: 1, pausePoints: points}));
    expect(allKinds.filter((kind) => !two.includes(kind))).toEqual(["partial", "bridge"]);
  });

  it("leaves alone for longer whom it is told to, each group of sufferers by itself", () => {
    const busy = plans(3, {}).flat().length;
    expect(plans(3, {calms: [1]}).flat().length).toBe(busy);
    expect(plans(3, {calms: [8]}).flat().length).toBeLessThan(busy / 3);
    // One of both for each group: some plans have more of the network's than of the members', and others fewer.
    const shares = plans(3, {calms: [1, 1000], kinds: ["isolate", "crash"]}).map((plan) => {
      const kinds = new Set(plan.map(({do: action}) => action.kind));
      return [kinds.has("split"), kinds.has("crash")].join();
    });
    expect(new Set(shares)).toEqual(new Set(["false,false", "true,false", "false,true", "true,true"]));
  });

  describe("that divides the network", () => {
    /** The splits of each plan, in order. */
    function splits(kind: FaultKind): readonly (readonly (readonly (readonly string[])[])[])[] {
      return plans(5, {kinds: [kind]}).map((plan) =>
        plan.flatMap(({do: action}) => (action.kind === "split" ? [action.groups] : [])),
      );
    }

    it("into two who do not see each other, and some who see both", () => {
      for (const groups of splits("partial").flat()) {
        expect(groups.length).toBe(2);
        expect(groups.every(({length}) => length > 0)).toBe(true);
        expect(groups.flat().length).toBeLessThan(5);
      }
      const named = new Set(
        splits("partial")
          .flat()
          .map((groups) => groups.flat().length),
      );
      expect(named).toEqual(new Set([2, 3, 4]));
    });

    it("into halves that one member joins", () => {
      for (const groups of splits("bridge").flat()) expect(groups.map(({length}) => length)).toEqual([2, 2]);
    });

    it("again and again in one window", () => {
      const longest = splits("flap").flatMap((plan) => {
        const runs: number[] = [];
        for (const [i, groups] of plan.entries()) {
          const same = JSON.stringify(groups) === JSON.stringify(plan[i - 1]);
          if (same) runs[runs.length - 1] = (runs.at(-1) ?? 0) + 1;
          else runs.push(1);
        }
        return runs;
      });
      expect(longest.length).toBeGreaterThan(20);
      expect(Math.min(...longest)).toBeGreaterThanOrEqual(2);
      expect(Math.max(...longest)).toBe(6);
    });

    it("member by member, and joins it in another order", () => {
      const orders = plans(5, {kinds: ["swizzle"]}).map((plan) => {
        let alone = new Set<string>();
        const [gone, back]: [string[], string[]] = [[], []];
        for (const {do: action} of plan) {
          const groups = action.kind === "split" ? action.groups : [];
          const now = new Set(groups.filter(({length}) => length === 1).flat());
          // Of two groups one alone and four; of five, or of four and none, all are alone.
          gone.push(...[...now].filter((name) => !alone.has(name)));
          back.push(...[...alone].filter((name) => !now.has(name)));
          alone = now;
        }
        return [gone, back] as const;
      });
      for (const [gone, back] of orders) expect([...back].sort()).toEqual([...gone].sort());
      expect(orders.some(([gone]) => gone.length >= 4)).toBe(true);
      expect(orders.some(([gone, back]) => gone.join() !== back.join())).toBe(true);
    });
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
      const also = texts(present(damaged[i], "the plan of the same seed"));
      for (const one of texts(plan)) expect(also).toContain(one);
    }
  });
});

const config = fc
  .record({members: fc.integer({min: 1, max: 5}), clients: fc.integer({min: 0, max: 3})})
  .map((settings) => resolve({...settings, pausePoints: points}));
const seed = fc.integer({min: 0, max: 1_000_000}).map((n) => `seed ${n}`);

describe("any plan", () => {
  it("is whole again when it ends: each fault is undone, in the world too", () => {
    fc.assert(
      fc.property(config, seed, fc.subarray(allKinds, {minLength: 1}), (of, name, kinds) => {
        const plan = faultPlan(name, of, {until: 3000 * ms, kinds});
        const world = World.create({...makeRun(), config: of, seed: name}, sound);
        // Nothing happens in between: what stands at the end stands because the plan left it so.
        for (const {do: action} of plan) {
          expect(action.kind).not.toBe("client");
          world.act({do: action, origin: "plan"});
        }
        expect(standing(world)).toEqual([]);
        const losses = plan.flatMap(({do: one}) => (one.kind === "loss" ? [one.perMillion] : []));
        expect(losses.at(-1) ?? 0).toBe(of.network.lossPerMillion);
        const refused = world.skipped.filter(({why}) => why !== "notNow");
        expect(refused).toEqual([]);
        for (const {when} of plan) expect(when.at).toBeLessThan(3000 * ms);
      }),
      {numRuns: 60},
    );
  });

  it("is read from a file as it was drawn, to the order of its keys: the chain's hash tells them apart", () => {
    const of = resolve({members: 3, pausePoints: points});
    const options = {until, damage: damageKinds, betrayal: betrayalKinds};
    const whole = allKinds.flatMap((kind) =>
      seeds.slice(0, 8).flatMap((name) => faultPlan(name, of, {...options, kinds: [kind]})),
    );
    const ending = recovery(of, {at: 0, until: 2, every: 1});
    for (const one of [...whole, ...numbered(ending)])
      expect(JSON.stringify(decodeIntervention(one, "one"))).toBe(JSON.stringify(one));
  });

  it("is the same for the same seed, and one for another", () => {
    fc.assert(
      fc.property(config, seed, (of, name) => {
        expect(faultPlan(name, of, {until})).toEqual(faultPlan(name, of, {until}));
      }),
      {numRuns: 10},
    );
    expect(new Set(plans(3, {}).map((plan) => JSON.stringify(plan))).size).toBe(seeds.length);
  });

  it("of a kind more has all that it had outside of that kind's windows", () => {
    // Of one group, none of which lasts longer than its window: a kind more takes windows, and moves nothing.
    const group: readonly FaultKind[] = ["crash", "pause", "timeout", "crashAtDisk", "reconfigure"];
    fc.assert(
      fc.property(seed, fc.constantFrom(...group), (name, more) => {
        const of = resolve({members: 3});
        const others = group.filter((kind) => kind !== more);
        const options = {until, always: group};
        const [fewer, all] = [others, group].map((kinds) => faultPlan(name, of, {...options, kinds}));
        const [before, after] = [texts(fewer ?? []), all ?? []];
        const added = new Set(after.filter(({do: action}) => isOf(action, more)).map(({when}) => when.at));
        const moved = after.filter((one) => ![...texts([one])].every((text) => before.has(text)));
        // Whatever is new is of that kind, or undoes it.
        for (const {do: action} of moved)
          expect([more, "crash", "restart", "resume"], JSON.stringify(action)).toContain(action.kind);
        if (moved.length > 0) expect(added.size).toBeGreaterThan(0);
        // And other groups have not noticed.
        const other = {until, always: ["clock", "cut"] as const, kinds: ["clock", "cut", ...group] as const};
        const clocks = (kinds: readonly FaultKind[]): readonly string[] => [
          ...texts(
            faultPlan(name, of, {...other, kinds}).filter(
              ({do: {kind}}) => kind === "clock" || kind === "cut",
            ),
          ),
        ];
        expect(clocks(["clock", "cut", ...others])).toEqual(clocks(["clock", "cut", ...group]));
      }),
      {numRuns: 30},
    );
  });
});

/** What is not as it was configured. A disk's next crash may still be a bad one: that harms nobody. */
function standing(world: World): readonly string[] {
  const {network} = world.view;
  const names = [...world.members.map(({id}) => `n${id}`), ...world.clients];
  const blocked = names.flatMap((a) => names.filter((b) => a !== b && network.blocked(a, b)));
  return [
    ...blocked.map((name) => `${name} blocked`),
    ...network.links.map(({from, to}) => `${from} ${to} changed`),
    ...network.refusals.map((pair) => pair.join(" refused by ")),
    ...world.members.flatMap(({id, status, armed, slowActors, disk, clock, config: flags}) => [
      ...(status === "up" ? [] : [`n${id} ${status}`]),
      ...(armed.length === 0 ? [] : [`n${id} armed`]),
      ...(slowActors.size === 0 ? [] : [`n${id} slow`]),
      ...(disk.faults.every(({kind}) => harmOf[kind] === "none" && kind !== "slow") ? [] : [`n${id} disk`]),
      ...(clock.rate === 1_000_000 ? [] : [`n${id} clock`]),
      ...(flags.snapshotEvery === world.run.config.raft.snapshotEvery ? [] : [`n${id} flags`]),
    ]),
    ...world.view.pausedClients,
  ];
}

function isOf(action: Action, kind: FaultKind): boolean {
  return (
    action.kind === kind || (kind === "reconfigure" && action.kind === "restart" && action.with !== undefined)
  );
}

describe("a swarm", () => {
  const mixtures = Array.from({length: 300}, (_, i) => swarm(new Luck(`${i}`), faultKinds, []));

  it("enables subsets of every size, each kind in about half of the plans", () => {
    const sizes = mixtures.map(({size}) => size);
    expect(Math.min(...sizes)).toBeLessThan(4);
    expect(Math.max(...sizes)).toBeGreaterThan(faultKinds.length - 4);
    const middle = sizes.filter((size) => size > faultKinds.length / 3 && size < (2 * faultKinds.length) / 3);
    expect(middle.length).toBeGreaterThan(60);
    for (const kind of faultKinds) {
      const times = mixtures.filter((mixture) => mixture.has(kind)).length;
      expect(times, kind).toBeGreaterThan(100);
      expect(times, kind).toBeLessThan(200);
    }
  });

  it("weighs what it enables from 1 to 100, and a heavier kind comes more often", () => {
    const weights = mixtures.flatMap((mixture) => [...mixture.values()]);
    expect([Math.min(...weights), Math.max(...weights)]).toEqual([1, 100]);
    expect(new Set(weights).size).toBeGreaterThan(90);
    const of = resolve({members: 3});
    const kinds = ["pause", "timeout"] as const;
    const [heavy, light] = [0, 0].map((_, which) =>
      seeds.reduce((sum, name) => {
        const mixture = swarm(new Luck(name), kinds, kinds);
        const [a, b] = kinds.map((kind) => ({kind, weight: mixture.get(kind) ?? 0}));
        const chosen = (a?.weight ?? 0) >= (b?.weight ?? 0) === (which === 0) ? a : b;
        const plan = faultPlan(name, of, {until, kinds, always: kinds});
        return sum + plan.filter(({do: action}) => action.kind === chosen?.kind).length;
      }, 0),
    );
    expect(heavy).toBeGreaterThan((3 * (light ?? 0)) / 2);
  });

  it("has what it always has, and something if there is anything", () => {
    for (let i = 0; i < 50; i++) {
      expect(swarm(new Luck(`${i}`), faultKinds, ["crash"]).has("crash")).toBe(true);
      expect(swarm(new Luck(`${i}`), ["crash"], []).size).toBe(1);
    }
    expect(swarm(new Luck("0"), [], []).size).toBe(0);
  });
});

describe("a run", () => {
  function run(name: string, options: Partial<PlanOptions>): Executed {
    const plain = makeRun({seed: name, members: 3, clients: 2, until: 6000, pausePoints: points});
    const script = faultPlan(name, plain.config, {until: 2000 * ms, ...options});
    const director = new Mix({seed: name, until: 2000 * ms, operationsMax: 20});
    return execute({...plain, script}, {versions: versionOf, director, checkers: standardChecks()});
  }

  it.each(seeds.slice(0, 10))("keeps every promise while only a minority is damaged (%s)", (name) => {
    const {violation, end} = run(name, {damage: damageKinds});
    expect([violation, end]).toEqual([undefined, "done"]);
  });

  it("that lies breaks a promise in some run", () => {
    const options: Partial<PlanOptions> = {kinds: ["crash", "split"], betrayal: ["wipe", "olderDisk"]};
    expect(seeds.some((name) => run(name, options).violation !== undefined)).toBe(true);
  });
});
