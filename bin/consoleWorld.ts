// The world behind a console: a scenario's, or a fresh one, whose time passes only as far as commands need it to.

import type {Micros} from "../core/base/quantity.ts";
import type {Scenario} from "../scenarios/format.ts";
import {stage} from "../scenarios/resolve.ts";
import {versionOf} from "../sim/bug/museum.ts";
import {standardChecks} from "../sim/check/standard.ts";
import type {Session, Stage} from "../sim/console/session.ts";
import type {Cue, Director} from "../sim/director.ts";
import type {EventRecord} from "../sim/event.ts";
import {execute} from "../sim/execute.ts";
import type {Run} from "../sim/run.ts";
import {Life} from "../sim/timeline/life.ts";
import {codeHash} from "../sim/trace/code.ts";
import {writeTrace} from "../sim/trace/file.ts";
import {traceOf} from "../sim/trace/replay.ts";
import type {WorldView} from "../sim/view.ts";
import type {Inapplicable} from "../sim/world/actions.ts";
import type {Named} from "./source.ts";

export interface ConsoleOptions {
  readonly seed?: string;
  readonly members?: number;
  /** Members that are there and down until they are added and restarted. */
  readonly spares?: number;
  readonly clients?: number;
}

/** Whether what is waited for is there. */
type Goal = () => boolean;

export class ConsoleWorld implements Stage {
  private readonly life: Life;
  private readonly named: Named;
  /** Told every event. */
  session: Session | undefined;

  constructor(named: Named, seed: string | undefined) {
    const staged = stage(named.scenario, seed === undefined ? {} : {seed});
    const director = new Endless(staged.director);
    this.named = named;
    this.life = Life.create(staged.run, {versions: versionOf, director});
  }

  get view(): WorldView {
    return this.life.world.view;
  }

  act(cue: Cue): EventRecord | undefined {
    return this.life.act(cue);
  }

  /** Why an action did not apply. */
  get whyNot(): Inapplicable | undefined {
    return this.life.world.skipped.at(-1)?.why;
  }

  /** Takes events until the goal is reached, up to `until`. False: the run is over, or time is. */
  run(goal: Goal, until: Micros): boolean {
    const {session, life} = this;
    for (;;) {
      if (goal()) return true;
      const next = life.world.next()?.due ?? Infinity;
      const due = session?.due ?? Infinity;
      if (Math.min(next, due) > until) {
        life.world.passTo(until);
        return false;
      }
      if (due < next) {
        life.world.passTo(due);
        session?.ask();
        continue;
      }
      const record = life.step();
      if (record === undefined) return false;
      session?.tell(record);
    }
  }

  /** Everything so far as a trace's file: run again, so that what is saved was seen to be so. */
  trace(): Uint8Array {
    const {world} = this.life;
    const run: Run = this.life.recorded();
    const ended = {...run, limits: {...run.limits, events: world.step}};
    const done = execute(ended, {versions: versionOf, checkers: standardChecks(), lines: true});
    const {scenario, file} = this.named;
    return writeTrace(
      traceOf(done, {
        code: codeHash,
        scenario: scenario.id,
        ...(file === undefined ? {} : {source: file.text}),
      }),
    );
  }
}

/** A scenario's steps without its end. */
class Endless implements Director {
  private readonly director: Director;

  constructor(director: Director) {
    this.director = director;
  }

  after(view: WorldView, event: EventRecord | undefined): readonly Cue[] {
    return this.director.after(view, event);
  }

  deadline(): Micros | undefined {
    return this.director.deadline();
  }

  done(): boolean {
    return false;
  }

  fork(): this {
    return new Endless(this.director.fork()) as this;
  }
}

/** A world in which nothing happens but what is typed, as a scenario, so that its trace can be opened. */
export function freshScenario({members = 3, spares = 0, clients = 3}: ConsoleOptions): Scenario {
  const anything = {any: [{leader: "none"}, {not: {leader: "none"}}]} as const;
  return {
    format: 1,
    id: "console",
    group: "example",
    title: {en: "What was typed at a console", zh: "控制台里输入的内容"},
    teaches: {en: "Whatever was tried", zh: "随意尝试"},
    run: {
      seed: "1",
      holds: "every seed",
      until: anything,
      limit: "3600s",
      config: {members, spares, clients, profile: "teaching"},
      steps: [],
      expect: [],
    },
  };
}
