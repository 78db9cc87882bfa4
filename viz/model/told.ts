// What the scenario says at a step: the beat in force with its words, a question with what may be told of its answers.

import type {Outcome, Told as Beat, ToldAsk, ToldSentence} from "../../scenarios/tell.ts";
import {microsOf} from "../../scenarios/time.ts";
import type {AnswerView, BeatView, Worded} from "../frame.ts";
import type {Told} from "./moment.ts";

/** What was told and asked on a branch, and what a person answered. */
export interface Telling {
  /** In order of steps. */
  readonly told: readonly Beat[];
  readonly outcomes: readonly Outcome[];
  /** By the beat's id: which answer was given. */
  readonly answers: ReadonlyMap<string, number>;
  /** Up to this step the run is the scenario's own; beyond, a person has acted, and what it expects need not hold. */
  readonly ownTo: number;
}

/** Undefined when the scenario has nothing to say here. */
export function toldAt(step: number, {told, outcomes, answers, ownTo}: Telling): Told | undefined {
  const beat = told.findLast((one) => one.step <= step);
  // Once a person has acted, what was told before is not what happens now.
  if (beat === undefined || (step > ownTo && beat.step <= ownTo)) return undefined;
  const show = {
    ...(beat.show.pause === undefined ? {} : {pause: beat.show.pause}),
    ...(beat.show.speed === undefined ? {} : {speed: microsOf(beat.show.speed)}),
    ...(beat.show.notes === undefined ? {} : {notes: {text: beat.show.notes}}),
  };
  const base = {focus: beat.show.focus, answer: answerAt(step, told, outcomes, answers)};
  if (beat.kind === "ask") {
    const view: BeatView = {
      id: beat.id,
      step: beat.step,
      kind: "ask",
      show,
      ...askView(beat.id, beat, step, outcomes, answers),
    };
    return {
      ...base,
      now: {text: beat.text},
      look: undefined,
      beat: view,
      veil: answers.has(beat.id) ? [] : beat.veil,
    };
  }
  const own = beat.step <= ownTo;
  const [now, ...more] = beat.sentences;
  // The second line was written for the first: without it, neither is said.
  if (now === undefined || !mayBeSaid(now, own)) return undefined;
  const rest = more.filter((sentence) => mayBeSaid(sentence, own));
  return {
    ...base,
    now: {text: now.text},
    look: rest.length === 0 ? undefined : joined(rest),
    beat: {id: beat.id, step: beat.step, kind: "say", show},
    veil: [],
  };
}

/** A sentence whose fact did not hold is not said; one that an expectation backs is, while the run is the scenario's own. */
function mayBeSaid({holds, expect}: ToldSentence, own: boolean): boolean {
  return holds && (own || expect === undefined);
}

/** Several sentences on one line. */
function joined(sentences: readonly ToldSentence[]): Worded {
  const {en, zh} = {en: sentences.map(({text}) => text.en), zh: sentences.map(({text}) => text.zh)};
  return {text: {en: en.join(" "), zh: zh.join("")}};
}

/** Which answers are right, and why, is told once one was given and the run has come to where it shows. */
function askView(
  id: string,
  {answers: offered}: ToldAsk,
  step: number,
  outcomes: readonly Outcome[],
  answers: ReadonlyMap<string, number>,
): Pick<BeatView, "answers" | "answered"> {
  const answered = answers.get(id);
  const outcome =
    answered === undefined ? undefined : outcomes.find(({beat, step: known}) => beat === id && known <= step);
  return {
    answers: offered.map(({text, because}, i) => ({
      text: {text},
      ...(outcome === undefined ? {} : {because: {text: because}, right: outcome.right[i] === true}),
    })),
    ...(answered === undefined ? {} : {answered}),
  };
}

/** The answer to a question that was answered before, from where it shows until the second beat after that begins. */
function answerAt(
  step: number,
  told: readonly Beat[],
  outcomes: readonly Outcome[],
  answers: ReadonlyMap<string, number>,
): AnswerView | undefined {
  const outcome = outcomes.findLast((one) => one.step <= step && answers.has(one.beat));
  const given = outcome === undefined ? undefined : answers.get(outcome.beat);
  const ask = told.find(({id}) => id === outcome?.beat);
  if (outcome === undefined || given === undefined || ask?.kind !== "ask") return undefined;
  const since = told.filter((beat) => beat.step > outcome.step && beat.step <= step).length;
  const answer = ask.answers[given];
  if (since > 1 || answer === undefined) return undefined;
  const right = ask.answers.find((_, i) => outcome.right[i] === true);
  return {
    beat: outcome.beat,
    given: {text: answer.text},
    right: outcome.right[given] === true,
    because: {text: answer.because},
    ...(right === undefined ? {} : {solution: {text: right.text}}),
  };
}
