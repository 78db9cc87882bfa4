// One line in the caption: what went wrong, what is running, what just happened; with the button that fits.

import {element, setText} from "../draw/element.ts";
import type {UiAction} from "./action.ts";
import type {State} from "./state.ts";
import type {PageWords} from "./words.ts";

export interface NoticeLine {
  readonly root: HTMLElement;
  update(state: State, words: PageWords): void;
}

interface Line {
  readonly text: string;
  readonly button: string;
  readonly does: UiAction;
}

export function noticeLine(dispatch: (action: UiAction) => void): NoticeLine {
  const text = element("span");
  const button = element("button", {type: "button"});
  const root = element("div", {class: "notice", role: "status", hidden: true}, text, button);
  let does: UiAction = {kind: "notice", notice: undefined};
  button.addEventListener("click", () => dispatch(does));
  return {
    root,
    update(state, words): void {
      const line = lineOf(state, words);
      root.hidden = line === undefined;
      setText(text, line?.text ?? "");
      setText(button, line?.button ?? "");
      if (line !== undefined) does = line.does;
    },
  };
}

function lineOf(state: State, words: PageWords): Line | undefined {
  const {notice, progress} = state;
  const {t} = words;
  if (progress !== undefined) {
    return {
      text: t("progress.running", {what: words.say(progress.said), done: progress.done}),
      button: t("progress.cancel"),
      does: {kind: "cancel"},
    };
  }
  if (notice !== undefined) {
    const text = "page" in notice ? t(notice.page, notice.args) : words.say(notice.said);
    return {text, button: t("dialog.close"), does: {kind: "notice", notice: undefined}};
  }
  return undefined;
}
