// The line under the tape: step back and on, speed, where we are; and the verbs, always in sight at the right.

import {element, icon, setAttributes, setText} from "../draw/element.ts";
import type {GlyphName} from "../theme/glyphs.ts";
import type {PageWord} from "../words/page.ts";
import type {UiAction} from "./action.ts";
import {speeds} from "./state.ts";
import type {State} from "./state.ts";
import type {PageWords} from "./words.ts";

export interface Transport {
  readonly root: HTMLElement;
  update(state: State, words: PageWords): void;
  move(state: State, words: PageWords): void;
}

interface Step {
  readonly glyph: GlyphName;
  readonly label: PageWord;
  readonly does: UiAction;
}

/** By one event, then by one change worth seeing: back and on. */
const steps: readonly Step[] = [
  {glyph: "back", label: "play.stepBack", does: {kind: "go", target: {kind: "previous", unit: "event"}}},
  {glyph: "next", label: "play.stepForward", does: {kind: "go", target: {kind: "next", unit: "event"}}},
  {
    glyph: "backInteresting",
    label: "play.interestingBack",
    does: {kind: "go", target: {kind: "previous", unit: "interesting"}},
  },
  {
    glyph: "nextInteresting",
    label: "play.interestingForward",
    does: {kind: "go", target: {kind: "next", unit: "interesting"}},
  },
];

export function transport(dispatch: (action: UiAction) => void): Transport {
  const stepButton = (step: Step): HTMLButtonElement => {
    const made = element("button", {type: "button", class: "quiet"}, icon(step.glyph));
    made.addEventListener("click", () => dispatch(step.does));
    return made;
  };
  const buttons = steps.map(stepButton);
  const units = {event: element("span", {class: "unit"}), change: element("span", {class: "unit"})};
  const slower = element("button", {type: "button", class: "quiet"}, "−");
  const faster = element("button", {type: "button", class: "quiet"}, "+");
  slower.addEventListener("click", () => dispatch({kind: "speed", by: -1}));
  faster.addEventListener("click", () => dispatch({kind: "speed", by: 1}));
  const speed = element("span", {class: "speed"});
  const clockWords = element("span");
  const eventWords = element("span", {class: "only-desk"});
  const at = element("span", {class: "at"}, clockWords, eventWords);
  const verbs = verbButtons(dispatch);
  const actions = element("button", {type: "button", class: "only-phone primary"});
  actions.addEventListener("click", () =>
    dispatch({kind: "popup", popup: {kind: "menu", of: "verb:actions", x: 4000, y: 4000}}),
  );
  const root = element(
    "div",
    {class: "transport"},
    ...buttons.slice(0, 1),
    units.event,
    ...buttons.slice(1, 3),
    units.change,
    ...buttons.slice(3),
    element("span", {class: "speed-box"}, slower, speed, faster),
    at,
    verbs.root,
    actions,
  );
  return {
    root,
    update(state, words): void {
      stepsPart(buttons, state, words);
      setText(units.event, words.t("play.unit.event"));
      setText(units.change, words.t("play.unit.change"));
      setAttributes(slower, {
        "aria-label": words.t("play.slower"),
        title: words.t("play.slower"),
        disabled: state.speed === 0,
      });
      setAttributes(faster, {
        "aria-label": words.t("play.faster"),
        title: words.t("play.faster"),
        disabled: state.speed === speeds.length - 1,
      });
      const ratio = speeds[state.speed] ?? 1;
      setText(speed, words.t(ratio === 1 ? "play.realTime" : "play.speedOf", {times: ratio}));
      setText(actions, words.t("verb.actions"));
      verbs.update(state, words);
      this.move(state, words);
    },
    move(state, words): void {
      if (state.frame === undefined) return;
      // The event list has the microseconds.
      setText(clockWords, `${(Math.floor(state.time / 1000) / 1000).toFixed(3)} s`);
      const {cursor, events} = state.frame;
      const number = words.t("play.event", {step: cursor.step});
      // What the event itself was, for who goes event by event; while it plays nobody could read it.
      const row = state.playing ? undefined : events.rows.find(({step}) => step === cursor.step);
      setText(eventWords, ` · ${number}${row === undefined ? "" : ` · ${words.say(row.line)}`}`);
      setAttributes(at, {title: row === undefined ? "" : words.say(row.line)});
    },
  };
}

/** After the last event there is no step on, and the button says so. */
function stepsPart(buttons: readonly HTMLButtonElement[], {frame}: State, {t}: PageWords): void {
  steps.forEach(({label, does}, i) => {
    const on = does.kind === "go" && does.target.kind === "next";
    const over = on && frame?.ended === true;
    const button = buttons[i];
    if (button === undefined) return;
    setAttributes(button, {
      "aria-label": t(label),
      title: t(over ? "play.ended" : label),
      disabled: frame === undefined || over,
    });
  });
}

function verbButtons(dispatch: (action: UiAction) => void): {
  readonly root: HTMLElement;
  update(state: State, words: PageWords): void;
} {
  const menuFrom = (of: string) => (event: MouseEvent) => {
    const box =
      event.currentTarget instanceof Element ? event.currentTarget.getBoundingClientRect() : {x: 0, y: 0};
    dispatch({kind: "popup", popup: {kind: "menu", of, x: box.x, y: box.y - 400 < 8 ? 8 : box.y - 400}});
  };
  const cut = element("button", {type: "button"});
  const crash = element("button", {type: "button"});
  const put = element("button", {type: "button"});
  const heal = element("button", {type: "button", class: "primary"});
  cut.addEventListener("click", menuFrom("verb:cut"));
  crash.addEventListener("click", menuFrom("verb:crash"));
  put.addEventListener("click", () => dispatch({kind: "popup", popup: {kind: "put", client: ""}}));
  heal.addEventListener("click", () => dispatch({kind: "act", action: {kind: "heal"}}));
  const type = element("button", {type: "button"});
  type.addEventListener("click", () => dispatch({kind: "console", open: true}));
  const help = element("button", {type: "button"}, icon("question"));
  help.addEventListener("click", () => dispatch({kind: "popup", popup: {kind: "help"}}));
  return {
    root: element("div", {class: "verbs"}, heal, cut, crash, put, type, help),
    update(state, words): void {
      const ring = state.frame?.ring;
      heal.hidden = ring === undefined || (ring.groups.length === 0 && ring.cuts.length === 0);
      setText(heal, words.t("verb.heal"));
      setText(cut, words.t("verb.cut"));
      setText(crash, words.t("verb.crash"));
      setText(put, words.t("verb.put"));
      setText(type, words.t("view.console"));
      setAttributes(help, {"aria-label": words.t("bar.help")});
      for (const button of [cut, crash, put, type]) setAttributes(button, {disabled: ring === undefined});
    },
  };
}
