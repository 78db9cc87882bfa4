// What a scenario says of its own run, as checks: every expectation is `claim <id>`, and `scenario completed` says that
// all steps fired and the end was reached. They read events alone, so a replay is judged like the run it repeats.

import type {Checker, Violation} from "../sim/check/checker.ts";
import type {EventRecord} from "../sim/event.ts";
import type {WorldView} from "../sim/view.ts";
import {notNow, whyNot} from "../sim/whyNot.ts";
import type {Skipped} from "../sim/world/world.ts";
import {claimsOfLoads} from "../sim/check/loadClaims.ts";
import {stepId} from "./director.ts";
import {fill} from "./fill.ts";
import type {Expect, Run, Text, When} from "./format.ts";
import {tablesOf} from "./load.ts";
import {Story} from "./story.ts";
import type {Scene} from "./story.ts";
import type {Watch} from "./watch.ts";
import {watch} from "./when.ts";
import {say} from "./words.ts";

/** What the name of every claim's check begins with. */
export const claimPrefix = "claim ";

/** The check that says that all steps fired and the end was reached. */
export const completedCheck = "scenario completed";

/** The checks of a run that was validated: its expectations, that it came to its end, and what its loads claim. */
export function claimsOf(run: Run): Checker[] {
  const tables = (run.load ?? []).flatMap((load) =>
    load.load === "loop" ? [] : tablesOf(load, undefined, undefined),
  );
  return [...run.expect.map((expect) => new Claim(expect)), new Completed(run), ...claimsOfLoads(tables)];
}

/** One expectation. */
class Claim implements Checker {
  readonly name: string;
  private readonly expect: Expect;
  private story = new Story();
  private claim: Watch;
  /** The moment at which it is tested, if that is not the end. */
  private at: Watch | undefined;
  private tested = false;

  constructor(expect: Expect) {
    this.name = `${claimPrefix}${expect.id}`;
    this.expect = expect;
    this.claim = watch(expect.claim);
    this.at = typeof expect.at === "object" ? watch(expect.at) : undefined;
  }

  exercised(): number {
    return this.tested ? 1 : 0;
  }

  after(view: WorldView, event: EventRecord): Violation | undefined {
    if (this.tested) return undefined;
    this.story.after(view, event);
    const scene: Scene = {view, event, story: this.story, ending: false};
    const holds = this.claim.holds(scene);
    if (this.at?.holds(scene) !== true) return undefined;
    return this.test(holds, scene);
  }

  end(view: WorldView): Violation | undefined {
    if (this.tested) return undefined;
    const scene: Scene = {view, event: view.last, story: this.story, ending: true};
    if (this.at === undefined) return this.test(this.claim.holds(scene), scene);
    return violation(this.name, say("claimUnreached", {claim: this.expect.id}), view);
  }

  fork(): this {
    const twin = new Claim(this.expect);
    twin.story = this.story.fork();
    twin.claim = this.claim.fork();
    twin.at = this.at?.fork();
    twin.tested = this.tested;
    return twin as this;
  }

  private test(holds: boolean, scene: Scene): Violation | undefined {
    this.tested = true;
    if (holds) return undefined;
    const {en, zh} = fill(this.expect.says, scene);
    return violation(this.name, say("claimFalse", {claim: this.expect.id, en, zh}), scene.view);
  }
}

/** That the scenario came to its own end. */
class Completed implements Checker {
  readonly name = completedCheck;
  private readonly run: Run;
  private story = new Story();
  private until: Watch;
  private reached = false;

  constructor(run: Run) {
    this.run = run;
    this.until = watch(run.until);
  }

  exercised(): number {
    return 1;
  }

  after(view: WorldView, event: EventRecord): undefined {
    this.story.after(view, event);
    if (this.until.holds({view, event, story: this.story, ending: false})) this.reached = true;
  }

  end(view: WorldView): Violation | undefined {
    const place = this.run.steps.findIndex((step, i) => this.story.fired(stepId(step, i)) === undefined);
    const waiting = this.run.steps[place];
    if (waiting !== undefined) {
      const step = stepId(waiting, place);
      const later = this.run.steps.slice(place + 1);
      const isPast = later.some((one, i) => this.story.fired(stepId(one, place + 1 + i)) !== undefined);
      const why = whySkipped(step, isPast, view) ?? whyUnfired(step, waiting.when, view);
      return violation(this.name, why, view);
    }
    return this.reached ? undefined : violation(this.name, say("untilUnreached"), view);
  }

  fork(): this {
    const twin = new Completed(this.run);
    twin.story = this.story.fork();
    twin.until = this.until.fork();
    twin.reached = this.reached;
    return twin as this;
  }
}

/** Why a step whose turn came could not be done; undefined: its turn did not come. A replay knows only that it was left out. */
function whySkipped(step: string, isPast: boolean, view: WorldView): Violation["said"] | undefined {
  const skipped = skippedOf(view).find(({intervention}) => intervention.step === step);
  if (skipped === undefined && !isPast) return undefined;
  return say("stepSkipped", {step, ...reasonOf(skipped)});
}

/** A world tells what was skipped. */
function skippedOf(view: WorldView): readonly Skipped[] {
  return "skipped" in view ? (view.skipped as readonly Skipped[]) : [];
}

/** A replay does not know. */
function reasonOf(skipped: Skipped | undefined): Text {
  return skipped === undefined ? notNow : whyNot(skipped.intervention.do, skipped.why);
}

/** A step that never fired mostly waits for an operation that failed. */
function whyUnfired(step: string, when: When | undefined, {operations}: WorldView): Violation["said"] {
  for (const ref of operationsIn(when)) {
    const {outcome, returned} = operations.find(({as}) => ref === `op:#${as}`) ?? {};
    if (outcome === undefined || outcome.kind === "ok" || returned === undefined) continue;
    const at = Math.floor(returned.at / 1000);
    return say("stepWaitsInVain", {step, operation: ref, at, error: outcome.error?.message ?? outcome.kind});
  }
  return say("stepUnfired", {step});
}

/** The operations that a fact speaks of, in the order they stand in it. */
function operationsIn(when: unknown): readonly string[] {
  if (typeof when !== "object" || when === null) return [];
  return Object.entries(when).flatMap(([key, value]) =>
    key === "op" && typeof value === "string" ? [value] : operationsIn(value),
  );
}

function violation(check: string, said: Violation["said"], {last, step}: WorldView): Violation {
  return {check, said, evidence: last === undefined ? [] : [last.id], step};
}
