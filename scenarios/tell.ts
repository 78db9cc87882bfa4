// Which beat is told at a moment, and in what words. A teller is told every event, like a check, and decides nothing.
// Beats take over from each other in their order; one whose moment never comes is passed over, so that a run which goes
// otherwise is told as far as it goes.

import type {WorldView} from "../sim/view.ts";
import type {EventRecord} from "../sim/event.ts";
import {fill} from "./fill.ts";
import type {Ask, Beat, Run, Scenario, Sentence, Show, Text, When} from "./format.ts";
import {Story} from "./story.ts";
import type {Scene} from "./story.ts";
import type {Watch} from "./watch.ts";
import {watch} from "./when.ts";
import {nameOfWho} from "./who.ts";

/** A beat as it is told, its words filled with what was true when it began. */
export type Told = ToldHead & (ToldSay | ToldAsk);

export interface ToldHead {
  readonly id: string;
  /** The step after which it began; 0 is the beginning. */
  readonly step: number;
  readonly show: Omit<Show, "focus"> & {readonly focus: readonly string[]};
}

export interface ToldSay {
  readonly kind: "say";
  readonly sentences: readonly ToldSentence[];
}

export interface ToldSentence {
  readonly text: Text;
  /** The expectation that backs it. */
  readonly expect?: string;
  /** Whether the fact that backs it held: if not, this run went otherwise. True where none does. */
  readonly holds: boolean;
}

export interface ToldAsk {
  readonly kind: "ask";
  readonly text: Text;
  readonly veil: Ask["veil"];
  readonly answers: readonly {readonly text: Text; readonly because: Text}[];
}

/** Which answers to a beat's question turned out right, and after which step that was known. */
export interface Outcome {
  readonly beat: string;
  readonly step: number;
  readonly right: readonly boolean[];
}

interface Waiting {
  readonly beat: Beat;
  readonly at: Watch;
}

interface Open {
  readonly beat: string;
  readonly ask: Ask;
  readonly until: Watch;
}

/** Tells a scenario. Its results grow; what was told stays. */
export class Teller {
  private readonly run: Run;
  private story = new Story();
  private waiting: readonly Waiting[];
  private readonly last: readonly Beat[];
  private open: readonly Open[] = [];
  private opening: Watch | undefined;
  private opened: number | undefined;
  private toldBeats: readonly Told[] = [];
  private known: readonly Outcome[] = [];

  constructor({run, tell = [], open}: Pick<Scenario, "run" | "tell" | "open">) {
    this.run = run;
    this.last = tell.filter(({at}) => at === "end");
    this.waiting = tell.filter(({at}) => at !== "end").map((beat) => ({beat, at: watchMoment(beat.at)}));
    this.opening = open === undefined ? undefined : watch(open);
  }

  /** Before the first event (`event` undefined), and after every event. */
  after(view: WorldView, event: EventRecord | undefined): void {
    this.story.after(view, event);
    const scene: Scene = {view, event, story: this.story, ending: false};
    if (this.opened === undefined && this.opening?.holds(scene) === true) this.opened = view.step;
    this.settle(scene);
    const begun = this.waiting.map(({at}) => at.holds(scene)).lastIndexOf(true);
    if (begun < 0) return;
    const beat = this.waiting[begun]?.beat;
    this.waiting = this.waiting.slice(begun + 1);
    if (beat !== undefined) this.begin(beat, scene);
  }

  /** The run is over. */
  end(view: WorldView): void {
    const scene: Scene = {view, event: view.last, story: this.story, ending: true};
    this.settle(scene);
    for (const beat of this.last) this.begin(beat, scene);
  }

  /** All beats so far, in order. */
  get told(): readonly Told[] {
    return this.toldBeats;
  }

  /** The answers that are known so far. */
  get outcomes(): readonly Outcome[] {
    return this.known;
  }

  /** The step after which the page should begin to play, once it was reached. */
  get openStep(): number | undefined {
    return this.opened;
  }

  /** The beat that is told after `step`. */
  at(step: number): Told | undefined {
    return this.toldBeats.findLast((told) => told.step <= step);
  }

  fork(): Teller {
    const twin = new Teller({run: this.run});
    return Object.assign(twin, {
      story: this.story.fork(),
      waiting: this.waiting.map(({beat, at}) => ({beat, at: at.fork()})),
      last: this.last,
      open: this.open.map((open) => ({...open, until: open.until.fork()})),
      opening: this.opening?.fork(),
      opened: this.opened,
      toldBeats: this.toldBeats,
      known: this.known,
    });
  }

  private begin(beat: Beat, scene: Scene): void {
    this.toldBeats = [...this.toldBeats, told(beat, scene, this.run)];
    if ("ask" in beat)
      this.open = [...this.open, {beat: beat.id, ask: beat.ask, until: watch(beat.ask.until)}];
  }

  /** Questions whose moment has come are answered. */
  private settle(scene: Scene): void {
    for (const open of this.open) {
      if (!open.until.holds(scene)) continue;
      const right = open.ask.answers.map((answer) => holdsNow(answer.right, scene));
      this.known = [...this.known, {beat: open.beat, step: scene.view.step, right}];
      this.open = this.open.filter((one) => one !== open);
    }
  }
}

function watchMoment(at: Beat["at"]): Watch {
  const self: Watch = {holds: () => true, fork: () => self};
  return typeof at === "string" ? self : watch(at);
}

function told(beat: Beat, scene: Scene, run: Run): Told {
  const {focus = [], ...show} = beat.show ?? {};
  const head: ToldHead = {
    id: beat.id,
    step: scene.view.step,
    show: {
      ...show,
      focus: focus.map((ref) =>
        ref.startsWith("@") ? (nameOfWho(ref, scene.view, scene.story) ?? ref) : ref,
      ),
    },
  };
  if ("say" in beat) {
    return {...head, kind: "say", sentences: beat.say.map((sentence) => toldSentence(sentence, scene, run))};
  }
  const {text, veil, answers} = beat.ask;
  return {
    ...head,
    kind: "ask",
    text: fill(text, scene),
    veil,
    answers: answers.map((answer) => ({
      text: fill(answer.text, scene),
      because: fill(answer.because, scene),
    })),
  };
}

function toldSentence(sentence: Sentence, scene: Scene, run: Run): ToldSentence {
  const text = fill(sentence, scene);
  if (!("claim" in sentence)) return {text, holds: true};
  if (typeof sentence.claim !== "string") return {text, holds: holdsNow(sentence.claim, scene)};
  const known = run.expect.some(({id}) => id === sentence.claim);
  return {text, holds: known, expect: sentence.claim};
}

function holdsNow(when: When, scene: Scene): boolean {
  return watch(when).holds(scene);
}
