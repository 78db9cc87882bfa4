// What opens above the page: menus, the put form, the split form, the scenario chooser, help. One at a time; Escape or
// a click beside it closes it, and the focus goes back to where it was.

import {element, icon} from "../draw/element.ts";
import {menu} from "../draw/menu.ts";
import type {ScenarioRow} from "../protocol.ts";
import type {PageWord} from "../words/page.ts";
import {aboutPart} from "./about.ts";
import type {UiAction} from "./action.ts";
import {keyName, keyTable} from "./keys.ts";
import {menuOf} from "./menus.ts";
import type {Popup, State} from "./state.ts";
import type {PageWords} from "./words.ts";

type Dispatch = (action: UiAction) => void;

export interface Popups {
  readonly root: HTMLElement;
  update(state: State, words: PageWords): void;
}

export function popups(dispatch: Dispatch, pickFile: () => void): Popups {
  const root = element("div", {class: "popup", hidden: true});
  let shown: Popup | undefined;
  let language = "";
  let cameFrom: Element | null = null;
  const close = (): void => dispatch({kind: "popup", popup: undefined});
  root.addEventListener("pointerdown", (event) => {
    if (event.target === root) close();
  });
  return {
    root,
    update(state, words): void {
      const {popup} = state;
      if (popup === shown && words.language === language) return;
      language = words.language;
      if (shown === undefined) cameFrom = document.activeElement;
      shown = popup;
      root.hidden = popup === undefined;
      root.replaceChildren();
      if (popup === undefined) {
        // Back to where it was opened from, if that is still there.
        if (cameFrom instanceof HTMLElement || cameFrom instanceof SVGElement) cameFrom.focus();
        cameFrom = null;
        return;
      }
      if (popup.kind === "menu") openMenu(root, popup, state, words, dispatch, close);
      else openDialog(root, popup, state, words, dispatch, close, pickFile);
    },
  };
}

function openMenu(
  root: HTMLElement,
  popup: Extract<Popup, {kind: "menu"}>,
  state: State,
  words: PageWords,
  dispatch: Dispatch,
  close: () => void,
): void {
  const view = menuOf(popup.of, state, words);
  if (view === undefined) return;
  const made = menu({
    close,
    choose: (id) => {
      const entry = view.entries.find((one) => one.id === id);
      close();
      if (entry !== undefined) dispatch(entry.does);
    },
  });
  root.append(made.root);
  made.update(view.label, view.entries);
  const box = made.root.getBoundingClientRect();
  made.root.style.left = `${Math.max(8, Math.min(popup.x, state.page.width - box.width - 8))}px`;
  made.root.style.top = `${Math.max(8, Math.min(popup.y, state.page.height - box.height - 8))}px`;
  made.focusFirst();
}

function openDialog(
  root: HTMLElement,
  popup: Exclude<Popup, {kind: "menu"}>,
  state: State,
  words: PageWords,
  dispatch: Dispatch,
  close: () => void,
  pickFile: () => void,
): void {
  const titles: Readonly<Record<typeof popup.kind, PageWord>> = {
    put: "put.title",
    split: "split.title",
    chooser: "chooser.title",
    help: "help.title",
    share: "bar.share",
  };
  const heading = element("h2", {id: "dialog-title"}, words.t(titles[popup.kind]));
  const shut = element(
    "button",
    {type: "button", class: "quiet close", "aria-label": words.t("dialog.close")},
    icon("close"),
  );
  shut.addEventListener("click", close);
  const dialog = element(
    "div",
    {
      class: `dialog dialog-${popup.kind}`,
      role: "dialog",
      "aria-modal": "true",
      "aria-labelledby": "dialog-title",
    },
    heading,
    shut,
  );
  dialog.append(...dialogBody(popup, state, words, dispatch, pickFile));
  dialog.addEventListener("keydown", (event) => keepFocus(dialog, event));
  root.append(dialog);
  const first = dialog.querySelector<HTMLElement>("input, .scenario, textarea") ?? shut;
  // The help's only field stands at its end, and is read from its beginning.
  first.focus({preventScroll: true});
}

/** Tab goes round within a dialog. */
function keepFocus(dialog: HTMLElement, event: KeyboardEvent): void {
  if (event.key !== "Tab") return;
  const all = [...dialog.querySelectorAll<HTMLElement>("a, button, input, select, textarea")];
  const at = all.findIndex((one) => one === document.activeElement);
  event.preventDefault();
  all[(at + (event.shiftKey ? -1 : 1) + all.length) % all.length]?.focus();
}

function dialogBody(
  popup: Exclude<Popup, {kind: "menu"}>,
  state: State,
  words: PageWords,
  dispatch: Dispatch,
  pickFile: () => void,
): readonly Node[] {
  switch (popup.kind) {
    case "put":
      return [putForm(popup.client, state, words, dispatch)];
    case "split":
      return [splitForm(state, words, dispatch)];
    case "chooser":
      return chooser(state, words, dispatch, pickFile);
    case "help":
      return [help(state, words, dispatch)];
    case "share":
      return [
        element("p", {}, words.t("bar.shareByHand")),
        element(
          "textarea",
          {readonly: true, rows: 4, cols: 60, "aria-label": words.t("bar.share")},
          popup.text,
        ),
      ];
  }
}

/** A word of etcdctl's language, quoted when it needs to be. */
export function quoted(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `"${text.replace(/(["\\])/g, "\\$1")}"`;
}

function putForm(client: string, state: State, words: PageWords, dispatch: Dispatch): HTMLElement {
  const {t} = words;
  const ring = state.frame?.ring;
  const clients = ring?.clients.map((one) => one.name) ?? [];
  const who = element(
    "select",
    {id: "put-client", name: "client"},
    ...clients.map((name) => element("option", {value: name, selected: name === client}, name)),
  );
  const key = element("input", {id: "put-key", name: "key", value: "x", autocomplete: "off", required: true});
  const value = element("input", {id: "put-value", name: "value", value: "1", autocomplete: "off"});
  for (const field of [key, value]) field.addEventListener("focus", () => field.select());
  const to = element(
    "select",
    {id: "put-to", name: "to"},
    element("option", {value: ""}, t("put.any")),
    ...(ring?.members ?? []).map((one) => element("option", {value: one.name}, one.name)),
  );
  const label = (id: string, word: PageWord): HTMLElement => element("label", {for: id}, t(word));
  const put = element("button", {type: "submit", class: "primary"}, t("put.put"));
  const del = element("button", {type: "button"}, t("put.delete"));
  const get = element("button", {type: "button"}, t("put.get"));
  const send = (op: string): void => {
    if (key.value === "") return;
    dispatch({
      kind: "act",
      action: {kind: "client", client: who.value, op, ...(to.value === "" ? {} : {to: to.value})},
    });
  };
  del.addEventListener("click", () => send(`del ${quoted(key.value)}`));
  get.addEventListener("click", () => send(`get ${quoted(key.value)}`));
  const form = element(
    "form",
    {},
    label("put-client", "put.client"),
    who,
    label("put-key", "put.key"),
    key,
    label("put-value", "put.value"),
    value,
    label("put-to", "put.to"),
    to,
    element("div", {class: "buttons"}, get, del, put),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(`put ${quoted(key.value)} ${quoted(value.value)}`);
  });
  return form;
}

function splitForm(state: State, words: PageWords, dispatch: Dispatch): HTMLElement {
  const {t} = words;
  const names = state.frame?.ring.members.map((one) => one.name) ?? [];
  const ticks = names.map((name, i) => ({
    name,
    box: element("input", {type: "checkbox", name, checked: i === 0}),
  }));
  const rows = ticks.map(({name, box}) => element("label", {class: "tick"}, box, name));
  const go = element("button", {type: "submit", class: "primary"}, t("split.do"));
  const form = element(
    "form",
    {},
    element("p", {class: "wide"}, t("split.say")),
    element("div", {class: "wide"}, ...rows),
    element("div", {class: "buttons"}, go),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const groups = [true, false].map((side) =>
      ticks.filter(({box}) => box.checked === side).map(({name}) => name),
    );
    if (groups.every((group) => group.length > 0)) dispatch({kind: "act", action: {kind: "split", groups}});
  });
  return form;
}

const groupsInOrder: readonly ScenarioRow["group"][] = ["example", "lesson", "incident", "exercise"];

function chooser(state: State, words: PageWords, dispatch: Dispatch, pickFile: () => void): readonly Node[] {
  const {t, language} = words;
  const made: Node[] = [...aboutPart(state, words, dispatch)];
  for (const group of groupsInOrder) {
    const rows = state.scenarios.filter((row) => row.group === group);
    if (rows.length === 0) continue;
    made.push(element("h3", {}, t(`chooser.${group}`)));
    for (const row of rows) {
      const button = element(
        "button",
        {type: "button", class: "scenario", "data-scenario": row.id},
        element("strong", {}, row.title[language]),
        element("span", {}, row.teaches[language]),
      );
      button.addEventListener("click", () =>
        dispatch({kind: "open", source: {kind: "scenario", id: row.id}}),
      );
      made.push(button);
    }
  }
  const load = element("button", {type: "button"}, icon("open"), t("bar.load"));
  load.addEventListener("click", pickFile);
  made.push(element("p", {}, `${t("chooser.file")} `, load));
  return made;
}

function help(state: State, words: PageWords, dispatch: Dispatch): HTMLElement {
  const {t} = words;
  const picture = (
    [
      "help.disc",
      "help.leader",
      "help.learner",
      "help.joint",
      "help.arc",
      "help.bug",
      "help.message",
      "help.snapshot",
      "help.notation",
      "help.cross",
      "legend.log",
      "help.mouse",
    ] as const
  ).map((id) => element("li", {}, t(id)));
  const keys = keyTable
    .filter((entry) => !/^member[2-7]$/.test(entry.id))
    .map((entry) => {
      const names = entry.id === "member1" ? ["1–7"] : entry.keys.map(keyName);
      const what = entry.id === "member1" ? t("key.member", {n: "1–7"}) : t(entry.words, entry.args ?? {});
      return element(
        "li",
        {class: "key-row"},
        element("span", {}, ...names.map((name) => element("kbd", {}, name))),
        what,
      );
    });
  const letters = element("input", {type: "checkbox", checked: state.letters});
  letters.addEventListener("change", () => dispatch({kind: "letters"}));
  return element(
    "div",
    {class: "columns"},
    element("div", {}, element("h3", {}, t("help.picture")), element("ul", {}, ...picture)),
    element(
      "div",
      {},
      element("h3", {}, t("help.keys")),
      element("ul", {}, ...keys),
      element("label", {class: "tick"}, letters, t("help.letters")),
    ),
  );
}
