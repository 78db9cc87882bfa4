// The bar at the top: which run this is, whether its checks hold, and how the page looks.

import {element, icon, setAttributes, setIcon, setText} from "../draw/element.ts";
import {say} from "../words/engine.ts";
import {again, firstBroken, isOfBug, titleOf} from "./about.ts";
import type {UiAction} from "./action.ts";
import type {State} from "./state.ts";
import type {PageWords} from "./words.ts";

export interface Bar {
  readonly root: HTMLElement;
  update(state: State, words: PageWords): void;
}

export function bar(dispatch: (action: UiAction) => void): Bar {
  const button = (does: UiAction, name: string, ...children: readonly Node[]): HTMLButtonElement => {
    const made = element("button", {type: "button", class: name}, ...children);
    made.addEventListener("click", () => dispatch(does));
    return made;
  };
  const title = element("span");
  const chooser = button({kind: "popup", popup: {kind: "chooser"}}, "chooser", title, icon("down"));
  const seed = seedPart(dispatch);
  const branchWords = element("span");
  const branch = button({kind: "inspect", tab: "branches"}, "only-desk branch", icon("branch"), branchWords);
  const mark = icon("check");
  const verdictWords = element("span", {class: "words"});
  const verdict = button({kind: "inspect", tab: "checks"}, "verdict", mark, verdictWords);
  // Spoken at once: it is why one runs the checks.
  const alert = element("span", {class: "unseen-text", role: "alert"});
  const settings = settingsPart(button);
  const more = button(
    {kind: "popup", popup: {kind: "menu", of: "verb:more", x: 4000, y: 48}},
    "only-phone",
    icon("menu"),
  );
  const named = element("h1", {}, "etcdscope");
  const what = element("span", {class: "what only-desk"});
  const root = element(
    "header",
    {class: "bar"},
    named,
    what,
    chooser,
    seed.root,
    branch,
    verdict,
    alert,
    ...settings.roots,
    more,
  );
  return {
    root,
    update(state, words): void {
      const {frame} = state;
      const t = words.t;
      setText(title, frame === undefined ? t("bar.scenario") : titleOf(frame, words));
      // Where there is no room for all of it, it is cut.
      const whole = `${t("bar.scenario")}: ${title.textContent}`;
      setAttributes(chooser, {"aria-label": whole, title: whole});
      seed.update(state, words);
      const count = frame?.head.branches.length ?? 1;
      branch.hidden = count < 2;
      setText(what, t("app.what"));
      // Who has acted, or opened a bug, knows; who needs large letters needs the room.
      const knows = count > 1 || (frame !== undefined && isOfBug(frame));
      what.hidden = knows || state.page.width < (state.theme === "projector" ? 1600 : 1160);
      const here = frame?.head.branches.findIndex((one) => one.id === frame.cursor.branch) ?? 0;
      setText(branchWords, `${t("bar.branch")} ${here + 1}/${count}`);
      verdictPart(state, words, verdict, verdictWords, mark);
      setText(alert, violationLine(state, words));
      settings.update(state, words);
      setAttributes(more, {"aria-label": t("bar.more")});
    },
  };
}

/** Another seed opens the same again, in the same variant. */
function seedPart(dispatch: (action: UiAction) => void): Bar {
  const label = element("span");
  const input = element("input", {name: "seed", autocomplete: "off", spellcheck: "false"});
  const root = element("label", {class: "only-desk"}, label, input);
  let source: State["source"];
  let variant: string | undefined;
  input.addEventListener("change", () => {
    if (source !== undefined) dispatch({kind: "open", source: again(source, input.value, variant)});
  });
  return {
    root,
    update(state, {t}): void {
      const head = state.frame?.head;
      source = state.source;
      variant = head?.about.variant;
      setText(label, t("bar.seed"));
      setAttributes(root, {title: t("bar.seedSays")});
      if (document.activeElement !== input) input.value = head?.seed ?? "";
    },
  };
}

type MakeButton = (does: UiAction, name: string, ...children: readonly Node[]) => HTMLButtonElement;

interface Settings {
  readonly roots: readonly HTMLElement[];
  update(state: State, words: PageWords): void;
}

/** What concerns looking, not the run. */
function settingsPart(button: MakeButton): Settings {
  const inspect = button({kind: "inspect", tab: "why"}, "only-desk");
  const share = button({kind: "share"}, "only-desk");
  const language = button({kind: "language"}, "only-desk");
  const theme = button({kind: "theme"}, "only-desk");
  return {
    roots: [inspect, share, language, theme],
    update(state, {t}): void {
      setText(inspect, t("bar.inspect"));
      setText(share, t("bar.share"));
      setText(language, t("bar.language"));
      const lang = state.language === "en" ? "zh-CN" : "en";
      setAttributes(language, {"aria-label": t("bar.languageLabel"), lang});
      const name = t(`bar.theme.${state.theme}`);
      setText(theme, t("bar.themeOf", {theme: name}));
    },
  };
}

function verdictPart(
  state: State,
  words: PageWords,
  verdict: HTMLElement,
  text: HTMLElement,
  mark: SVGSVGElement,
): void {
  const held = state.frame?.head.verdict ?? "unknown";
  verdict.hidden = state.frame === undefined;
  verdict.classList.toggle("violated", held === "violated");
  setIcon(mark, held === "holds" ? "check" : held === "violated" ? "cross" : "question");
  const line = verdictLine(state, words);
  setText(text, line);
  setAttributes(verdict, {"aria-label": line});
}

/** How the checks stand; only those count that were put to the test. */
export function verdictLine({frame}: Pick<State, "frame">, words: PageWords): string {
  const held = frame?.head.verdict ?? "unknown";
  if (held === "unknown")
    return words.say(
      say(frame?.caption.veil?.includes("verdict") === true ? "checks.veiled" : "checks.open"),
    );
  const violated = frame === undefined ? undefined : firstBroken(frame);
  const tested = frame?.checks.filter(({exercised}) => exercised > 0) ?? [];
  return words.t(`verdict.${held}`, {name: violated?.name ?? "", count: tested.length});
}

/** What was violated, and how; "" while everything holds. */
function violationLine(state: State, words: PageWords): string {
  const violated = state.frame === undefined ? undefined : firstBroken(state.frame);
  if (violated?.violation === undefined) return "";
  return `${words.t("check.violated", {name: violated.name})}. ${words.say(violated.violation.said)}`;
}
