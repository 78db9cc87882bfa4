// What every scheduler keeps to. One suite, which each of them passes; a window of 0 is time's own.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {present} from "../../../core/base/assert.ts";
import type {EventRecord, Pending} from "../../../sim/event.ts";
import {faultPlan} from "../../../sim/fault/plan.ts";
import type {Choice, Run} from "../../../sim/run.ts";
import {ChosenSchedule} from "../../../sim/schedule/chosen.ts";
import type {Scheduler} from "../../../sim/schedule/scheduler.ts";
import {World} from "../../../sim/world/world.ts";
import {at, makeRun, ms, put, sound} from "../stage.ts";

const events = 300;

/** Fewer than that, and a run would say little. */
const enough = 100;

/** Three members that elect, are asked, and suffer a little; nobody is paused, so that nothing waits but by the schedule. */
function sampleRun(reorder: boolean): Run {
  const run = makeRun({seed: "schedules", network: {reorder}, until: 900, events});
  const faults = faultPlan("schedules", run.config, {
    until: 800 * ms,
    kinds: ["cut", "crash", "timeout", "stall"],
  });
  const asked = Array.from({length: 8}, (_, i) => at(i + 1, 200 + 70 * i, put("c1", "x", `${i}`)));
  return {...run, script: [...faults, ...asked]};
}

interface Stepped {
  readonly world: World;
  readonly base: Pending;
  readonly next: Pending;
}

/** Goes on to the end; `look` is asked before every event. */
function drive(
  world: World,
  scheduler: Scheduler,
  look?: (stepped: Stepped) => void,
): readonly EventRecord[] {
  const records: EventRecord[] = [];
  const {limits} = world.run;
  while (world.step < limits.events) {
    const next = scheduler.next(world);
    if (next === undefined || next.due > limits.until) break;
    look?.({world, base: present(world.next(), "what time's order would take"), next});
    records.push(world.take(next));
  }
  return records;
}

function chainBy(run: Run, scheduler: Scheduler): string {
  const world = World.create(run, sound);
  drive(world, scheduler);
  return `${world.step} ${world.hash}`;
}

/** `make`: a fresh one. `window`: what it keeps to. */
export function conforms(name: string, window: number, make: (run: Run) => Scheduler): void {
  const runs = [sampleRun(false), sampleRun(true)];

  describe.each(runs)(`the ${name} schedule, order kept or not,`, (run) => {
    const fresh = (): Scheduler => make(run);

    it("takes what is enabled, due within the window, and what the script fires first", () => {
      let scripted = 0;
      const wrong: Pending[] = [];
      const records = drive(World.create(run, sound), fresh(), ({world, base, next}) => {
        const isScript = base.payload.kind === "script";
        if (isScript) scripted++;
        const isRight = isScript
          ? next.lane === base.lane && next.ordinal === base.ordinal
          : world.enabled().includes(next) && next.due - base.due <= window;
        if (!isRight) wrong.push(next);
      });
      expect(wrong).toEqual([]);
      expect(scripted).toBeGreaterThan(3);
      expect(records.length).toBeGreaterThan(enough);
    });

    it("answers the same when it is asked twice", () => {
      const scheduler = fresh();
      let others = 0;
      drive(World.create(run, sound), scheduler, ({world, next}) => {
        if (next.payload.kind !== "script" && scheduler.next(world) !== next) others++;
      });
      expect(others).toBe(0);
    });

    it("overtakes nothing for longer than the window: what is enabled is taken at last", () => {
      let late = 0;
      const world = World.create(run, sound);
      drive(world, fresh(), ({next}) => {
        if (next.payload.kind === "script") return;
        late = Math.max(late, world.now - next.due);
      });
      expect(late).toBeLessThanOrEqual(window);
      for (const {due} of world.enabled()) expect(world.now - due).toBeLessThanOrEqual(window);
    });

    it("goes on in a fork as it goes on", () => {
      const world = World.create(run, sound);
      const scheduler = fresh();
      const twins: {readonly world: World; readonly scheduler: Scheduler}[] = [];
      drive(world, scheduler, () => {
        if (world.step % 130 === 50) twins.push({world: world.fork(), scheduler: scheduler.fork()});
      });
      expect(twins.length).toBeGreaterThan(1);
      for (const twin of twins) {
        drive(twin.world, twin.scheduler);
        expect(twin.world.hash).toBe(world.hash);
        expect(twin.scheduler.choices()).toEqual(scheduler.choices());
      }
    });

    it("makes the same run again", () => {
      expect(chainBy(run, fresh())).toBe(chainBy(run, fresh()));
    });

    it("is on record as choices, which make the run without it", () => {
      const scheduler = fresh();
      const chain = chainBy(run, scheduler);
      const replayed = new ChosenSchedule(scheduler.choices());
      expect(chainBy(run, replayed)).toBe(chain);
    });

    it("leaves choices of which every part makes a run", () => {
      const scheduler = fresh();
      drive(World.create(run, sound), scheduler);
      const choices = scheduler.choices();
      const part = fc.infiniteStream(fc.boolean());
      fc.assert(
        fc.property(part, (keep) => {
          const some = choices.filter(() => keep.next().value === true);
          const chosen = new ChosenSchedule(some);
          const records = drive(World.create(run, sound), chosen);
          expect(records.length).toBeGreaterThan(enough);
          expect(untold(some, records, chosen)).toEqual([]);
        }),
        {numRuns: 2},
      );
    });
  });
}

/** Choices that did not happen, are not told to have been skipped, and had their turn. */
function untold(
  choices: readonly Choice[],
  records: readonly EventRecord[],
  chosen: ChosenSchedule,
): readonly Choice[] {
  const unscripted = records.filter(({payload}) => payload.kind !== "script").map(({id}) => id);
  const followers = new Map(unscripted.map((id, i) => [id, unscripted[i + 1]]));
  return choices.filter((choice) => {
    const follower = followers.get(choice.after);
    return follower !== undefined && follower !== choice.take && !chosen.skipped().includes(choice);
  });
}
