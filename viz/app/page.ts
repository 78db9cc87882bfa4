// The page: bar, caption, the four areas, tape and transport, as LOOK.md arranges them. Built once; `show` writes the
// whole state into it, `move` only what changes between two events.

import {element, setAttributes, setText, svgSpace} from "../draw/element.ts";
import {panel} from "../draw/panel.ts";
import type {Panel} from "../draw/panel.ts";
import {diskHeight} from "../layout/disk.ts";
import {logHeight} from "../layout/logLanes.ts";
import {highlight} from "../layout/look.ts";
import type {Mark, Size} from "../layout/mark.ts";
import {tapeTimeAt} from "../layout/tape.ts";
import {registry, viewIds} from "../registry.ts";
import type {ViewId} from "../registry.ts";
import {cssVariables} from "../theme/tokens.ts";
import {say} from "../words/engine.ts";
import type {PageWord} from "../words/page.ts";
import type {UiAction} from "./action.ts";
import {bar} from "./bar.ts";
import {caption} from "./caption.ts";
import {consolePart} from "./console.ts";
import {inspector} from "./inspector.ts";
import {activate, lasso} from "./pointer.ts";
import {popups} from "./popups.ts";
import {rove} from "./roving.ts";
import {arrangement, isTall, isWide, showsConsole} from "./state.ts";
import type {State} from "./state.ts";
import {transport} from "./transport.ts";
import {lookOf} from "./windows.ts";
import {wordsIn} from "./words.ts";

export interface Page {
  show(state: State): void;
  move(state: State): void;
  /** Lets the caption speak what is new; `wall` in milliseconds. */
  speak(wall: number): void;
  /** The room that every view has now. */
  sizes(state: State): State["sizes"];
}

export interface PageHost {
  readonly dispatch: (action: UiAction) => void;
  readonly state: () => State;
  readonly pickFile: () => void;
}

export function page(root: HTMLElement, host: PageHost): Page {
  const {dispatch} = host;
  const panels: Readonly<Record<ViewId, Panel>> = {
    ring: panel("ring", {header: true}),
    log: panel("log", {header: true}),
    grid: panel("grid", {header: true}),
    disk: panel("disk", {header: true}),
    events: panel("events", {header: true}),
    tape: panel("tape", {header: false}),
  };
  const parts = {
    bar: bar(dispatch),
    caption: caption(dispatch),
    console: consolePart(dispatch),
    inspector: inspector(dispatch),
    popups: popups(dispatch, host.pickFile),
    transport: transport(dispatch),
  };
  const tabs = phoneTabs(dispatch);
  const stage = element(
    "main",
    {class: "stage"},
    panels.ring.root,
    tabs.root,
    panels.log.root,
    panels.grid.root,
    panels.disk.root,
    panels.events.root,
    parts.console.root,
    parts.inspector.root,
  );
  const foot = element("footer", {class: "foot"}, panels.tape.root, parts.transport.root);
  root.replaceChildren(parts.bar.root, parts.caption.root, stage, foot, parts.popups.root);
  const controls = [
    seenByControl("seen-by", "grid.seenBy", dispatch),
    seenByControl("disk-of", "disk.of", dispatch),
    besideControl("disk", dispatch),
    besideControl("memory", dispatch),
  ] as const;
  panels.grid.extra.append(controls[0].root, controls[2].root);
  panels.disk.extra.append(controls[1].root, controls[3].root);
  for (const id of viewIds) wire(panels[id], id, host);
  wireLasso(panels.ring, dispatch);

  return {
    show(state): void {
      const words = wordsIn(state.language);
      frameOf(root, state);
      parts.bar.update(state, words);
      parts.caption.update(state, words);
      parts.transport.update(state, words);
      parts.inspector.update(state, words);
      tabs.update(state, words);
      for (const control of controls) control.update(state, words);
      for (const id of viewIds) showPanel(panels[id], id, state);
      parts.console.update(state, words);
      parts.popups.update(state, words);
    },
    move(state): void {
      for (const id of ["ring", "tape"] as const) {
        if (!state.tables.includes(id)) panels[id].move(marksOf(id, state));
      }
      parts.transport.move(state, wordsIn(state.language));
    },
    speak: (wall) => parts.caption.speak(wall),
    sizes: (state) => sizesOf(panels, state),
  };
}

function sizesOf(panels: Readonly<Record<ViewId, Panel>>, state: State): State["sizes"] {
  const lanes = state.frame?.log.lanes.length ?? 5;
  // More lanes than fit, closer together on a desk, are scrolled to, not cut.
  const which = arrangement(state.page) === "phone" ? "most" : "least";
  const least = logHeight(lanes, lookOf(state, "log").unit, which);
  const size = (id: ViewId): {width: number; height: number} => ({
    width: panels[id].body.clientWidth,
    height: panels[id].body.clientHeight,
  });
  return {
    ring: size("ring"),
    log: {...size("log"), height: Math.max(size("log").height, least)},
    grid: size("grid"),
    disk: diskSize(size("disk"), state),
    events: size("events"),
    tape: size("tape"),
  };
}

/** A disk with more on it than fits is scrolled. */
function diskSize(body: Size, state: State): Size {
  if (body.height === 0) return body;
  const needed = diskHeight(state.frame?.disk, {...lookOf(state, "disk"), size: body});
  return {...body, height: Math.max(body.height, needed)};
}

/** Theme and arrangement, on the root. */
function frameOf(root: HTMLElement, state: State): void {
  const classes = [
    `theme-${state.theme}`,
    arrangement(state.page),
    isWide(state) ? "wide" : "",
    isTall(state) ? "tall" : "",
    showsConsole(state) ? "typing" : "",
  ];
  setAttributes(root, {
    class: classes.filter((one) => one !== "").join(" "),
    style: cssVariables(state.theme),
    "data-theme": state.theme,
  });
  const html = root.ownerDocument.documentElement;
  setAttributes(html, {lang: state.language === "zh" ? "zh-CN" : "en"});
}

function marksOf(id: ViewId, state: State): readonly Mark[] {
  const look = lookOf(state, id);
  if (state.frame === undefined || look.size.width === 0 || look.size.height === 0) return [];
  const {selected, hovered, frame} = state;
  return highlight(registry[id].marks(frame, look), {selected, hovered, focus: frame.caption.focus ?? []});
}

function showPanel(target: Panel, id: ViewId, state: State): void {
  const words = wordsIn(state.language);
  const view = registry[id];
  const asTable = state.tables.includes(id);
  const phone = arrangement(state.page) === "phone";
  target.root.hidden = isHidden(id, state);
  if (id === "log") {
    const lanes = state.frame?.log.lanes.length ?? 5;
    target.body.style.flexBasis = phone ? "" : `${logHeight(lanes, lookOf(state, "log").unit)}px`;
    target.body.style.flexGrow = phone ? "1" : "0";
    target.body.style.flexShrink = "1";
  }
  target.update({
    title: words.t(view.title),
    legend:
      state.frame === undefined
        ? ""
        : view.legend(state.frame, words, state.sizes[id].width > 790 * lookOf(state, id).unit),
    label: words.t("panel.enter", {title: words.t(view.title)}),
    swap: words.t(asTable ? "panel.picture" : "panel.table"),
    size: state.sizes[id],
    marks: asTable ? [] : marksOf(id, state),
    tables:
      asTable && state.frame !== undefined
        ? view.table(state.frame, {words}).map((table) => ({title: words.t(table.title), table}))
        : undefined,
  });
}

/** On a phone one of four is shown; on a desk the disk, or log and keys. */
function isHidden(id: ViewId, state: State): boolean {
  if (id === "ring" || id === "tape") return false;
  if (arrangement(state.page) === "phone") return state.phoneTab !== id;
  return id === "events" ? false : (id === "disk") !== (state.beside === "disk");
}

/** Hover, click, menu and keyboard of one picture. */
function wire(target: Panel, id: ViewId, host: PageHost): void {
  const {dispatch} = host;
  const act = (ref: string, x: number, y: number): void => {
    for (const action of activate(ref, {x, y}, host.state())) dispatch(action);
  };
  const refOf = (event: Event): string | undefined =>
    event.target instanceof Element
      ? (event.target.closest("[data-ref]")?.getAttribute("data-ref") ?? undefined)
      : undefined;
  const menuAt = (ref: string, x: number, y: number): void => {
    if (ref.startsWith("at:")) return;
    dispatch({kind: "select", ref});
    dispatch({kind: "popup", popup: {kind: "menu", of: ref, x, y}});
  };
  target.root
    .querySelector("[data-swap]")
    ?.addEventListener("click", () => dispatch({kind: "swap", view: id}));
  target.body.addEventListener("click", (event) => {
    const ref = refOf(event);
    if (ref !== undefined) act(ref, event.clientX, event.clientY);
    else if (id === "tape") jump(event, host);
  });
  // A mouse needs no focus, and what it clicked may be gone a moment later.
  target.svg.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const focused = document.activeElement;
    if (focused instanceof HTMLElement || focused instanceof SVGElement) focused.blur();
  });
  target.body.addEventListener("contextmenu", (event) => {
    const ref = refOf(event);
    if (ref === undefined) return;
    event.preventDefault();
    menuAt(ref, event.clientX, event.clientY);
  });
  target.body.addEventListener("pointerover", (event) => dispatch({kind: "hover", ref: refOf(event)}));
  target.body.addEventListener("pointerleave", () => dispatch({kind: "hover", ref: undefined}));
  const centre = (one: Element): readonly [number, number] => {
    const box = one.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  rove(target.svg, {
    activate: (one) => act(one.getAttribute("data-ref") ?? "", ...centre(one)),
    menu: (one) => menuAt(one.getAttribute("data-ref") ?? "", ...centre(one)),
    focus: (ref) => dispatch({kind: "hover", ref}),
  });
}

/** A click on the empty tape goes to that moment. */
function jump(event: MouseEvent, host: PageHost): void {
  const state = host.state();
  const svg = event.currentTarget instanceof Element ? event.currentTarget : undefined;
  if (state.frame === undefined || svg === undefined) return;
  const x = event.clientX - svg.getBoundingClientRect().x;
  const time = tapeTimeAt(state.frame.tape, x, lookOf(state, "tape"));
  if (time !== undefined) host.dispatch({kind: "go", target: {kind: "time", time}});
}

function wireLasso(ring: Panel, dispatch: (action: UiAction) => void): void {
  const line = document.createElementNS(svgSpace, "path");
  setAttributes(line, {class: "lasso"});
  ring.svg.append(line);
  lasso(ring.svg, (d) => setAttributes(line, {d}), dispatch);
}

interface Part {
  readonly root: HTMLElement;
  update(state: State, words: ReturnType<typeof wordsIn>): void;
}

function phoneTabs(dispatch: (action: UiAction) => void): Part {
  const ids = ["log", "grid", "disk", "events", "console"] as const;
  const buttons = ids.map((tab) => {
    const button = element("button", {type: "button", role: "tab"});
    button.addEventListener("click", () => dispatch({kind: "phoneTab", tab}));
    return button;
  });
  const root = element("div", {class: "phone-tabs", role: "tablist"}, ...buttons);
  return {
    root,
    update(state, words): void {
      ids.forEach((id, i) => {
        const button = buttons[i];
        if (button === undefined) return;
        setText(button, words.t(id === "console" ? "view.console" : registry[id].title));
        setAttributes(button, {"aria-selected": String(state.phoneTab === id)});
      });
    },
  };
}

/** Goes from log and keys to the disk, and back. */
function besideControl(to: State["beside"], dispatch: (action: UiAction) => void): Part {
  const root = element("button", {type: "button", class: "only-desk", "data-beside": to});
  root.addEventListener("click", () => dispatch({kind: "beside", what: to}));
  return {
    root,
    update: (_, words) => setText(root, words.t(to === "disk" ? "disk.show" : "disk.hide")),
  };
}

/** Whose store, or disk: one choice for both. */
function seenByControl(id: string, word: PageWord, dispatch: (action: UiAction) => void): Part {
  const label = element("label", {for: id});
  const choice = element("select", {id});
  choice.addEventListener("change", () => dispatch({kind: "seenBy", who: choice.value}));
  const root = element("span", {class: "extra"}, label, choice);
  let drawn = "";
  return {
    root,
    update(state, words): void {
      setText(label, words.t(word));
      const names = state.frame?.ring.members.map((member) => member.name) ?? [];
      const {grid} = state.frame ?? {};
      const name = state.seenBy === "leader" ? (grid?.seenBy ?? "–") : "…";
      const nobody = state.seenBy === "leader" && grid?.nobodyLeads === true;
      const leader = nobody ? words.say(say("grid.nobodyLeads", {name})) : words.t("grid.leader", {name});
      const key = [leader, ...names].join();
      if (key !== drawn) {
        drawn = key;
        choice.replaceChildren(
          element("option", {value: "leader"}, leader),
          ...names.map((name) => element("option", {value: name}, name)),
        );
      }
      choice.value = state.seenBy;
    },
  };
}
