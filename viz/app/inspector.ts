// The inspector: why a thing happened and what came of it, the events, the checks, the branches. A column on a wide
// page, a drawer over the ring on others.

import type {CheckView, EventRow, Frame, MemberMark} from "../frame.ts";
import {clock} from "../layout/events.ts";
import {element, icon, setAttributes} from "../draw/element.ts";
import {drawTable} from "../draw/table.ts";
import {claimWords} from "../words/claims.ts";
import {say} from "../words/engine.ts";
import type {UiAction} from "./action.ts";
import {factsOf} from "./facts.ts";
import {isWide} from "./state.ts";
import type {InspectorTab, State} from "./state.ts";
import type {PageWords} from "./words.ts";

const tabs: readonly InspectorTab[] = ["why", "events", "checks", "branches"];

export interface Inspector {
  readonly root: HTMLElement;
  update(state: State, words: PageWords): void;
}

export function inspector(dispatch: (action: UiAction) => void): Inspector {
  const strip = element("div", {class: "tabs", role: "tablist"});
  const body = element("div", {class: "body", role: "tabpanel", tabindex: 0});
  const buttons = tabs.map((tab) => {
    const button = element("button", {type: "button", role: "tab", id: `tab-${tab}`});
    button.addEventListener("click", () => dispatch({kind: "inspect", tab}));
    return button;
  });
  const close = element("button", {type: "button", class: "quiet close"}, icon("close"));
  close.addEventListener("click", () => dispatch({kind: "inspect", tab: undefined}));
  strip.addEventListener("keydown", (event) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const at = buttons.findIndex((button) => button === document.activeElement);
    const tab = by === 0 || at < 0 ? undefined : tabs[(at + by + tabs.length) % tabs.length];
    if (tab === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    dispatch({kind: "inspect", tab});
  });
  strip.append(...buttons);
  const closeBox = element("div", {class: "close"}, close);
  const root = element(
    "aside",
    {class: "inspector"},
    element("div", {class: "tabs-row"}, strip, closeBox),
    body,
  );
  let drawn = "";
  let opened: InspectorTab | undefined;
  let cameFrom: Element | null = null;
  /** Who opens it by keyboard is in it; who closes it is back where they were. */
  const moveFocus = (now: InspectorTab | undefined): void => {
    if (now === opened) return;
    if (opened === undefined) cameFrom = document.activeElement;
    const wasIn = root.contains(document.activeElement);
    opened = now;
    if (now !== undefined) buttons[tabs.indexOf(now)]?.focus();
    else if (wasIn && (cameFrom instanceof HTMLElement || cameFrom instanceof SVGElement)) cameFrom.focus();
  };
  return {
    root,
    update(state, words): void {
      const wide = isWide(state);
      const tab = state.inspector ?? (wide ? "why" : undefined);
      root.hidden = tab === undefined;
      root.className = wide ? "inspector" : "inspector drawer";
      closeBox.hidden = wide;
      setAttributes(root, {"aria-label": words.t("inspector.title")});
      setAttributes(close, {"aria-label": words.t("dialog.close")});
      buttons.forEach((button, i) => {
        const id = tabs[i] ?? "why";
        button.textContent = words.t(`tab.${id}`);
        setAttributes(button, {"aria-selected": String(id === tab), tabindex: id === tab ? 0 : -1});
      });
      moveFocus(state.inspector);
      if (tab === undefined || state.frame === undefined) return;
      setAttributes(body, {"aria-labelledby": `tab-${tab}`});
      // Rebuilt only when what it shows changed: it holds the focus and the scroll position.
      const key = contentKey(tab, state);
      if (key === drawn) return;
      drawn = key;
      body.replaceChildren(...content(tab, state, state.frame, words, dispatch));
    },
  };
}

function contentKey(tab: InspectorTab, state: State): string {
  const at = `${tab} ${state.language} ${state.frame?.cursor.branch}`;
  if (tab === "why") {
    // Of a server it shows the state, which every event may change.
    const step = selectedMember(state) === undefined ? "" : state.frame?.cursor.step;
    return `${at} ${state.selected} ${step} ${state.whySeq} ${state.why === undefined ? "" : "there"}`;
  }
  return `${at} ${state.frame?.cursor.step} ${state.frame?.events.rows.length}`;
}

function selectedMember({selected, frame}: Pick<State, "selected" | "frame">): MemberMark | undefined {
  return frame?.ring.members.find(({name}) => name === selected);
}

type Dispatch = (action: UiAction) => void;

function content(
  tab: InspectorTab,
  state: State,
  frame: Frame,
  words: PageWords,
  dispatch: Dispatch,
): readonly Node[] {
  switch (tab) {
    case "why":
      return whyContent(state, words, dispatch);
    case "events":
      return [eventList(frame.events.rows, words, dispatch, frame.cursor.step)];
    case "checks":
      return [checksTable(frame, words)];
    case "branches":
      return branchList(frame, words, dispatch);
  }
}

/** A thing in words: `message from n5 to n1` for `msg:n5→n1#7`. */
function nameOfRef(ref: string, {t}: PageWords): string {
  const [, kind = "", name = ""] = /^([a-z]+):(.*)$/.exec(ref) ?? [];
  const [, first = "", second = ""] = /^(.+?)[→/.-](.+?)(?:#\d+)?$/.exec(name) ?? [];
  switch (kind) {
    case "":
      return t(ref.startsWith("c") ? "ref.client" : "ref.server", {name: ref});
    case "msg":
      return t("ref.message", {from: first, to: second});
    case "entry":
      return t("ref.entry", {member: first, index: second});
    case "rev":
      return t("ref.revision", {revision: second === "0" ? first : name});
    case "link":
      return t("link.open", {a: first, b: second});
    case "key":
      return t("key.label", {key: name});
    default:
      return name;
  }
}

function whyContent(state: State, words: PageWords, dispatch: Dispatch): readonly Node[] {
  const {t} = words;
  if (state.selected === undefined) return [element("p", {}, t("inspector.none"))];
  const member = selectedMember(state);
  const name = element("p", {class: "thing"}, t("inspector.of", {ref: nameOfRef(state.selected, words)}));
  const thing = element("div", {}, name, ...(member === undefined ? [] : factsContent(member, words)));
  if (state.why === undefined) {
    if (state.whySeq === 0) {
      const ask = element("button", {type: "button"}, t("menu.why"));
      const ref = state.selected;
      ask.addEventListener("click", () => dispatch({kind: "why", ref}));
      return [thing, ask];
    }
    return [thing, element("p", {}, t("inspector.asking"))];
  }
  const {causes, effects} = state.why;
  return [
    thing,
    element("h3", {}, t("inspector.causes")),
    causes.length === 0 ? element("p", {}, t("inspector.noCauses")) : eventList(causes, words, dispatch),
    element("h3", {}, t("inspector.effects")),
    effects.length === 0 ? element("p", {}, t("inspector.noEffects")) : eventList(effects, words, dispatch),
  ];
}

function factsContent(member: MemberMark, words: PageWords): readonly Node[] {
  const {rows, followers, leases} = factsOf(member, words);
  const list = element(
    "dl",
    {class: "facts"},
    ...rows.flatMap(([what, how]) => [element("dt", {}, what), element("dd", {}, how)]),
  );
  const tables = [
    [followers, "facts.followers"],
    [leases, member.role === "leader" ? "facts.leases" : "facts.leasesApplied"],
  ] as const;
  return [
    list,
    ...tables.flatMap(([data, title]) => {
      if (data === undefined) return [];
      const table = element("table", {class: "twin"});
      drawTable(table, data, words.t(title));
      return [element("h3", {}, words.t(title)), table];
    }),
  ];
}

/** Events as buttons: a click goes there, and asks why again. */
function eventList(
  rows: readonly EventRow[],
  words: PageWords,
  dispatch: Dispatch,
  now?: number,
): HTMLElement {
  const items = rows.map((row) => {
    const line = element("span", {class: row.step === now ? "thing" : ""}, words.say(row.line));
    const button = element(
      "button",
      {type: "button", title: clock(row.at), "data-ref": `event:${row.id}`},
      element("span", {class: "step"}, String(row.step)),
      line,
    );
    if (row.step === now) button.setAttribute("aria-current", "true");
    button.addEventListener("click", (event) => {
      event.stopPropagation();
      dispatch({kind: "select", ref: `event:${row.id}`});
      dispatch({kind: "go", target: {kind: "event", event: row.id}});
    });
    return element("li", {}, button);
  });
  return element("ol", {}, ...items);
}

/** A check's name, or what the scenario claims; and how it stands. A claim never put to the test says nothing. */
export function checkCells(check: CheckView, words: PageWords): readonly [string, string, string] {
  const {t} = words;
  const claim = claimWords[check.name];
  const whole =
    claim === undefined ? check.name : t("check.claim", {name: check.name, claim: claim[words.language]});
  const name = check.says === undefined ? whole : words.tell(check.says);
  const tested = String(check.exercised);
  if (check.violation !== undefined)
    return [name, `${t("check.isViolated")}: ${words.say(check.violation.said)}`, tested];
  if (check.verdict === "holds" && check.exercised === 0)
    return [name, words.say(say("check.untested")), tested];
  const said = {holds: t("check.holds"), violated: t("check.isViolated"), unknown: t("check.unknown")};
  return [name, said[check.verdict], tested];
}

function checksTable(frame: Frame, words: PageWords): HTMLElement {
  const {t} = words;
  const table = element("table", {class: "twin"});
  drawTable(
    table,
    {
      columns: [t("column.check"), t("column.verdict"), t("column.exercised")],
      rows: brokenFirst(frame.checks).map((check) => ({cells: checkCells(check, words)})),
    },
    t("view.checks"),
  );
  return table;
}

function brokenFirst(checks: readonly CheckView[]): readonly CheckView[] {
  const isBroken = ({violation}: CheckView): boolean => violation !== undefined;
  return [...checks.filter(isBroken), ...checks.filter((check) => !isBroken(check))];
}

function branchList(frame: Frame, words: PageWords, dispatch: Dispatch): readonly Node[] {
  const {t} = words;
  const items = frame.head.branches.map((branch) => {
    const here = branch.id === frame.cursor.branch;
    const where = branch.parent === undefined ? "" : ` · ${t("branches.from", {step: branch.forkStep})}`;
    const text = element(
      "span",
      {},
      `${words.say(branch.said)}${where}${here ? ` · ${t("branches.here")}` : ""}`,
    );
    const button = element("button", {type: "button", "data-branch": branch.id}, icon("branch"), text);
    if (here) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => dispatch({kind: "branch", branch: branch.id}));
    return element("li", {}, button);
  });
  return [element("p", {}, t("branches.say")), element("ol", {}, ...items)];
}
