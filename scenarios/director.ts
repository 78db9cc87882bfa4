// A scenario's run, acting on a world: its steps in order, its loads beside them, its end. What it decides is recorded
// as interventions with symbols resolved, so that the recorded run needs no director. At most one step acts after an
// event: what it does is an event of its own, after which the next step is looked at.

import {unreachable} from "../core/base/assert.ts";
import type {Micros} from "../core/base/quantity.ts";
import type {Action} from "../sim/action.ts";
import type {Cue, Director} from "../sim/director.ts";
import type {EventRecord, Pending} from "../sim/event.ts";
import {below, draw} from "../sim/random.ts";
import type {WorldView} from "../sim/view.ts";
import {matches} from "./factRun.ts";
import {faultOf} from "./fault.ts";
import type {EventName, Match, MessageDeed, Run, Step, WorldStep} from "./format.ts";
import {resolveLine} from "./line.ts";
import {Loads} from "./load.ts";
import {nameOf, Rule} from "./rule.ts";
import {Story} from "./story.ts";
import type {Scene} from "./story.ts";
import {microsOf} from "./time.ts";
import type {Watch} from "./watch.ts";
import {watch} from "./when.ts";
import {resolveGroups, resolveWho} from "./who.ts";
import type {Resolving} from "./who.ts";
import {worldAction} from "./worldStep.ts";

/** The step that is waited for. */
interface Armed {
  readonly watch: Watch | undefined;
  /** Since when its `at` and `when` are both so. */
  readonly ready: Micros | undefined;
}

/** The id of the step at this place (from 0). */
export function stepId(step: Step, place: number): string {
  return step.id ?? `step${place + 1}`;
}

export class ScenarioDirector implements Director {
  private readonly run: Run;
  private readonly seed: string;
  private story = new Story();
  private place = 0;
  private armed: Armed;
  private loads: Loads;
  /** Standing rules in force. Never written: replaced. */
  private rules: readonly Rule[] = [];
  private until: Watch;
  private ended = false;
  private now: Micros = 0;

  /** `run` was validated. */
  constructor(run: Run, seed: string) {
    this.run = run;
    this.seed = seed;
    this.armed = armed(run.steps[0]);
    this.loads = Loads.of(run.load ?? [], seed);
    this.until = watch(run.until);
  }

  after(view: WorldView, event: EventRecord | undefined): readonly Cue[] {
    this.now = view.now;
    this.story.after(view, event);
    const scene: Scene = {view, event, story: this.story, ending: false};
    const ruled = this.rules.flatMap((rule) => rule.after(scene));
    this.rules = this.rules.filter(({isOver}) => !isOver);
    const cues = [...ruled, ...this.step(scene), ...this.loads.after(scene)];
    if (this.until.holds(scene)) this.ended = true;
    return cues;
  }

  deadline(): Micros | undefined {
    const times = [this.dueOfStep(), this.loads.deadline()].filter((time) => time !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  done(): boolean {
    return this.ended && this.place >= this.run.steps.length;
  }

  fork(): this {
    const twin = new ScenarioDirector(this.run, this.seed);
    twin.story = this.story.fork();
    twin.place = this.place;
    twin.armed = {...this.armed, watch: this.armed.watch?.fork()};
    twin.loads = this.loads.fork();
    twin.rules = this.rules.map((rule) => rule.fork());
    twin.until = this.until.fork();
    twin.ended = this.ended;
    twin.now = this.now;
    return twin as this;
  }

  private step(scene: Scene): readonly Cue[] {
    const step = this.run.steps[this.place];
    if (step === undefined) return [];
    const {view} = scene;
    const early = step.at !== undefined && view.now < microsOf(step.at);
    // `when` is asked even if it is early: it may have to count.
    const holds = this.armed.watch?.holds(scene) ?? true;
    if (this.armed.ready === undefined && holds && !early) this.armed = {...this.armed, ready: view.now};
    const due = this.dueOfStep();
    if (this.armed.ready === undefined || due === undefined || view.now < due) return [];
    return this.fire(step, scene);
  }

  /** When the armed step fires, or should at least be looked at. */
  private dueOfStep(): Micros | undefined {
    const step = this.run.steps[this.place];
    if (step === undefined) return undefined;
    const {ready} = this.armed;
    if (ready !== undefined) return ready + (step.after === undefined ? 0 : microsOf(step.after));
    const at = step.at === undefined ? undefined : microsOf(step.at);
    return at !== undefined && at > this.now ? at : undefined;
  }

  /** Does what the step says. Where a symbol names nobody at this moment, the step goes on waiting. */
  private fire(step: Step, {view, event, story}: Scene): readonly Cue[] {
    const id = stepId(step, this.place);
    const bound = new Map<string, string>();
    let draws = 0;
    const resolving: Resolving = {
      view,
      story,
      bound,
      draw: (bound) => below(draw(this.seed, `scenario/${id}`, ++draws), bound),
    };
    for (const [name, who] of Object.entries(step.let ?? {})) {
      const found = resolveWho(who, resolving);
      if (found === undefined) return [];
      bound.set(name, found);
    }
    const action = actionOf(step, resolving, event);
    if (action === undefined) return [];
    this.place++;
    this.armed = armed(this.run.steps[this.place]);
    const names = bound.size === 0 ? {} : {let: Object.fromEntries(bound)};
    if ("while" in step) this.rules = [...this.rules, new Rule(step)];
    const number = step.number === undefined ? {} : {id: step.number};
    return [{do: action, origin: "plan", step: id, ...number, ...names}];
  }
}

function armed(step: Step | undefined): Armed {
  return {watch: step?.when === undefined ? undefined : watch(step.when), ready: undefined};
}

/** The step's action with names resolved; undefined when a symbol names nobody, or no message matches. */
function actionOf(step: Step, resolving: Resolving, event: EventRecord | undefined): Action | undefined {
  const name = (who: string): string | undefined => resolveWho(who, resolving);
  const deed = worldAction(step, name);
  if (deed !== "none") return deed;
  return plainAction(step as Exclude<Step, WorldStep>, name, resolving, event);
}

function plainAction(
  step: Exclude<Step, WorldStep>,
  name: (who: string) => string | undefined,
  resolving: Resolving,
  event: EventRecord | undefined,
): Action | undefined {
  if ("wait" in step) return {kind: "mark"};
  if ("loss" in step) return {kind: "loss", perMillion: step.loss};
  if ("split" in step) {
    const groups = resolveGroups(step.split, resolving);
    return groups === undefined ? undefined : {kind: "split", groups};
  }
  if ("cut" in step) {
    const [from, to] = [name(step.cut[0]), name(step.cut[1])];
    if (from === undefined || to === undefined) return undefined;
    return {kind: "cut", from, to, ...(step.oneWay === undefined ? {} : {oneWay: step.oneWay})};
  }
  if ("heal" in step) {
    if (step.heal === "all") return {kind: "heal"};
    const [from, to] = [name(step.heal[0]), name(step.heal[1])];
    return from === undefined || to === undefined ? undefined : {kind: "heal", link: [from, to]};
  }
  if ("client" in step) {
    const [client, to] = [name(step.client), step.to === undefined ? undefined : name(step.to)];
    const op = resolveLine(step.op, name);
    if (client === undefined || op === undefined) return undefined;
    if (step.to !== undefined && to === undefined) return undefined;
    const as = step.as === undefined ? {} : {as: step.as};
    return {kind: "client", client, op, ...as, ...(to === undefined ? {} : {to})};
  }
  if ("fault" in step) {
    const member = name(step.on);
    return member === undefined ? undefined : {kind: "disk", member, fault: faultOf(step)};
  }
  if ("pin" in step) return {kind: "pin", stream: step.pin, n: step.draw, value: step.value};
  if ("message" in step)
    return "while" in step ? {kind: "mark"} : messageAction(step.message, step.do, resolving, event);
  if ("clock" in step) {
    const who = name(step.clock);
    return who === undefined ? undefined : {kind: "clock", who, rate: step.rate};
  }
  if ("jump" in step) {
    const who = name(step.jump);
    return who === undefined ? undefined : {kind: "jump", who, by: microsOf(step.forward)};
  }
  const [kind, symbol] = processDeed(step);
  const who = name(symbol);
  if (who === undefined) return undefined;
  const isClient = who.startsWith("c");
  if (kind === "pause" || kind === "resume")
    return isClient ? {kind: `${kind}Client`, client: who} : {kind, member: who};
  return isClient ? undefined : {kind, member: who};
}

type ProcessStep = Extract<Step, {crash: string} | {pause: string} | {resume: string} | {timeout: string}>;

function processDeed(step: ProcessStep): readonly ["crash" | "pause" | "resume" | "timeout", string] {
  if ("crash" in step) return ["crash", step.crash];
  if ("pause" in step) return ["pause", step.pause];
  if ("resume" in step) return ["resume", step.resume];
  if ("timeout" in step) return ["timeout", step.timeout];
  return unreachable(step);
}

/** Of the messages on their way that match, the nth to arrive; or the one with that name. */
function messageAction(
  which: Match | EventName,
  deed: MessageDeed,
  {view, story}: Resolving,
  event: EventRecord | undefined,
): Action | undefined {
  const scene: Scene = {view, event, story, ending: false};
  const isMeant = (pending: Pending): boolean =>
    typeof which === "string" ? nameOf(pending) === which : matches(which, pending.payload, scene);
  const nth = typeof which === "string" ? 1 : (which.nth ?? 1);
  const found = view.pending().filter(isMeant)[nth - 1];
  if (found === undefined) return undefined;
  const name = nameOf(found);
  if (typeof deed === "object") return {kind: "message", event: name, do: "delay", by: microsOf(deed.delay)};
  return {kind: "message", event: name, do: deed};
}
