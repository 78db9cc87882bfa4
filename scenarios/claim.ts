// What a scenario says of its own run, as checks: every expectation is `claim <id>`, and `scenario completed` says that
// all steps fired and the end was reached. They read events alone, so a replay is judged like the run it repeats.

import type {Checker, Violation} from "../sim/check/checker.ts";
import type {EventRecord} from "../sim/event.ts";
import type {WorldView} from "../sim/view.ts";
import type {Skipped} from "../sim/world/world.ts";
import {claimsOfLoads} from "../sim/check/loadClaims.ts";
import {stepId} from "./director.ts";
import {fill} from "./fill.ts";
import type {Expect, Run, When} from "./format.ts";
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

function reasonOf(skipped: Skipped | undefined): {readonly en: string; readonly zh: string} {
  const state = {en: "it did not apply in the state of that moment", zh: "它在当时的状态下不适用"};
  if (skipped === undefined) return state;
  const {do: action} = skipped.intervention;
  switch (skipped.why) {
    case "notNow":
      if (action.kind === "crash")
        return {en: `${action.member} was down already`, zh: `${action.member} 已经停机`};
      if (action.kind === "restart")
        return {en: `${action.member} was not down`, zh: `${action.member} 并未停机`};
      return state;
    case "unknownFile":
      return {en: "the disk held no such file, or nothing in it", zh: "磁盘上没有这个文件，或文件为空"};
    case "unknownName":
      return {en: "nobody has that name", zh: "没有这个名称"};
    case "badCommand":
      return {en: "its line is none of etcdctl", zh: "它的命令不是 etcdctl 命令"};
    case "unknownMessage":
      return {en: "that message was not on its way", zh: "该消息不在途中"};
    case "notIdempotent":
      return {en: "a forwarded proposal would be applied twice", zh: "转发的提案会被应用两次"};
    case "badNumber":
      return {en: "a number is out of range", zh: "数值超出范围"};
    case "ofStream":
      return {en: "a client's connection loses and swaps nothing", zh: "客户端的连接不会丢失或乱序"};
    case "noPausePoint":
      return {en: "the run lists no such pause point", zh: "运行没有列出这个暂停点"};
    case "alreadyDrawn":
      return {en: "that draw had been made already", zh: "该抽取已经发生"};
  }
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
