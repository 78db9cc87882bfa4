// The console on the page: etcdctl's lines, given to a client at the cursor. What stands there is the frame's, so that it
// goes back and forth with the cursor; only the line that is typed is its own.

import {element, icon, setAttributes, setText} from "../draw/element.ts";
import type {ConsoleLine} from "../frame.ts";
import {interruptLine} from "../../sim/console/line.ts";
import type {UiAction} from "./action.ts";
import {showsConsole} from "./state.ts";
import type {State} from "./state.ts";
import {completion, Typing} from "./typing.ts";
import type {PageWords} from "./words.ts";

export interface ConsolePart {
  readonly root: HTMLElement;
  update(state: State, words: PageWords): void;
}

type Shown = Pick<ConsoleLine, "kind" | "text">;

const prompt = "etcdctl>";

export function consolePart(dispatch: (action: UiAction) => void): ConsolePart {
  const made = makeElements();
  const {root, input, lines, hint} = made;
  const typing = new Typing();
  let words: PageWords | undefined;
  let state: State | undefined;
  let asked = 0;
  let hinted = "";
  let cameFrom: Element | null = null;

  const draw = (): void => {
    if (state === undefined || words === undefined) return;
    const {frame} = state;
    const said: readonly Shown[] = [...(frame?.console?.lines ?? []), ...typing.begun];
    made.empty.hidden = said.length > 0;
    const changed = drawLines(lines, said);
    // What takes its room must not hide the newest line.
    if (changed || hint.textContent !== hinted) made.scroll.scrollTop = made.scroll.scrollHeight;
    hinted = hint.textContent;
    setText(made.prompt, typing.isTxn ? "" : prompt);
    const open = frame?.console?.open ?? [];
    const last = open.at(-1);
    made.end.hidden = last === undefined;
    if (last !== undefined)
      setText(
        made.endWords,
        words.t(open.length === 1 ? "console.end" : "console.endOf", {line: last.line, count: open.length}),
      );
  };
  const send = (line: string): void => dispatch({kind: "type", line});
  const leave = (): void => {
    const back = cameFrom instanceof HTMLElement || cameFrom instanceof SVGElement ? cameFrom : undefined;
    input.blur();
    if (back?.isConnected === true && back !== document.body) back.focus();
  };
  made.form.addEventListener("submit", (event) => {
    event.preventDefault();
    const line = typing.enter(input.value);
    input.value = "";
    setText(hint, "");
    if (line !== undefined) send(line);
    draw();
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (takeKey(event, {input, hint, typing, send, leave})) {
      event.preventDefault();
      event.stopPropagation();
      draw();
    }
  });
  made.end.addEventListener("click", () => send(interruptLine));
  made.close.addEventListener("click", () => dispatch({kind: "console", open: false}));
  made.scroll.addEventListener("click", () => {
    if (document.getSelection()?.isCollapsed !== false) input.focus();
  });

  return {
    root,
    update(now, spoken): void {
      [state, words] = [now, spoken];
      root.hidden = !showsConsole(now);
      wordsOf(made, spoken);
      setAttributes(input, {disabled: now.frame === undefined});
      if (root.hidden) return;
      draw();
      if (now.consoleAsked === asked) return;
      asked = now.consoleAsked;
      cameFrom = root.contains(document.activeElement) ? cameFrom : document.activeElement;
      input.focus();
    },
  };
}

interface Elements {
  readonly root: HTMLElement;
  readonly title: HTMLElement;
  readonly legend: HTMLElement;
  readonly end: HTMLButtonElement;
  readonly endWords: HTMLElement;
  readonly close: HTMLButtonElement;
  readonly scroll: HTMLElement;
  readonly empty: HTMLElement;
  readonly lines: HTMLElement;
  readonly form: HTMLFormElement;
  readonly prompt: HTMLElement;
  readonly input: HTMLInputElement;
  readonly hint: HTMLElement;
}

function makeElements(): Elements {
  const title = element("h2", {id: "console-title"});
  const legend = element("span", {class: "legend"});
  const endWords = element("span", {class: "mono"});
  const end = element("button", {type: "button", class: "end"}, endWords);
  const close = element("button", {type: "button", class: "quiet only-desk"}, icon("close"));
  const extra = element("span", {class: "extra"}, end);
  const head = element("header", {class: "panel-head"}, title, legend, extra, close);
  const empty = element("p", {class: "empty"});
  const lines = element("div", {class: "lines mono", role: "log", "aria-live": "polite"});
  const scroll = element(
    "div",
    {class: "scroll", tabindex: 0, role: "group", "aria-labelledby": "console-title"},
    empty,
    lines,
  );
  const prompt = element("label", {class: "mono", for: "console-line"});
  const input = element("input", {
    id: "console-line",
    class: "mono",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    enterkeyhint: "send",
    "aria-describedby": "console-hint",
  });
  const form = element("form", {}, prompt, input);
  const hint = element("p", {id: "console-hint", class: "hint mono", role: "status"});
  const root = element(
    "section",
    {class: "panel panel-console", "aria-labelledby": "console-title"},
    head,
    scroll,
    hint,
    form,
  );
  return {root, title, legend, end, endWords, close, scroll, empty, lines, form, prompt, input, hint};
}

function wordsOf({title, legend, close, empty, input, lines}: Elements, {t}: PageWords): void {
  setText(title, t("view.console"));
  setText(legend, t("console.legend"));
  setAttributes(legend, {title: t("console.legend")});
  setAttributes(close, {"aria-label": t("console.close"), title: t("console.close")});
  setText(empty, t("console.empty"));
  setAttributes(input, {"aria-label": t("console.line")});
  setAttributes(lines, {"aria-label": t("view.console")});
}

/** Lines that stay are left alone, so that only what is new is spoken. Whether anything changed. */
function drawLines(root: HTMLElement, said: readonly Shown[]): boolean {
  let changed = root.childElementCount !== said.length;
  while (root.childElementCount > said.length) root.lastElementChild?.remove();
  said.forEach(({kind, text}, i) => {
    const shown = kind === "typed" ? `${prompt} ${text}` : text;
    const known = root.children[i];
    if (known?.className === kind && known.textContent === shown) return;
    changed = true;
    const line = element("div", {class: kind, "data-table": kind === "out" && text.startsWith("+-")}, shown);
    if (known === undefined) root.append(line);
    else known.replaceWith(line);
  });
  return changed;
}

interface KeyTaker {
  readonly input: HTMLInputElement;
  readonly hint: HTMLElement;
  readonly typing: Typing;
  readonly send: (line: string) => void;
  readonly leave: () => void;
}

/** Whether a key is the console's own. Tab that has nothing to add goes on to what comes next. */
function takeKey(event: KeyboardEvent, {input, hint, typing, send, leave}: KeyTaker): boolean {
  switch (event.key) {
    case "Escape":
      leave();
      return true;
    case "ArrowUp":
    case "ArrowDown":
      input.value = typing.recall(event.key === "ArrowUp" ? -1 : 1, input.value);
      return true;
    case "Tab": {
      if (event.shiftKey || typing.isTxn) return false;
      const {line, hint: form} = completion(input.value);
      const adds = line !== input.value || (form !== "" && form !== hint.textContent);
      input.value = line;
      setText(hint, form);
      return adds;
    }
    case "c": {
      const selects =
        input.selectionStart !== input.selectionEnd || document.getSelection()?.isCollapsed === false;
      if (!event.ctrlKey || selects) return false;
      input.value = "";
      if (!typing.abandon()) send(interruptLine);
      return true;
    }
    default:
      return false;
  }
}
