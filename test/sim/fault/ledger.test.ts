// The damage ledger: who was harmed, whether that must be survived, and who holds what.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {present} from "../../../core/base/assert.ts";
import {versionOf} from "../../../sim/bug/museum.ts";
import type {Checker} from "../../../sim/check/checker.ts";
import type {DiskFault} from "../../../sim/disk/fault.ts";
import {execute} from "../../../sim/execute.ts";
import {betrayalKinds, damageKinds} from "../../../sim/fault/damage.ts";
import {
  damagesIn,
  damagesOf,
  entryOfRevision,
  holdersOf,
  isSurvivable,
  planIsSurvivable,
  votersNow,
  whyPlanUnsurvivable,
  whyUnsurvivable,
} from "../../../sim/fault/ledger.ts";
import {faultPlan} from "../../../sim/fault/plan.ts";
import {resolve} from "../../../sim/profile.ts";
import type {Intervention} from "../../../sim/run.ts";
import type {WorldView} from "../../../sim/view.ts";
import {Mix} from "../../../sim/workload/mix.ts";
import type {World} from "../../../sim/world/world.ts";
import {split, Stage} from "../bug/stage.ts";
import {act, at, leaderOf, makeRun, makeWorld, ms, until, untilLeader} from "../stage.ts";

const rot: DiskFault = {kind: "rot", file: "*.none", sector: 0, bit: 0};

function strikes(...harmed: readonly (readonly [string, DiskFault])[]): readonly Intervention[] {
  return harmed.map(([member, fault], i) => at(i + 1, 100 * (i + 1), {kind: "disk", member, fault}));
}

describe("a plan", () => {
  const config = fc.integer({min: 1, max: 5}).map((members) => resolve({members}));
  const seed = fc.nat({max: 100_000}).map((n) => `ledger ${n}`);

  it("that is drawn is survivable, and is not once a disk betrays its member, which is named", () => {
    fc.assert(
      fc.property(config, seed, fc.subarray([...damageKinds]), (of, name, damage) => {
        const options = {until: 6000 * ms, damage};
        expect(whyPlanUnsurvivable(faultPlan(name, of, options), of)).toBeUndefined();
        const plan = faultPlan(name, of, {...options, betrayal: betrayalKinds});
        const betrayal = damagesIn(plan).find(({harm}) => harm === "betrays");
        const why = whyPlanUnsurvivable(plan, of);
        expect(why).toEqual(betrayal && {kind: "betrayal", damage: betrayal});
      }),
      {numRuns: 40},
    );
  });

  it("may harm the disks of a minority, as often as it likes, and of nobody else", () => {
    const of = resolve({members: 5});
    const full: DiskFault = {kind: "full", room: 0};
    expect(planIsSurvivable(strikes(["n1", rot], ["n1", full], ["n4", rot]), of)).toBe(true);
    const tooMany = strikes(["n1", rot], ["n1", full], ["n4", rot], ["n5", full]);
    expect(whyPlanUnsurvivable(tooMany, of)).toEqual({
      kind: "tooMany",
      harmed: ["n1", "n4", "n5"],
      fresh: [],
      spared: 2,
    });
    expect(planIsSurvivable(strikes(["n6", rot]), {...of, learners: 1})).toBe(true);
    const harmless = ["n1", "n2", "n3", "n4", "n5"].map((name) => [name, {kind: "loseNames"}] as const);
    expect(planIsSurvivable(strikes(...harmless), of)).toBe(true);
  });
});

/** Asks the ledger after every event in which a disk was struck, and at the end. */
class Asks implements Checker {
  readonly name = "Asks";
  readonly answers: (string | undefined)[] = [];

  exercised(): number {
    return this.answers.length;
  }

  fork(): this {
    return this;
  }

  after(view: WorldView, {changes}: Parameters<NonNullable<Checker["after"]>>[1]): undefined {
    const isStruck = changes.some((change) => change.kind === "fault" && change.action.kind === "disk");
    if (isStruck) this.answers.push(whyUnsurvivable(view)?.kind);
  }

  end(view: WorldView): undefined {
    this.answers.push(whyUnsurvivable(view)?.kind);
  }
}

describe("a run", () => {
  function lived(
    seed: string,
    options: Partial<Parameters<typeof faultPlan>[2]>,
  ): readonly (string | undefined)[] {
    const run = makeRun({seed, members: 3, clients: 1, until: 2500});
    const script = faultPlan(seed, run.config, {until: 2000 * ms, kinds: ["crash"], ...options});
    const asks = new Asks();
    const director = new Mix({seed, until: 2000 * ms, operationsMax: 5, linger: 400 * ms});
    const {view, skipped} = execute({...run, script}, {versions: versionOf, director, checkers: [asks]});
    // What was planned, but what did not apply.
    const missed = new Set(skipped.map(({intervention: {id}}) => id));
    const planned = damagesIn(script.filter(({id}) => !missed.has(id)));
    expect(damagesOf(view)).toEqual(
      planned.toSorted((a, b) => (a.member < b.member ? -1 : a.member > b.member ? 1 : 0)),
    );
    return asks.answers;
  }

  it.each(["a", "b", "c"])("has the damage of its plan, and is survivable if that is (%s)", (seed) => {
    const answers = lived(seed, {damage: damageKinds});
    expect(new Set(answers)).toEqual(new Set([undefined]));
    expect(answers.length).toBeGreaterThan(1);
  });

  it("is not any more once a disk betrays its member", () => {
    const answers = lived("d", {betrayal: ["wipe"]});
    const first = answers.indexOf("betrayal");
    expect(first).toBeGreaterThanOrEqual(0);
    expect(new Set(answers.slice(first))).toEqual(new Set(["betrayal"]));
  });
});

describe("a member", () => {
  function strike(world: World, member: string): void {
    act(world, {kind: "disk", member, fault: {kind: "rot", file: "*", sector: 0, bit: 0}});
  }

  function ask(world: World, op: string): void {
    const place = world.operations.length;
    act(world, {kind: "client", client: "c1", op, to: `n${leaderOf(world)}`});
    until(world, `an answer to ${op}`, () => world.operations[place]?.outcome !== undefined);
    expect(world.operations[place]?.outcome?.kind).toBe("ok");
  }

  it("that is replaced does not count, and who comes in its place counts until it has caught up", () => {
    const world = makeWorld({members: 3, spares: 1});
    const leader = untilLeader(world);
    const [harmed = 0, other = 0] = [1, 2, 3].filter((id) => id !== leader);
    expect(isSurvivable(world.view)).toBe(true);
    strike(world, `n${harmed}`);
    expect(damagesOf(world.view)).toEqual([
      {member: `n${harmed}`, by: "rot", harm: "damages", at: world.now},
    ]);
    expect(isSurvivable(world.view)).toBe(true);
    ask(world, `member remove n${harmed}`);
    // Two are left, and none of them is to spare.
    expect(votersNow(world.view)).toEqual([[`n${leader}`, `n${other}`].sort()]);
    expect(isSurvivable(world.view)).toBe(true);
    ask(world, "member add n4");
    expect(votersNow(world.view).flat()).toContain("n4");
    expect(isSurvivable(world.view)).toBe(true);
    // It has nothing yet: with another harmed that is one too many.
    const twin = world.fork();
    strike(twin, `n${other}`);
    expect(whyUnsurvivable(twin.view)).toEqual({
      kind: "tooMany",
      harmed: [`n${other}`],
      fresh: ["n4"],
      spared: 1,
    });
    act(world, {kind: "restart", member: "n4"});
    until(
      world,
      "n4 has caught up",
      () => world.member(4).server?.membership.conf.voters.includes(4) === true,
    );
    strike(world, `n${other}`);
    expect(isSurvivable(world.view)).toBe(true);
    // Whatever becomes of who was removed.
    act(world, {kind: "disk", member: `n${harmed}`, fault: {kind: "syncLies"}});
    expect(isSurvivable(world.view)).toBe(true);
    // What it holds it holds when it is down too.
    act(world, {kind: "crash", member: "n4"});
    expect(isSurvivable(world.view)).toBe(true);
    strike(world, `n${leader}`);
    expect(whyUnsurvivable(world.view)).toMatchObject({kind: "tooMany", fresh: []});
  });

  it("holds an entry durably, in memory, not, or not any more", () => {
    const stage = new Stage({}, 5);
    stage.lead(1).act(split(["n1", "n2", "n3", "c1"], ["n4", "n5"]));
    stage.act({kind: "client", client: "c1", op: "put x 1", to: "n1"});
    const {world} = stage;
    const entry = {index: 2, term: 1};
    stage.until("n2 has it in memory", () => stage.at(2, 2) === 1);
    expect(holdersOf(world.view, entry).get("n2")).toBe("memory");
    stage.until("it is answered", () => world.operations[0]?.outcome?.kind === "ok");
    stage.until("n3 has it", () => (world.member(3).server?.durableIndex ?? 0) >= 2);
    expect(present(entryOfRevision(world.view, 2), "the entry of revision 2")).toMatchObject(entry);
    expect(entryOfRevision(world.view, 3)).toBeUndefined();
    const durable = (): readonly (string | undefined)[] => [...holdersOf(world.view, entry).values()];
    expect(durable()).toEqual(["durable", "durable", "durable", "nothing", "nothing"]);
    stage.crashLosing(3);
    expect(durable()).toEqual(["durable", "durable", "durable", "nothing", "nothing"]);
    stage.act({kind: "disk", member: "n3", fault: {kind: "wipe"}});
    expect(durable()).toEqual(["durable", "durable", "lost", "nothing", "nothing"]);
    expect([...holdersOf(world.view, {index: 2, term: 7}).values()].slice(0, 2)).toEqual([
      "nothing",
      "nothing",
    ]);
  });
});
