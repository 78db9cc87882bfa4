// The sentence that says what happens now and the one that says what to look at; never empty. When it asks, the
// answers stand below it, and the run goes on once one was given. What changes is also spoken, at most every two
// seconds while playing.

import {select} from "d3-selection";
import {element, icon, setAttributes, setIcon, setText} from "../draw/element.ts";
import type {Frame} from "../frame.ts";
import {say} from "../words/engine.ts";
import {offersAt} from "./about.ts";
import type {Offer} from "./about.ts";
import type {UiAction} from "./action.ts";
import {noticeLine} from "./notice.ts";
import {openQuestion} from "./reduce.ts";
import type {State} from "./state.ts";
import type {PageWords} from "./words.ts";

export interface Caption {
  readonly root: HTMLElement;
  update(state: State, words: PageWords): void;
  /** Speaks what is new; `wall` in milliseconds. */
  speak(wall: number): void;
}

/** Wall time between two spoken sentences while playing, ms. */
const speakEvery = 2000;

export function caption(dispatch: (action: UiAction) => void): Caption {
  const playIcon = icon("play");
  const playWords = element("span", {class: "words"});
  const play = element("button", {type: "button", class: "primary play"}, playIcon, playWords);
  play.addEventListener("click", () => dispatch({kind: "togglePlay"}));
  const now = element("p", {class: "now"});
  const lookLine = element("p", {class: "look"});
  const answers = element("div", {class: "answers"});
  const notice = noticeLine(dispatch);
  const spoken = element("div", {class: "unseen-text", role: "log", "aria-live": "polite"});
  const nextWords = element("span", {class: "words"});
  const next = element("button", {type: "button", class: "go"}, nextWords, icon("next"));
  next.addEventListener("click", () => dispatch({kind: "go", target: {kind: "next", unit: "interesting"}}));
  const root = element(
    "section",
    {class: "caption"},
    play,
    element("div", {class: "sentences"}, now, lookLine, notice.root, answers, spoken),
    next,
  );
  let toSay = "";
  let said = "";
  let saidAt = -speakEvery;
  let playing = false;
  return {
    root,
    speak(wall): void {
      if (toSay === said || (playing && wall - saidAt < speakEvery)) return;
      said = toSay;
      saidAt = wall;
      spoken.append(element("p", {}, said));
      while (spoken.childElementCount > 3) spoken.firstElementChild?.remove();
    },
    update(state, words): void {
      const {frame} = state;
      playing = state.playing;
      setIcon(playIcon, state.playing ? "pause" : "play");
      const ended = frame?.ended === true;
      const playWord = state.playing ? "play.pause" : ended ? "play.again" : "play.play";
      setText(playWords, words.t(playWord));
      setAttributes(play, {
        "aria-label": words.t(playWord),
        disabled: frame === undefined,
      });
      setText(nextWords, words.t("play.next"));
      setAttributes(next, {
        "aria-label": words.t(ended ? "play.ended" : "play.nextLabel"),
        title: words.t(ended ? "play.ended" : "play.nextLabel"),
        disabled: frame === undefined || ended,
      });
      setAttributes(root, {"aria-label": words.t("play.play")});
      notice.update(state, words);
      if (frame === undefined) {
        setText(now, words.t("app.loading"));
        setText(lookLine, words.t("app.tagline"));
        return;
      }
      const told = tell(state, words);
      setText(now, told.now);
      setText(lookLine, told.look);
      const asks = openQuestion(frame) !== undefined;
      lookLine.hidden = asks || !notice.root.hidden;
      drawChoices(answers, asks ? answersIn(frame, words) : offersAt(state, words), dispatch);
      toSay = `${told.now} ${told.look}`;
    },
  };
}

/** The two lines; once a question is resolved, the second says whether the answer was right, and why. */
export function tell(state: State, words: PageWords): {readonly now: string; readonly look: string} {
  const given = state.frame?.caption;
  if (given === undefined) return {now: "", look: ""};
  const {answer} = given;
  const now = words.tell(given.now);
  const {beat} = given;
  const chosen = beat?.answered === undefined ? undefined : beat.answers?.[beat.answered];
  // The question stands until the run shows the answer; until then, what was chosen.
  if (chosen !== undefined && answer?.beat !== beat?.id)
    return {now, look: words.say(say("ask.chosen", {given: words.tell(chosen.text)}))};
  if (answer === undefined) return {now, look: words.tell(given.look)};
  const verdict = words.t(answer.right ? "ask.right" : "ask.wrong", {given: words.tell(answer.given)});
  return {now, look: `${verdict} ${words.tell(answer.because)}`};
}

function answersIn({caption: {beat}}: Frame, words: PageWords): readonly Offer[] {
  const given = beat?.answers ?? [];
  return given.map(({text}, answer) => ({label: words.tell(text), does: {kind: "answer", answer}}));
}

/** The answers to a question, or what the page offers to look at next. */
function drawChoices(
  root: HTMLElement,
  choices: readonly Offer[],
  dispatch: (action: UiAction) => void,
): void {
  root.hidden = choices.length === 0;
  select(root)
    .selectAll<HTMLButtonElement, Offer>("button")
    .data(choices)
    .join((enter) => enter.append("button").attr("type", "button"))
    .text(({label}) => label)
    .on("click", (_, {does}) => dispatch(does));
}
